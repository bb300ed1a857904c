"""Proposals for everybody to read; the ballot hangs on the same blueprint. Looking changes nothing."""

from __future__ import annotations

from flask import Blueprint, Response, abort, make_response, render_template

from app.db import db
from app.petitions.models import Petition
from app.petitions.reading import public_petition
from app.petitions.showing import PetitionView, version_of
from app.web.caching import for_everybody, kept
from app.web.guards import anyone
from app.web.limits import limiter

from .counting import ballot_sheet
from .forms import FindForm, find_ballot
from .reading import ProposalView, proposal_view, proposals_of

blueprint = Blueprint("proposing", __name__)


@blueprint.get("/actions/<slug>/proposals")
@anyone
@for_everybody
def proposals(slug: str) -> Response:
    """Everything the members were ever asked, the newest first."""
    petition = public_petition(slug)
    if petition.fired_at is None:
        abort(404)
    found = proposals_of(petition.id)
    version = version_of(petition.version, *(f"{each.id}-{each.version}" for each in found))
    return kept(
        ("proposals", slug),
        version,
        lambda: render_template("proposing/index.html", petition=petition, proposals=found),
    )


@blueprint.get("/proposals/<uuid:proposal_id>")
@anyone
@for_everybody
def show(proposal_id: object) -> Response:
    """One proposal: what is asked, until when, and at the end every ballot without a name."""
    proposal, petition = shown_proposal(str(proposal_id))
    version = version_of(petition.version, proposal.version)
    return kept(("proposal", proposal.id), version, lambda: render(proposal, petition, FindForm()))


@blueprint.post("/proposals/<uuid:proposal_id>")
@anyone
@limiter.limit("60 per hour")
def find(proposal_id: object) -> Response:
    """Look for one's own ballot by its receipt; the receipt appears in no address."""
    proposal, petition = shown_proposal(str(proposal_id))
    form = FindForm.from_request()
    found = find_ballot(proposal, form)
    return make_response(render(proposal, petition, form, found), 200 if found else 422)


@blueprint.get("/proposals/<uuid:proposal_id>/ballots.csv")
@anyone
@for_everybody
def ballots(proposal_id: object) -> Response:
    """Every ballot of a vote that is over, for counting again; before the end there is no such page."""
    proposal, petition = shown_proposal(str(proposal_id))
    if proposal.phase != "decided":
        abort(404)
    version = version_of(petition.version, proposal.version)
    answer = kept(("ballots", proposal.id), version, lambda: ballot_sheet(proposal.id), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="ballots-{proposal.id[-12:]}.csv"'
    return answer


def shown_proposal(proposal_id: str) -> tuple[ProposalView, PetitionView]:
    """The proposal and its petition, or 404 where strangers see nothing of either."""
    proposal = proposal_view(proposal_id)
    if proposal is None:
        abort(404)
    return proposal, public_petition(db.session.get_one(Petition, proposal.petition_id).slug)


def render(
    proposal: ProposalView,
    petition: PetitionView,
    form: FindForm,
    found: tuple[str, str] | None = None,
) -> str:
    return render_template(
        "proposing/proposal.html", proposal=proposal, petition=petition, form=form, found=found
    )


from . import ballot_views  # noqa: E402, F401
