"""Shifts: planned, changed and called off by the organizer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask_babel import gettext as _

from app import clock
from app.db import db, lock, new_id
from app.errors import Refusal
from app.outbox import announce
from app.petitions.models import Petition

from .models import Seat, Shift
from .postponing import put_off_seated
from .seating import move_up

MOST_SHIFTS = 200
MOST_PLACES = 1000
LONGEST = timedelta(hours=24)
SOON = timedelta(hours=24)
"""How long before a shift its people are reminded."""


@dataclass(frozen=True)
class ShiftWish:
    """What an organizer plans; moments are aware, ``places`` at least 1."""

    title: str
    address: str
    starts_at: datetime
    ends_at: datetime
    places: int
    note: str = ""


def plan_shift(petition_id: str, wish: ShiftWish, *, idempotency_key: str) -> Shift:
    """Add a shift; sending the same form twice plans it once.

    Raises:
        Refusal: it takes place in the past, ends before it starts, or there are too many.
    """
    lock(Petition, petition_id)
    earlier = db.session.scalar(
        sa.select(Shift).where(Shift.petition_id == petition_id, Shift.idempotency_key == idempotency_key)
    )
    if earlier is not None:
        return earlier
    at = clock.now()
    refuse_impossible(wish, at)
    planned = db.session.scalar(
        sa.select(sa.func.count()).select_from(Shift).where(Shift.petition_id == petition_id)
    )
    if (planned or 0) >= MOST_SHIFTS:
        raise Refusal(_("There are 200 shifts already. Change one of them instead."), status=409)
    shift = Shift(
        id=new_id(),
        petition_id=petition_id,
        title=wish.title,
        address=wish.address,
        note=wish.note,
        starts_at=wish.starts_at,
        ends_at=wish.ends_at,
        places=wish.places,
        changes=0,
        created_at=at,
        idempotency_key=idempotency_key,
    )
    db.session.add(shift)
    db.session.flush()
    remind_later(shift)
    return shift


def refuse_impossible(wish: ShiftWish, at: datetime) -> None:
    if wish.starts_at <= at:
        raise Refusal(_("Plan a shift that starts in the future."), field="starts")
    if wish.ends_at <= wish.starts_at:
        raise Refusal(_("A shift ends after it starts."), field="ends")
    if wish.ends_at - wish.starts_at > LONGEST:
        raise Refusal(_("A shift takes at most 24 hours. Plan several."), field="ends")
    if not 1 <= wish.places <= MOST_PLACES:
        raise Refusal(_("Offer between 1 and 1,000 places."), field="places")


def remind_later(shift: Shift) -> None:
    """The letter of the day before, for this time of the shift; another time announces its own."""
    announce(
        "shift_soon",
        due_at=max(shift.starts_at - SOON, clock.now()),
        shift_id=shift.id,
        changes=shift.changes,
    )


def change_shift(shift_id: str, wish: ShiftWish) -> bool:
    """Change a shift that has not begun; who waits moves up into new places. False when nothing changed.

    Raises:
        Refusal: it has begun or is called off, or more people have a place than there would be places.
    """
    shift = lock(Shift, shift_id)
    at = clock.now()
    refuse_begun(shift, at)
    refuse_impossible(wish, at)
    seated = db.session.scalar(
        sa.select(sa.func.count()).select_from(Seat).where(Seat.shift_id == shift_id, Seat.state == "taken")
    )
    if wish.places < (seated or 0):
        raise Refusal(
            _("%(seated)d people have a place already. Offer at least as many.", seated=seated or 0),
            field="places",
        )
    before = (shift.title, shift.address, shift.note, shift.starts_at, shift.ends_at, shift.places)
    after = (wish.title, wish.address, wish.note, wish.starts_at, wish.ends_at, wish.places)
    if before == after:
        return False
    moved = before[1] != after[1] or before[3:5] != after[3:5]
    shift.title, shift.address, shift.note, shift.starts_at, shift.ends_at, shift.places = after
    shift.changes += 1
    if moved:
        announce("shift_changed", shift_id=shift.id, changes=shift.changes)
    remind_later(shift)
    put_off_seated(shift)
    move_up(shift, at)
    return True


def refuse_begun(shift: Shift, at: datetime) -> None:
    if shift.cancelled_at is not None:
        raise Refusal(_("This shift is called off."), status=409)
    if shift.starts_at <= at:
        raise Refusal(_("This shift has begun; it cannot be changed any more."), status=409)


def cancel_shift(shift_id: str) -> bool:
    """Call a shift off before it begins; its people are told. False when it was called off already.

    Raises:
        Refusal: it has begun.
    """
    shift = lock(Shift, shift_id)
    if shift.cancelled_at is not None:
        return False
    at = clock.now()
    refuse_begun(shift, at)
    shift.cancelled_at = at
    shift.changes += 1
    announce("shift_cancelled", shift_id=shift.id)
    return True
