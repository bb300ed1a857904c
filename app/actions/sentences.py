"""What happens next with a petition, in one sentence."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from app.petitions.showing import PetitionView
from app.petitions.sources import source_of
from app.pledges.wording import collects_money, counted, counted_as, pays_at_once, pays_by_steps, takes_money
from app.web.formatting import day, moment, number

from .reading import ActionView, Plan

BOTH = 2
"""Thresholds of a petition that asks for signatures and one kind of pledge."""


def next_sentence(petition: PetitionView, plan: Plan) -> str:
    """What must happen, what follows, and who pays when, in the language being spoken."""
    if plan.action is not None:
        return str(action_sentence(plan.action, petition, plan))
    return str(petition_sentence(petition))


def petition_sentence(petition: PetitionView) -> Any:
    """The sentence of a petition that has no action."""
    if petition.archive is not None:
        source = source_of(petition.archive.source).name
        return _("A finished petition from the archive of %(source)s. It takes no signatures.", source=source)
    if petition.state == "stopped":
        return stopped_sentence(petition)
    if petition.fired_at is not None:
        many = len(petition.thresholds) > BOTH
        return (
            _("Every threshold holds: the petition has become an action.")
            if many
            else _("Both thresholds hold: the petition has become an action.")
        )
    if petition.state == "open" and petition.window_ends_at is not None:
        return tipped_sentence(petition, moment(petition.window_ends_at))
    return open_sentence(petition) if petition.signing else closed_sentence(petition)


def stopped_sentence(petition: PetitionView) -> Any:
    if takes_money(petition.pledge_thresholds):
        return _("This petition was stopped. Nobody was charged, and every pledge has lapsed.")
    return _("This petition was stopped, and every promise has lapsed.")


def tipped_sentence(petition: PetitionView, until: str) -> Any:
    """Everything holds, and the signatures are being checked."""
    if not takes_money(petition.pledge_thresholds):
        return _(
            "Every threshold holds. The signatures are checked until %(moment)s; then the plan begins.",
            moment=until,
        )
    if len(petition.thresholds) > BOTH or not collects_money(petition.pledge_thresholds):
        return _(
            "Every threshold holds. The signatures are checked until %(moment)s; then it becomes an action "
            "and the plan begins. Nobody has paid yet.",
            moment=until,
        )
    return _(
        "Both thresholds hold. The signatures are checked until %(moment)s; then the pledges are "
        "collected and the plan begins. Nobody has paid yet.",
        moment=until,
    )


def closed_sentence(petition: PetitionView) -> Any:
    if not takes_money(petition.pledge_thresholds):
        return _("The deadline passed before everything came together, and every promise has lapsed.")
    if len(petition.thresholds) > BOTH:
        return _(
            "The deadline passed before every threshold held. Nobody was charged, and every pledge has "
            "lapsed."
        )
    return _(
        "The deadline passed before both thresholds held. Nobody was charged, and every pledge has lapsed."
    )


def open_sentence(petition: PetitionView) -> Any:
    signatures, offered = petition.signatures, petition.pledge_thresholds
    if signatures is None or not offered or petition.deadline is None:
        return _("The petition is open for signatures.")
    wanted = {
        "people": number(signatures.target),
        "goal": ", ".join(counted(threshold, threshold.target) for threshold in offered),
        "day": day(petition.deadline),
    }
    if not takes_money(offered):
        return _(
            "When %(people)s people have signed and %(goal)s have come together by %(day)s, the plan "
            "begins. Until then nobody owes anything.",
            **wanted,
        )
    if not collects_money(offered):
        return _(
            "When %(people)s people have signed and %(goal)s have come together by %(day)s, the plan "
            "begins. Until then nobody pays.",
            **wanted,
        )
    if len(offered) == 1 and offered[0].measure == "money":
        return _(
            "When %(people)s people have signed and %(goal)s is pledged by %(day)s, the pledges are "
            "collected and the plan begins. Until then nobody pays.",
            **wanted,
        )
    return _(
        "When %(people)s people have signed and %(goal)s have come together by %(day)s, the pledges are "
        "collected and the plan begins. Until then nobody pays.",
        **wanted,
    )


def action_sentence(action: ActionView, petition: PetitionView, plan: Plan) -> Any:
    if action.state == "collecting":
        return _(
            "The pledges are being collected. If %(goal)s comes together the plan begins; otherwise every "
            "reservation is released and nobody pays.",
            goal=counted_as(action.kind, action.goal, action.currency),
        )
    if action.state == "underway":
        return underway_sentence(petition, plan)
    stopped = (
        _("The action was stopped. What was not paid out goes back to the backers.")
        if action.captured
        else _("The action was stopped, and nobody owes anything any more.")
    )
    done = (
        _("The money was paid out, and all of it was paid back.")
        if pays_at_once(action.kind)
        else _("The plan was carried out, and every step was accepted by the backers.")
    )
    sentences = {
        "delivered": done,
        "released": _("Too little could be collected, so every reservation was released. Nobody paid."),
        "stopped": stopped,
        "orphaned": _("The organizer has fallen silent. The backers decide who carries on, or get refunds."),
    }
    return sentences[action.state]


def underway_sentence(petition: PetitionView, plan: Plan) -> Any:
    steps = {
        "done": number(sum(m.state == "accepted" for m in plan.milestones)),
        "all": number(len(plan.milestones)),
    }
    if pays_by_steps(petition.pledge_thresholds):
        return _(
            "The plan is underway: %(done)s of %(all)s steps are accepted. Money goes out step by step, "
            "each time with the backers' consent.",
            **steps,
        )
    return _("The plan is underway: %(done)s of %(all)s steps are accepted.", **steps)
