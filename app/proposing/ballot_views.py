"""The ballot: by the link in the letter, or signed in. Looking changes nothing."""

from __future__ import annotations

from flask import Response, abort, make_response, render_template, request, url_for
from flask_login import current_user

from app.db import db, run_tx
from app.errors import Refusal
from app.petitions.models import Petition
from app.web.guards import person_required, token_holder
from app.web.languages import speak
from app.web.limits import limiter

from .forms import BallotForm
from .models import Proposal, Voter
from .views import blueprint
from .voting import ballot_of, cast, spelled


@blueprint.route("/proposals/<uuid:proposal_id>/ballot", methods=["GET", "POST"])
@person_required
@limiter.limit("60 per hour", methods=["POST"])
def ballot(proposal_id: object) -> Response:
    """Vote as the person signed in; for those who have no vote on it there is no such page."""
    proposal = db.session.get(Proposal, str(proposal_id))
    if proposal is None:
        abort(404)
    address = url_for("proposing.ballot", proposal_id=proposal.id)
    return show_or_vote(proposal, current_user.id, address, signed_in=True)


@blueprint.route("/ballots/<token>", methods=["GET", "POST"])
@token_holder
@limiter.limit("60 per hour", methods=["POST"])
def ballot_link(token: str) -> Response:
    """Vote without signing in, as the person the letter went to."""
    found = ballot_of(token)
    if found is None:
        abort(404)
    proposal, person = found
    speak(person.locale)
    address = url_for("proposing.ballot_link", token=token)
    return show_or_vote(proposal, person.id, address, signed_in=False)


def show_or_vote(proposal: Proposal, person_id: str, address: str, *, signed_in: bool) -> Response:
    """The ballot; a POST puts it into the box and answers with its receipt."""
    petition = db.session.get_one(Petition, proposal.petition_id)
    voter = db.session.get(Voter, (proposal.id, person_id))
    if not petition.is_public or voter is None:
        abort(404)
    receipt, status = None, 200
    if request.method == "POST":
        form = BallotForm.from_request()
        receipt, status = vote(proposal.id, person_id, form)
    else:
        form = BallotForm()
    page = render_template(
        "proposing/ballot.html",
        proposal=db.session.get_one(Proposal, proposal.id),
        petition=petition,
        voted=db.session.get_one(Voter, (proposal.id, person_id)).voted,
        form=form,
        receipt=spelled(receipt) if receipt else None,
        address=address,
        signed_in=signed_in,
    )
    return make_response(page, status)


def vote(proposal_id: str, person_id: str, form: BallotForm) -> tuple[str | None, int]:
    """Cast what the form says: the receipt and the status of the answer."""
    if not form.validate():
        return None, 422
    choice, key = form.choice.data, form.key.data or ""
    try:
        return run_tx(lambda: cast(proposal_id, person_id, choice, key)), 200
    except Refusal as refusal:
        form.refuse(refusal)
        return None, refusal.status
    finally:
        db.session.expire_all()
