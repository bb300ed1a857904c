"""What members see: the register, their own membership, and the form of a proposal."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from app.clock import SEOUL
from app.db import db, run_tx
from app.errors import Refusal
from app.proposing import putting
from app.proposing.models import Proposal, Voter
from app.web.guards import person_required
from app.web.limits import limiter
from app.web.sheets import download, sheet

from . import leaving
from .forms import ProposalForm
from .loading import find, joined, own
from .models import Surplus, SurplusPart
from .registering import KIND, Cooperative
from .views import blueprint
from .years import last_day, year_end


@blueprint.get("/actions/<slug>/members/register")
@person_required
def register(slug: str) -> Response:
    """The register with names, for members and the organizer alone."""
    cooperative, member = joined(slug)
    return make_response(
        render_template(
            "cooperating/register.html",
            petition=cooperative.petition,
            cooperative=cooperative,
            member=member,
            runs=cooperative.petition.organizer_id == current_user.id,
        )
    )


@blueprint.get("/actions/<slug>/members/register.csv")
@person_required
def register_csv(slug: str) -> Response:
    """The register as a sheet, for the organizer alone."""
    cooperative = own(slug)
    columns = (_("Number"), _("Name"), _("Member since"), _("Shares"), _("Paid in"), _("Leaves after"))
    rows = [
        (
            member.number,
            member.name,
            member.joined_at.astimezone(SEOUL).date().isoformat(),
            member.units,
            member.paid_in,
            last_day(member.leaves_at).date().isoformat() if member.leaves_at else "",
        )
        for member in cooperative.members
    ]
    return download(sheet(columns, rows), f"members-{cooperative.petition.id[-12:]}.csv")


@blueprint.route("/me/shares/<slug>", methods=["GET", "POST"])
@person_required
@limiter.limit("30 per hour", methods=["POST"])
def membership(slug: str) -> Response:
    """One's own shares, votes, dividends, and the way out; POST leaves, or takes that back."""
    cooperative = find(slug)
    if request.method == "GET":
        return membership_page(cooperative)
    petition_id, person_id = cooperative.petition.id, current_user.id
    said = leaving.standing(petition_id, person_id)
    staying = request.form.get("act") == "stay"
    try:
        if staying and said is not None:
            leaving_id = said.id
            run_tx(lambda: leaving.stay(leaving_id, person_id))
            flash(_("You stay a member."), "good")
        elif not staying:
            run_tx(lambda: leaving.ask(petition_id, person_id))
            flash(_("You are leaving. We have written you a letter with the day."), "good")
    except Refusal as refusal:
        db.session.expire_all()
        return membership_page(find(slug), str(refusal.sentence), refusal.status)
    return redirect(url_for("cooperating.membership", slug=slug), 303)


def membership_page(cooperative: Cooperative, sentence: str | None = None, status: int = 200) -> Response:
    petition_id, person_id = cooperative.petition.id, current_user.id
    member = cooperative.member(person_id)
    said = leaving.standing(petition_id, person_id)
    if member is None and said is None:
        abort(404)
    return make_response(
        render_template(
            "cooperating/membership.html",
            petition=cooperative.petition,
            cooperative=cooperative,
            member=member,
            leaving=said,
            sentence=sentence,
            may_leave=len(cooperative.staying) > cooperative.rules.founders and cooperative.works,
            would_leave_at=year_end_now(cooperative),
            final=said is not None and leaving.being_paid(said.id),
            parts=parts_for(petition_id, person_id),
            proposals=proposals_for(petition_id, person_id),
            last_day=last_day,
        ),
        status,
    )


def year_end_now(cooperative: Cooperative) -> Any:
    from app import clock

    return year_end(clock.now(), cooperative.rules.year_ends)


def parts_for(petition_id: str, person_id: str) -> list[tuple[Surplus, SurplusPart]]:
    """What this person got, or is to get, of every surplus the members accepted."""
    rows = db.session.execute(
        sa.select(Surplus, SurplusPart)
        .join(SurplusPart, SurplusPart.surplus_id == Surplus.id)
        .where(
            Surplus.petition_id == petition_id,
            SurplusPart.person_id == person_id,
            Surplus.accepted_at.is_not(None),
        )
        .order_by(Surplus.year_ends_at.desc())
    )
    return [(surplus, part) for surplus, part in rows]


def proposals_for(petition_id: str, person_id: str) -> list[tuple[Proposal, bool]]:
    """The proposals this person may vote on, the newest first, and whether they have."""
    rows = db.session.execute(
        sa.select(Proposal, Voter.voted)
        .join(Voter, Voter.proposal_id == Proposal.id)
        .where(Proposal.petition_id == petition_id, Voter.person_id == person_id)
        .order_by(Proposal.put_at.desc(), Proposal.id.desc())
    )
    return [(proposal, voted) for proposal, voted in rows]


@blueprint.route("/actions/<slug>/proposals/new", methods=["GET", "POST"])
@person_required
@limiter.limit("30 per hour", methods=["POST"])
def propose(slug: str) -> Response:
    """Put a question to the members; every member may, and whoever runs the co-operative."""
    cooperative, _member = joined(slug)
    form = ProposalForm.from_request()
    if request.method == "GET":
        return propose_page(cooperative, ProposalForm())
    if "preview" in request.form:
        return propose_page(cooperative, form, preview=True)
    if not form.validate():
        return propose_page(cooperative, form, 422)
    if not cooperative.works:
        form.refuse(Refusal(_("This works only while the co-operative does.")))
        return propose_page(cooperative, form, 409)
    petition_id, person_id = cooperative.petition.id, current_user.id
    try:
        proposal_id = run_tx(
            lambda: (
                putting.put(
                    petition_id,
                    body=KIND,
                    kind="text",
                    title=form.title.data,
                    text=form.text.data,
                    proposer_id=person_id,
                    members=cooperative.voters,
                    quorum_percent=cooperative.rules.quorum_percent,
                    idempotency_key=form.key_for(petition_id, person_id),
                ).id
            )
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return propose_page(find(slug), form, refusal.status)
    flash(_("The members have been told. The vote begins after the notice period."), "good")
    return redirect(url_for("proposing.show", proposal_id=proposal_id), 303)


def propose_page(
    cooperative: Cooperative, form: ProposalForm, status: int = 200, *, preview: bool = False
) -> Response:
    return make_response(
        render_template(
            "cooperating/propose.html",
            petition=cooperative.petition,
            cooperative=cooperative,
            form=form,
            preview=preview,
        ),
        status,
    )


@blueprint.post("/actions/<slug>/proposals/<uuid:proposal_id>/withdrawal")
@person_required
def withdraw_proposal(slug: str, proposal_id: object) -> Response:
    """Take one's own proposal back before its vote."""
    cooperative, _member = joined(slug)
    proposal = db.session.get(Proposal, str(proposal_id))
    if proposal is None or proposal.petition_id != cooperative.petition.id:
        abort(404)
    person_id = current_user.id
    run_tx(lambda: putting.withdraw(str(proposal_id), person_id))
    flash(_("The proposal was taken back; there will be no vote."), "good")
    runs = cooperative.petition.organizer_id == person_id
    return redirect(url_for("cooperating.desk" if runs else "cooperating.membership", slug=slug), 303)
