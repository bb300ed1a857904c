"""A shift after the due day: whoever has a place there owes the promise until the end of the shift's day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import sqlalchemy as sa

from app import clock
from app.actions.models import Duty
from app.db import db
from app.outbox import announce
from app.pledges.kinds.deed import DEED, days_after

from .models import Seat, Shift

MORNING = timedelta(hours=14)
"""Duties fall due at the end of a day in Korea; letters go out at ten in the morning of it."""

DEED_DAYS = (-3, 0, 3)
RETURN_DAYS = (-3, 0, 3, 14)


def put_off(pledge_ids: Sequence[str], ends_at: datetime) -> int:
    """Let these promises fall due on the day on which a shift ends, if that is later; returns how many."""
    due = days_after(ends_at, 0)
    duties = db.session.scalars(
        sa.select(Duty)
        .where(
            Duty.pledge_id.in_(pledge_ids),
            Duty.kind == "deed",
            Duty.name == DEED,
            Duty.state == "open",
            Duty.due_at < due,
        )
        .order_by(Duty.id)
        .with_for_update()
    ).all()
    for duty in duties:
        duty.due_at, duty.called_at = due, None
        plan_reminders(duty)
    for petition_id in {duty.petition_id for duty in duties}:
        announce("deeds_due", due_at=due - MORNING, petition_id=petition_id)
    return len(duties)


def put_off_seated(shift: Shift) -> int:
    """The same for everybody who has a place on a locked shift."""
    seated = db.session.scalars(
        sa.select(Seat.pledge_id).where(Seat.shift_id == shift.id, Seat.state == "taken")
    ).all()
    return put_off(seated, shift.ends_at)


def put_off_all(petition_id: str) -> int:
    """The same for every place that was taken before anything was owed."""
    shifts = db.session.scalars(
        sa.select(Shift).where(Shift.petition_id == petition_id, Shift.cancelled_at.is_(None))
    ).all()
    return sum(put_off_seated(shift) for shift in shifts)


def plan_reminders(duty: Duty) -> None:
    """Announce the letters about a duty's day that are still ahead."""
    at = clock.now()
    for days, due_at in reminders(duty.name, duty.due_at):
        if due_at > at:
            announce("deed_reminder", due_at=due_at, duty_id=duty.id, days=days, due=duty.due_at.isoformat())


def reminders(name: str, due: datetime) -> list[tuple[int, datetime]]:
    """(days after the due day, moment) of every letter about a duty of this name."""
    days = DEED_DAYS if name == DEED else RETURN_DAYS
    return [(number, due - MORNING + timedelta(days=number)) for number in days]
