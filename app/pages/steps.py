"""One petition's way from the first signature to the delivered plan: what was, is and comes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from app.actions.reading import ActionView, MilestoneView, Plan
from app.actions.sentences import BOTH
from app.petitions.showing import ArchiveView, PetitionView, ThresholdView
from app.pledges.wording import collects_money, counted, counted_as, takes_money
from app.web.formatting import day, format_money, moment, number

OVER = {"released", "stopped", "delivered"}


@dataclass(frozen=True)
class Step:
    """``status`` is done, now, next or missed; ``at`` the moment of what is done or missed."""

    label: str
    status: str
    at: datetime | None = None
    text: str = ""


def steps_of(petition: PetitionView, plan: Plan) -> list[Step]:
    """Every step in the order in which it happens, in the language being spoken."""
    if petition.archive is not None:
        return list(archive_steps(petition, petition.archive))
    return [
        Step(_("Opened for signatures and pledges"), "done", petition.opened_at or petition.created_at),
        *(threshold_step(petition, threshold) for threshold in petition.thresholds),
        *turning_steps(petition),
        *action_steps(petition, plan),
        *answer_steps(petition),
    ]


def archive_steps(petition: PetitionView, archive: ArchiveView) -> Iterator[Step]:
    if petition.opened_at:
        yield Step(_("Opened"), "done", petition.opened_at)
    if petition.closed_at:
        tally = _("%(tally)s signatures", tally=number(archive.signatures))
        yield Step(_("Closed"), "done", petition.closed_at, tally)
    if archive.answered_at or archive.answer:
        yield Step(_("Answered"), "done", archive.answered_at)


def threshold_step(petition: PetitionView, threshold: ThresholdView) -> Step:
    target = counted(threshold, threshold.target)
    if threshold.measure == "signatures":
        label = _("%(target)s people have signed", target=target)
    elif threshold.measure == "money":
        label = _("%(target)s is pledged", target=target)
    else:
        label = _("%(goal)s pledged", goal=target)
    tally = counted(threshold, threshold.tally)
    so_far = _("%(tally)s so far", tally=tally)
    holds = threshold.tally >= threshold.target
    if threshold.reached_at and (holds or petition.fired_at):
        return Step(label, "done", threshold.reached_at)
    if threshold.reached_at:
        so_far = _("Reached once, then lost again: %(tally)s now", tally=tally)
    if petition.signing:
        return Step(label, "now", None, so_far)
    return Step(label, "missed", None, so_far)


def turning_steps(petition: PetitionView) -> Iterator[Step]:
    """Both thresholds hold, the window, the firing."""
    checked = _("The signatures are checked")
    fired = _("The petition becomes an action")
    if petition.fired_at:
        yield Step(checked, "done", petition.tipped_at)
        yield Step(_("The petition became an action"), "done", petition.fired_at)
    elif petition.tipped_at and petition.window_ends_at and petition.state == "open":
        until = _("Until %(moment)s anything false is struck out.", moment=moment(petition.window_ends_at))
        yield Step(checked, "now", None, until)
        yield Step(fired, "next")
    elif petition.signing:
        yield Step(checked, "next")
        yield Step(fired, "next", None, deadline_text(petition))
    elif petition.state == "stopped":
        yield Step(_("The petition was stopped"), "missed", petition.closed_at)
    else:
        yield Step(_("The deadline passed"), "missed", petition.deadline, nobody_charged(petition))


def nobody_charged(petition: PetitionView) -> str:
    """What a petition that came to nothing cost; empty where it could never have cost anything."""
    return str(_("Nobody was charged.")) if takes_money(petition.pledge_thresholds) else ""


def deadline_text(petition: PetitionView) -> str:
    if petition.deadline is None:
        return ""
    if len(petition.thresholds) > BOTH:
        return str(_("Only if every threshold holds by %(day)s.", day=day(petition.deadline)))
    return str(_("Only if both thresholds hold by %(day)s.", day=day(petition.deadline)))


def action_steps(petition: PetitionView, plan: Plan) -> Iterator[Step]:
    action = plan.action
    if action is None:
        if petition.signing or petition.fired_at or petition.tipped_at:
            if collects_money(petition.pledge_thresholds):
                yield Step(_("The pledges are collected, all or none"), "next")
            yield from (Step(milestone.title, "next") for milestone in plan.milestones)
        return
    if action.kind is not None:
        yield collecting_step(action)
    if action.state == "released":
        return
    current = next((m.position for m in plan.milestones if m.state in {"planned", "claimed"}), None)
    for milestone in plan.milestones:
        yield milestone_step(action, milestone, current)
    if action.state == "stopped":
        back = _("The backers get back what was not paid out.") if action.captured else ""
        yield Step(_("The action was stopped"), "missed", action.stopped_at, back)
    else:
        yield Step(_("Delivered"), "done" if action.delivered_at else "next", action.delivered_at)


def collecting_step(action: ActionView) -> Step:
    if action.state == "released":
        return Step(
            _("Too little could be collected"),
            "missed",
            action.released_at,
            _("Every reservation was released. Nobody paid."),
        )
    if action.decided_at:
        captured = format_money(action.captured, action.currency)
        return Step(_("%(amount)s was collected", amount=captured), "done", action.decided_at)
    held = counted_as(action.kind, action.held, action.currency)
    goal = counted_as(action.kind, action.goal, action.currency)
    return Step(
        _("The pledges are being collected"),
        "now",
        None,
        _("%(held)s of %(goal)s is reserved so far.", held=held, goal=goal),
    )


def milestone_step(action: ActionView, milestone: MilestoneView, current: int | None) -> Step:
    if milestone.state == "accepted":
        paid = (
            _("%(amount)s was paid out.", amount=format_money(milestone.paid, action.currency))
            if milestone.paid
            else ""
        )
        return Step(milestone.title, "done", milestone.decided_at, paid)
    if milestone.state == "rejected" or action.state in OVER:
        return Step(milestone.title, "missed", milestone.decided_at)
    if milestone.state == "claimed" and milestone.vote_ends_at:
        vote = _("The backers vote until %(moment)s.", moment=moment(milestone.vote_ends_at))
        return Step(milestone.title, "now", None, vote)
    now = milestone.position == current and action.state == "underway"
    return Step(milestone.title, "now" if now else "next")


def answer_steps(petition: PetitionView) -> Iterator[Step]:
    """The official answer, where one was asked for."""
    label = _("%(addressee)s answers", addressee=petition.addressee)
    if petition.response_track == "responded":
        yield Step(label, "done", petition.responded_at)
    elif petition.response_track == "awaiting":
        due = petition.response_due_at
        yield Step(label, "now", None, _("Due by %(day)s.", day=day(due)) if due else "")
    elif petition.response_track == "silent":
        yield Step(label, "missed", petition.response_due_at, _("The answer is overdue."))
