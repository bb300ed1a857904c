"""The plan of a petition: its steps, their parts of the money, and the days on which they are promised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _

from app import clock
from app.clock import SEOUL
from app.db import db, new_id
from app.errors import Refusal
from app.outbox import announce
from app.petitions.models import Petition

from .models import Action, Milestone

UNFINISHED = ("underway", "orphaned")
"""States of an action in which a step can still be late."""
LONGEST = timedelta(days=5 * 366)
"""How long after the last day of signing a step may be promised."""
MORNING = time(10)
"""When, on the promised day in Korea, the organizer is reminded."""


@dataclass(frozen=True)
class Step:
    """What a step delivers, its part of the money in per cent, and the day people can hold one to."""

    title: str
    share: int
    due_on: date | None = None


def plan(petition_id: str, steps: Sequence[Step]) -> list[Milestone]:
    """Write the plan of a petition: its steps in order.

    Raises:
        Refusal: fewer than two steps, shares that do not make 100, or days that do not follow each other.
    """
    if len(steps) < 2:
        raise Refusal(_("Plan at least two steps, so that backers can see the work half-way."), field="plan")
    if sum(step.share for step in steps) != 100 or any(step.share <= 0 for step in steps):
        raise Refusal(_("The shares of the steps must add up to 100%."), field="plan")
    deadline = db.session.get_one(Petition, petition_id).deadline
    if misplaced := misplaced_days([step.due_on for step in steps], deadline):
        raise Refusal(next(iter(misplaced.values())), field="plan")
    milestones = [
        Milestone(
            id=new_id(),
            petition_id=petition_id,
            position=position,
            title=step.title,
            share=step.share,
            due_on=step.due_on,
            state="planned",
        )
        for position, step in enumerate(steps, start=1)
    ]
    db.session.add_all(milestones)
    return milestones


def replan(petition_id: str, steps: Sequence[Step]) -> list[Milestone]:
    """Replace the plan of a petition that nobody has signed yet."""
    db.session.execute(sa.delete(Milestone).where(Milestone.petition_id == petition_id))
    return plan(petition_id, steps)


def misplaced_days(days: Sequence[date | None], deadline: datetime | None) -> dict[int, str]:
    """What is wrong with the promised days of a plan, by their place in it from 0.

    A step is promised for the last day of signing at the earliest, and never before an earlier step.
    """
    found: dict[int, str] = {}
    last_day = deadline.astimezone(SEOUL).date() if deadline else None
    before: date | None = None
    for place, day in enumerate(days):
        if day is None:
            continue
        if last_day is not None and day < last_day:
            found[place] = _("The plan begins once people have signed. Choose the last day or a later one.")
        elif last_day is not None and day > last_day + LONGEST:
            found[place] = _("Choose a day within five years of the last day.")
        elif before is not None and day < before:
            found[place] = _("The step before this one is promised for a later day. Put them in order.")
        before = max(day, before or day)
    return found


def plan_of(petition_id: str) -> list[Milestone]:
    """The milestones of a petition in order."""
    return list(
        db.session.scalars(
            sa.select(Milestone).where(Milestone.petition_id == petition_id).order_by(Milestone.position)
        )
    )


def is_late(state: str, due_on: date | None, acting: str | None) -> bool:
    """Whether a step's day is over in Korea and nothing was shown; ``acting`` is the action's state."""
    if state != "planned" or due_on is None or acting not in UNFINISHED:
        return False
    return clock.now().astimezone(SEOUL).date() > due_on


def remind_on_the_day(petition_id: str) -> None:
    """The action is underway: on each promised day that is not over, the organizer is to hear of it."""
    at = clock.now()
    for step in plan_of(petition_id):
        if step.state == "planned" and step.due_on and step.due_on >= at.astimezone(SEOUL).date():
            morning = datetime.combine(step.due_on, MORNING, tzinfo=SEOUL)
            announce("milestone_due", due_at=max(at, morning), milestone_id=step.id)


def is_awaited(milestone_id: str) -> bool:
    """Whether the organizer still owes this step: not shown yet, and the action goes on."""
    milestone = db.session.get_one(Milestone, milestone_id)
    acting = db.session.scalar(sa.select(Action.state).where(Action.petition_id == milestone.petition_id))
    return milestone.state == "planned" and acting == "underway"
