"""Places on shifts: taken, waited for, left; whoever waits longest moves up when somebody leaves."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from flask_babel import gettext as _

from app import clock
from app.db import db, lock, new_id
from app.errors import Refusal
from app.outbox import announce
from app.pledges.models import Pledge

from .models import Seat, Shift
from .postponing import put_off

PROMISED = ("ready", "frozen")
"""A pledge in one of these states may take a place."""


def take(shift_id: str, pledge_id: str) -> Literal["taken", "waiting"]:
    """A place on a shift, or one on its waiting list; asking again changes nothing.

    Raises:
        Refusal: the shift is over, begun or called off, the pledge does not count, or it has another place
            at that time.
    """
    shift = lock(Shift, shift_id)
    at = clock.now()
    pledge = lock(Pledge, pledge_id)
    if pledge.petition_id != shift.petition_id or pledge.kind != "deed":
        raise Refusal(_("There is no such shift."), status=404)
    if pledge.state not in PROMISED:
        raise Refusal(_("Only somebody whose promise counts can take a place."), status=409)
    if shift.cancelled_at is not None:
        raise Refusal(_("This shift is called off."), status=409)
    if shift.starts_at <= at:
        raise Refusal(_("This shift has begun. Ask the organizer to write you down."), status=409)
    seat = seat_of(shift_id, pledge_id)
    if seat is not None and seat.state != "left":
        return "taken" if seat.state == "taken" else "waiting"
    refuse_overlap(shift, pledge_id)
    free = count(shift_id, "taken") < shift.places and not count(shift_id, "waiting")
    turn = next_turn(shift_id)
    if seat is None:
        seat = Seat(id=new_id(), petition_id=shift.petition_id, shift_id=shift_id, pledge_id=pledge_id)
    seat.state, seat.turn = ("taken" if free else "waiting"), turn
    seat.asked_at, seat.left_at = at, None
    seat.taken_at = at if free else None
    db.session.add(seat)
    db.session.flush()
    if free:
        put_off([pledge_id], shift.ends_at)
        announce("place_taken", seat_id=seat.id, turn=turn)
        return "taken"
    announce("place_waited_for", seat_id=seat.id, turn=turn)
    return "waiting"


def seat_of(shift_id: str, pledge_id: str) -> Seat | None:
    return db.session.scalar(sa.select(Seat).where(Seat.shift_id == shift_id, Seat.pledge_id == pledge_id))


def count(shift_id: str, state: str) -> int:
    found = db.session.scalar(
        sa.select(sa.func.count()).select_from(Seat).where(Seat.shift_id == shift_id, Seat.state == state)
    )
    return int(found or 0)


def next_turn(shift_id: str) -> int:
    latest = db.session.scalar(sa.select(sa.func.max(Seat.turn)).where(Seat.shift_id == shift_id))
    return int(latest or 0) + 1


def refuse_overlap(shift: Shift, pledge_id: str) -> None:
    """Nobody is in two places at once; waiting for one while having the other is fine."""
    other = db.session.scalar(
        sa.select(Shift.title)
        .join(Seat, Seat.shift_id == Shift.id)
        .where(
            Seat.pledge_id == pledge_id,
            Seat.state == "taken",
            Shift.id != shift.id,
            Shift.cancelled_at.is_(None),
            Shift.starts_at < shift.ends_at,
            Shift.ends_at > shift.starts_at,
        )
        .limit(1)
    )
    if other is not None:
        raise Refusal(
            _("You have a place on “%(title)s” at that time. Leave it first.", title=other), status=409
        )


def leave(shift_id: str, pledge_id: str) -> bool:
    """Give the place back before the shift begins; the first who waits moves up. False without a place.

    Raises:
        Refusal: the shift has begun.
    """
    shift = lock(Shift, shift_id)
    seat = seat_of(shift_id, pledge_id)
    if seat is None or seat.state == "left":
        return False
    at = clock.now()
    if shift.starts_at <= at and shift.cancelled_at is None:
        raise Refusal(_("This shift has begun. Tell the organizer that you cannot come."), status=409)
    vacate(shift, seat, at)
    return True


def vacate(shift: Shift, seat: Seat, at: datetime) -> None:
    seat.state, seat.left_at, seat.taken_at, seat.checked_in_at, seat.checked_in_by = (
        "left",
        at,
        None,
        None,
        None,
    )
    db.session.flush()
    move_up(shift, at)


def move_up(shift: Shift, at: datetime) -> list[Seat]:
    """Give free places of a locked shift to those who wait, in their order; returns who moved up.

    Whoever has meanwhile taken a place elsewhere at that time stays on the list and is passed over.
    """
    if shift.cancelled_at is not None or shift.starts_at <= at:
        return []
    free = shift.places - count(shift.id, "taken")
    moved: list[Seat] = []
    if free <= 0:
        return moved
    waiting = db.session.scalars(
        sa.select(Seat).where(Seat.shift_id == shift.id, Seat.state == "waiting").order_by(Seat.turn)
    ).all()
    for seat in waiting:
        if len(moved) == free:
            break
        if lock(Pledge, seat.pledge_id).state not in PROMISED:
            continue
        try:
            refuse_overlap(shift, seat.pledge_id)
        except Refusal:
            continue
        seat.state, seat.taken_at = "taken", at
        moved.append(seat)
        put_off([seat.pledge_id], shift.ends_at)
        announce("place_moved_up", seat_id=seat.id, turn=seat.turn)
    db.session.flush()
    return moved


def free_places(pledge_id: str) -> int:
    """Give back every place of a promise that was taken back; returns how many."""
    shifts = db.session.scalars(
        sa.select(Seat.shift_id)
        .where(Seat.pledge_id == pledge_id, Seat.state != "left")
        .order_by(Seat.shift_id)
    ).all()
    for shift_id in shifts:
        shift = lock(Shift, shift_id)
        seat = seat_of(shift_id, pledge_id)
        if seat is not None and seat.state != "left":
            vacate(shift, seat, clock.now())
    return len(shifts)
