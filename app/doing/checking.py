"""Checking in: by the code at the door, as a picture or in digits, or by the organizer's tick."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _

from app import clock
from app.db import db, lock
from app.errors import Refusal
from app.web.tokens import make_token, read_token

from .models import Seat, Shift
from .seating import seat_of

PURPOSE = "check-in"
OPENS = timedelta(hours=1)
CLOSES = timedelta(hours=12)
"""The door opens an hour before a shift starts and closes twelve hours after it ends."""
DIGITS = 6

By = Literal["self", "organizer"]


def door_token(shift_id: str) -> str:
    """What the picture at the door carries: whoever has not been there does not know it."""
    return make_token(PURPOSE, shift_id)


def shift_of_token(token: str) -> Shift | None:
    content = read_token(PURPOSE, token)
    return db.session.get(Shift, content) if isinstance(content, str) else None


def door_code(shift_id: str) -> str:
    """The same in six digits, for whoever has no camera."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    digest = hmac.new(key, f"dure.door.{shift_id}".encode(), hashlib.sha256).digest()
    return str(int.from_bytes(digest[:8], "big") % 10**DIGITS).zfill(DIGITS)


def shift_of_code(pledge_id: str, code: str) -> Shift | None:
    """The shift of this pledge whose code that is."""
    shifts = db.session.scalars(
        sa.select(Shift)
        .join(Seat, Seat.shift_id == Shift.id)
        .where(Seat.pledge_id == pledge_id, Seat.state != "left", Shift.cancelled_at.is_(None))
    ).all()
    typed = "".join(code.split())
    return next(
        (shift for shift in shifts if hmac.compare_digest(door_code(shift.id).encode(), typed.encode())), None
    )


def is_open(shift: Shift, at: datetime) -> bool:
    """Whether people may check in at the door now."""
    return shift.cancelled_at is None and shift.starts_at - OPENS <= at < shift.ends_at + CLOSES


def check_in(shift_id: str, pledge_id: str) -> bool:
    """The person at the door says: I am here. False when that was said before.

    Raises:
        Refusal: no place on this shift, only on its waiting list, or the door is closed.
    """
    shift = lock(Shift, shift_id)
    at = clock.now()
    seat = seat_of(shift_id, pledge_id)
    if seat is None or seat.state == "left":
        raise Refusal(_("You have no place on this shift. Ask the organizer to write you down."), status=409)
    if seat.state == "waiting":
        raise Refusal(
            _("You are on the waiting list. If there is room, the organizer can tick you off."), status=409
        )
    if not is_open(shift, at):
        raise Refusal(
            _("You can check in from one hour before the shift until twelve hours after it."), status=409
        )
    if seat.checked_in_at is not None:
        return False
    seat.checked_in_at, seat.checked_in_by = at, "self"
    return True


def tick_off(seat_id: str, here: bool) -> bool:
    """The organizer's tick, which also lets somebody in who was waiting. False when nothing changed.

    Raises:
        Refusal: too early, called off, or the place was left.
    """
    found = db.session.get(Seat, seat_id)
    if found is None:
        raise Refusal(_("There is no such place."), status=404)
    shift = lock(Shift, found.shift_id)
    seat = lock(Seat, seat_id)
    at = clock.now()
    if shift.cancelled_at is not None or at < shift.starts_at - OPENS:
        raise Refusal(_("Tick people off from one hour before the shift on."), status=409)
    if seat.state == "left":
        raise Refusal(_("This person has left the shift."), status=409)
    if here == (seat.checked_in_at is not None):
        return False
    if here:
        seat.state, seat.taken_at = "taken", seat.taken_at or at
        seat.checked_in_at, seat.checked_in_by = at, "organizer"
    else:
        seat.checked_in_at = seat.checked_in_by = None
    return True
