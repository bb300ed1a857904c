"""What happens next with a petition, in one sentence."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from app.actions.reading import ActionView, Plan
from app.petitions.showing import PetitionView
from app.petitions.sources import source_of
from app.web.formatting import day, format_money, moment, number

from .steps import amount_of


def next_sentence(petition: PetitionView, plan: Plan) -> str:
    """What must happen, what follows, and who pays when, in the language being spoken."""
    if plan.action is not None:
        return str(action_sentence(plan.action, plan))
    return str(petition_sentence(petition))


def petition_sentence(petition: PetitionView) -> Any:
    """The sentence of a petition that has no action."""
    if petition.archive is not None:
        source = source_of(petition.archive.source).name
        return _("A finished petition from the archive of %(source)s. It takes no signatures.", source=source)
    if petition.state == "stopped":
        return _("This petition was stopped. Nobody was charged, and every pledge has lapsed.")
    if petition.fired_at is not None:
        return _("Both thresholds hold: the petition has become an action.")
    if petition.state == "open" and petition.window_ends_at is not None:
        return _(
            "Both thresholds hold. The signatures are checked until %(moment)s; then the pledges are "
            "collected and the plan begins. Nobody has paid yet.",
            moment=moment(petition.window_ends_at),
        )
    return open_sentence(petition) if petition.signing else closed_sentence()


def closed_sentence() -> Any:
    return _(
        "The deadline passed before both thresholds held. Nobody was charged, and every pledge has lapsed."
    )


def open_sentence(petition: PetitionView) -> Any:
    signatures, pledged = petition.signatures, petition.pledge_thresholds
    if signatures is None or not pledged or petition.deadline is None:
        return _("The petition is open for signatures.")
    return _(
        "When %(people)s people have signed and %(goal)s is pledged by %(day)s, the pledges are collected "
        "and the plan begins. Until then nobody pays.",
        people=number(signatures.target),
        goal=amount_of(pledged[0], pledged[0].target),
        day=day(petition.deadline),
    )


def action_sentence(action: ActionView, plan: Plan) -> Any:
    if action.state == "collecting":
        return _(
            "The pledges are being collected. If %(goal)s comes together the plan begins; otherwise every "
            "reservation is released and nobody pays.",
            goal=format_money(action.goal, action.currency),
        )
    if action.state == "underway":
        return _(
            "The plan is underway: %(done)s of %(all)s steps are accepted. Money goes out step by step, "
            "each time with the backers' consent.",
            done=number(sum(m.state == "accepted" for m in plan.milestones)),
            all=number(len(plan.milestones)),
        )
    sentences = {
        "delivered": _("The plan was carried out, and every step was accepted by the backers."),
        "released": _("Too little could be collected, so every reservation was released. Nobody paid."),
        "stopped": _("The action was stopped. What was not paid out goes back to the backers."),
        "orphaned": _("The organizer has fallen silent. The backers decide who carries on, or get refunds."),
    }
    return sentences[action.state]
