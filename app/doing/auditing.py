"""What has to hold about deeds after any sequence of events; ``dure books`` prints what differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sqlalchemy as sa

from app.actions.models import Duty
from app.db import db
from app.pledges.kinds.deed import DEED
from app.pledges.models import Pledge

from .models import Seat, Shift

STATES = {"kept": "kept", "broken": "broken", "released": "waived", "frozen": "open"}
"""The state of the duty that belongs to a state of its pledge."""


def deeds_match_duties() -> Iterator[str]:
    """A promise is kept, broken or let go exactly when its duty is."""
    for pledge_id, state, duty in db.session.execute(
        sa.select(Pledge.id, Pledge.state, Duty.state)
        .join(Duty, Duty.pledge_id == Pledge.id)
        .where(Duty.kind == "deed", Duty.name == DEED)
    ):
        if STATES.get(state) != duty:
            yield f"deed {pledge_id} is {state}, but what it owes is {duty}"


def deeds_cost_nothing() -> Iterator[str]:
    """No money is held, taken or paid back for a deed, and no more is done than was promised."""
    money = sa.or_(Pledge.cost != 0, Pledge.captured != 0, Pledge.refunded != 0)
    for pledge_id in db.session.scalars(sa.select(Pledge.id).where(Pledge.kind == "deed", money)):
        yield f"deed {pledge_id} has to do with money"
    for pledge_id, done, promised in db.session.execute(
        sa.select(Pledge.id, Duty.done, Pledge.amount)
        .join(Duty, Duty.pledge_id == Pledge.id)
        .where(Duty.kind == "deed", Duty.name == DEED, Duty.done > Pledge.amount)
    ):
        yield f"deed {pledge_id} counts {done} done of {promised} promised"


def places_are_given_once() -> Iterator[str]:
    """No shift has more people than places, but for those whom the organizer let in by hand."""
    taken = sa.func.count().filter(Seat.state == "taken", Seat.checked_in_by.is_distinct_from("organizer"))
    for shift_id, places, seated in db.session.execute(
        sa.select(Shift.id, Shift.places, taken)
        .join(Seat, Seat.shift_id == Shift.id)
        .group_by(Shift.id, Shift.places)
    ):
        if seated > places:
            yield f"shift {shift_id} has {places} places and gave away {seated}"


CHECKS: tuple[Callable[[], Iterator[str]], ...] = (
    deeds_match_duties,
    deeds_cost_nothing,
    places_are_given_once,
)
