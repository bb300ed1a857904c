"""The dates of one petition as events of a calendar: how long people can sign, vote and wait."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time
from typing import TYPE_CHECKING

import sqlalchemy as sa
from flask_babel import gettext as _

from app.actions.models import Duty
from app.actions.reading import ActionView, MilestoneView, Plan
from app.clock import SEOUL
from app.db import db
from app.petitions.showing import PetitionView
from app.web.calendars import day_event, moment_event
from app.web.links import absolute

if TYPE_CHECKING:
    from icalendar import Event

INSTALMENT = "instalment"

Owed = tuple[tuple[str, datetime, bool], ...]
"""What the organizer owes: its name, the day, and whether it is still open."""


def has_dates(petition: PetitionView) -> bool:
    """Whether there is anything to put into a calendar."""
    return petition.deadline is not None and petition.archive is None


def read_owed(petition_id: str) -> Owed:
    """The days on which the organizer owes something to those who pledged, each once."""
    rows = db.session.execute(
        sa.select(Duty.name, Duty.due_at, sa.func.max(sa.case((Duty.state == "open", 1), else_=0)))
        .where(Duty.petition_id == petition_id, Duty.debtor == "organizer", Duty.state != "waived")
        .group_by(Duty.name, Duty.due_at)
        .order_by(Duty.due_at, Duty.name)
    )
    return tuple((name, due, bool(still_open)) for name, due, still_open in rows)


def events_of(petition: PetitionView, plan: Plan, owed: Owed) -> list[Event]:
    """Every date, in the language being spoken; each leads to the petition's page."""
    found = [
        *signing_events(petition),
        *answer_events(petition),
        *(event for step in plan.milestones for event in step_events(petition, step, plan.action)),
        *(event for step in plan.milestones for event in vote_events(petition, step)),
        *owed_events(petition, owed),
    ]
    for event in found:
        event.add("url", absolute("pages.petition", slug=petition.slug))
    return found


def signing_events(petition: PetitionView) -> Iterator[Event]:
    """The deadline, called off where the petition ended before it, and the window in which it is checked."""
    opened = petition.opened_at or petition.created_at
    if petition.deadline is not None:
        ended = petition.closed_at if petition.state == "stopped" else None
        event = moment_event(
            f"deadline-{petition.id}",
            petition.deadline,
            _("Last chance to sign: %(title)s", title=petition.title),
            changes=int(ended is not None),
            stamp=ended or opened,
        )
        event.add("status", "CANCELLED" if ended else "CONFIRMED")
        yield event
    if petition.tipped_at is not None and petition.window_ends_at is not None:
        turns = [each for each in petition.events if each.kind in ("tipped", "untipped")]
        yield moment_event(
            f"window-{petition.id}",
            petition.tipped_at,
            _("Signatures are checked: %(title)s", title=petition.title),
            until=max(petition.window_ends_at, petition.tipped_at),
            changes=len(turns),
            stamp=petition.tipped_at,
        )


def answer_events(petition: PetitionView) -> Iterator[Event]:
    """The day by which an answer was asked for."""
    due = petition.response_due_at
    if due is None:
        return
    words = {
        "responded": _("Answered by %(addressee)s: %(title)s", **names_of(petition)),
        "silent": _("No answer from %(addressee)s: %(title)s", **names_of(petition)),
    }
    told = petition.response_track in words
    yield day_event(
        f"answer-{petition.id}",
        due,
        words.get(
            petition.response_track, _("Answer due from %(addressee)s: %(title)s", **names_of(petition))
        ),
        changes=int(told),
        stamp=(petition.responded_at or due) if told else asked_at(petition),
    )


def names_of(petition: PetitionView) -> dict[str, str]:
    return {"addressee": petition.addressee, "title": petition.title}


def asked_at(petition: PetitionView) -> datetime:
    """When the answer was asked for: once the signatures were there, and the petition open."""
    reached = petition.signatures.reached_at if petition.signatures else None
    opened = petition.opened_at or petition.created_at
    return max(reached, opened) if reached else opened


def step_events(petition: PetitionView, step: MilestoneView, action: ActionView | None) -> Iterator[Event]:
    """The day for which a step was promised; called off where it will not come any more."""
    if step.due_on is None:
        return
    named = {"position": step.position, "title": petition.title}
    told = step.claimed_at or petition.opened_at or petition.created_at
    ended = ended_at(petition, action)
    off = ended is not None and step.state != "accepted"
    event = day_event(
        f"step-{step.id}",
        datetime.combine(step.due_on, time(), tzinfo=SEOUL),
        _("Step %(position)d accepted: %(title)s", **named)
        if step.state == "accepted"
        else _("Step %(position)d is expected: %(title)s", **named),
        changes=2 if off else int(step.state == "accepted"),
        stamp=ended if ended and off else step.decided_at or told,
    )
    event.add("description", step.title)
    event.add("status", "CANCELLED" if off else "CONFIRMED")
    yield event


def ended_at(petition: PetitionView, action: ActionView | None) -> datetime | None:
    """When it became certain that what is left of the plan will not be carried out; None while it may."""
    if action is not None:
        return action.stopped_at or action.released_at
    return petition.closed_at


def vote_events(petition: PetitionView, step: MilestoneView) -> Iterator[Event]:
    """Until when the backers vote on a step, and how it ended."""
    if step.vote_ends_at is None or step.claimed_at is None:
        return
    named = {"position": step.position, "title": petition.title}
    words = {
        "accepted": _("Step %(position)d accepted: %(title)s", **named),
        "rejected": _("Step %(position)d rejected: %(title)s", **named),
    }
    yield moment_event(
        f"vote-{step.id}",
        min(step.vote_ends_at, step.decided_at) if step.decided_at else step.vote_ends_at,
        words.get(step.state, _("The vote on step %(position)d ends: %(title)s", **named)),
        changes=int(step.decided_at is not None),
        stamp=step.decided_at or step.claimed_at,
    )


def owed_events(petition: PetitionView, owed: Owed) -> Iterator[Event]:
    """Repayments, deliveries and thanks, on the days that were promised."""
    words = {
        INSTALMENT: _("Repayment due: %(title)s", title=petition.title),
        "delivery": _("Orders are handed over: %(title)s", title=petition.title),
        "thanks": _("Thanks for the gifts are due: %(title)s", title=petition.title),
    }
    for name, due, still_open in owed:
        kind = INSTALMENT if name.startswith(INSTALMENT) else name
        if kind in words:
            yield day_event(
                f"{name}-{due:%Y%m%d}-{petition.id}",
                due,
                words[kind],
                changes=int(not still_open),
                stamp=petition.fired_at,
            )
