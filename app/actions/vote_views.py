"""Voting on a claimed step: by the link in the letter, or signed in. Looking changes nothing."""

from __future__ import annotations

from flask import Response, abort, make_response, render_template, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import StringField
from wtforms.validators import AnyOf

from app.db import db, run_tx
from app.errors import Refusal
from app.petitions.models import Petition
from app.web.forms import DureForm
from app.web.guards import person_required, token_holder
from app.web.languages import speak

from . import milestones
from .accounting import read_account
from .models import Milestone, Vote
from .reading import read_milestones
from .stopping import is_disbursed
from .views import blueprint
from .voting import vote_at_once, vote_of

CHOICES = ("accept", "reject")


class VoteForm(DureForm):
    """One press: accept or reject."""

    choice = StringField(validators=[AnyOf(CHOICES, message=_l("Press one of the two buttons."))])


@blueprint.route("/votes/<token>", methods=["GET", "POST"])
@token_holder
def vote_link(token: str) -> Response:
    """Vote without signing in, as the person the letter went to."""
    found = vote_of(token)
    if found is None:
        abort(404)
    milestone, person = found
    speak(person.locale)
    return show_or_vote(milestone, person.id, url_for("actions.vote_link", token=token), signed_in=False)


@blueprint.route("/milestones/<uuid:milestone_id>/votes", methods=["GET", "POST"])
@person_required
def vote(milestone_id: object) -> Response:
    """Vote as the person signed in."""
    milestone = db.session.get(Milestone, str(milestone_id))
    if milestone is None:
        abort(404)
    address = url_for("actions.vote", milestone_id=milestone.id)
    return show_or_vote(milestone, current_user.id, address, signed_in=True)


def show_or_vote(milestone: Milestone, person_id: str, address: str, *, signed_in: bool) -> Response:
    """The step's page; a POST votes first and then shows what the vote made of it.

    While moderators have the petition out of sight its backers still see it, for their votes count.
    """
    petition = db.session.get_one(Petition, milestone.petition_id)
    ours = petition.state == "hidden" and milestones.is_backer(petition.id, person_id)
    if not (petition.is_public or ours) or petition.fired_at is None:
        abort(404)
    sentence, status = None, 200
    if request.method == "POST":
        sentence, status = cast(milestone.id, person_id)
    page = render_page(milestone.id, person_id, petition, address, sentence=sentence, signed_in=signed_in)
    return make_response(page, status)


def cast(milestone_id: str, person_id: str) -> tuple[str | None, int]:
    """Record what the form says; the sentence that refuses it, if any, and the status."""
    form = VoteForm.from_request()
    if not form.validate():
        return str(form.choice.errors[0]), 422
    try:
        run_tx(lambda: milestones.vote(milestone_id, person_id, form.choice.data == "accept"))
    except Refusal as refusal:
        return str(refusal.sentence), refusal.status
    finally:
        db.session.expire_all()
    return None, 200


def render_page(
    milestone_id: str,
    person_id: str,
    petition: Petition,
    address: str,
    *,
    sentence: str | None,
    signed_in: bool,
) -> str:
    steps = read_milestones(petition.id)
    step = next(step for step in steps if step.id == milestone_id)
    account = read_account(petition.id)
    let_go = is_disbursed(petition.id)
    own = db.session.get(Vote, (milestone_id, person_id))
    return render_template(
        "actions/vote.html",
        petition=petition,
        step=step,
        own=own.accepts if own else None,
        may_vote=milestones.is_backer(petition.id, person_id),
        voters=account.voters,
        amount=account.tranche(steps, step.position),
        at_once=vote_at_once(petition, let_go=let_go),
        goes_on=let_go,
        currency=account.figures.currency,
        address=address,
        sentence=sentence,
        signed_in=signed_in,
        just_voted=request.method == "POST" and sentence is None,
    )
