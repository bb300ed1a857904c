"""What the pages about deeds show: shifts with who is on them, one person's own, the organizer's sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app import clock
from app.actions.models import Duty
from app.db import db
from app.pledges.kinds.deed import DEED, RETURN
from app.pledges.models import Pledge

from .checking import is_open
from .judging import Verdict, may_object, whole_hours
from .models import Seat, Shift, Word
from .saying import Heard, hear_all
from .wording import name_for_organizer, name_for_public, promise_words, short_number

BATCH = 500
"""Promises that are read together."""


@dataclass
class ShiftView:
    """One shift: who has a place (masked, hidden names left out), how many wait, what is left."""

    id: str
    title: str
    address: str
    note: str
    starts_at: datetime
    ends_at: datetime
    places: int
    cancelled: bool
    begun: bool
    over: bool
    door_open: bool
    taken: int = 0
    waiting: int = 0
    came: int = 0
    names: list[str] = field(default_factory=list)
    own: str | None = None
    """``taken`` or ``waiting`` where the page is one person's."""
    ahead: int = 0
    """How many wait before this person."""
    checked_in_at: datetime | None = None

    zone = clock.SEOUL

    @property
    def left(self) -> int:
        """Places nobody has; none while somebody waits for one."""
        return 0 if self.waiting else max(0, self.places - self.taken)

    @property
    def unnamed(self) -> int:
        return self.taken - len(self.names)


def view_of(shift: Shift, now: datetime) -> ShiftView:
    return ShiftView(
        id=shift.id,
        title=shift.title,
        address=shift.address,
        note=shift.note,
        starts_at=shift.starts_at,
        ends_at=shift.ends_at,
        places=shift.places,
        cancelled=shift.cancelled_at is not None,
        begun=shift.starts_at <= now,
        over=shift.ends_at <= now,
        door_open=is_open(shift, now),
    )


def shifts_of(petition_id: str, *, own: str | None = None) -> list[ShiftView]:
    """Every shift, the next one first and those that are over last, in two queries.

    ``own`` is the pledge whose page it is.
    """
    now = clock.now()
    views = {
        shift.id: view_of(shift, now)
        for shift in db.session.scalars(
            sa.select(Shift).where(Shift.petition_id == petition_id).order_by(Shift.starts_at, Shift.id)
        )
    }
    rows = db.session.execute(
        sa.select(Seat, Pledge.name, Pledge.hide_name)
        .join(Pledge, Pledge.id == Seat.pledge_id)
        .where(Seat.petition_id == petition_id, Seat.state != "left")
        .order_by(Seat.turn)
    )
    for seat, name, hidden in rows:
        view = views[seat.shift_id]
        if seat.pledge_id == own:
            view.own, view.ahead, view.checked_in_at = seat.state, view.waiting, seat.checked_in_at
        if seat.state == "waiting":
            view.waiting += 1
            continue
        view.taken += 1
        view.came += seat.checked_in_at is not None
        if not hidden:
            view.names.append(name_for_public(name))
    return sorted(views.values(), key=lambda view: view.over)


@dataclass(frozen=True)
class Tally:
    """How the promises of an action stand, and what was lent to it."""

    open: int = 0
    kept: int = 0
    broken: int = 0
    out: int = 0
    late: int = 0
    back: int = 0
    missing: int = 0

    @property
    def promised(self) -> int:
        return self.open + self.kept + self.broken

    @property
    def lent(self) -> int:
        return self.out + self.back + self.missing


def tally_of(petition_id: str) -> Tally:
    """Counts for everybody."""
    overdue = sa.func.sum(sa.case((Duty.due_at < clock.now(), 1), else_=0))
    counts: dict[tuple[str, str], int] = {}
    late = 0
    for name, state, count, past in db.session.execute(
        sa.select(Duty.name, Duty.state, sa.func.count(), overdue)
        .where(Duty.petition_id == petition_id, Duty.kind == "deed")
        .group_by(Duty.name, Duty.state)
    ):
        counts[name, state] = count
        if (name, state) == (RETURN, "open"):
            late = int(past)
    return Tally(
        open=counts.get((DEED, "open"), 0),
        kept=counts.get((DEED, "kept"), 0),
        broken=counts.get((DEED, "broken"), 0),
        out=counts.get((RETURN, "open"), 0),
        late=late,
        back=counts.get((RETURN, "kept"), 0),
        missing=counts.get((RETURN, "broken"), 0),
    )


@dataclass(frozen=True)
class DeedView:
    """One promise with what was said about it, for its person, the organizer or a moderator."""

    pledge: Pledge
    name: str
    number: str
    promise: str
    duty: Duty | None
    back: Duty | None
    words: dict[str, Word]
    came: int
    suggested: int
    verdict: Verdict | None
    may_object: bool

    @property
    def done(self) -> int:
        return int(self.pledge.terms.get("done", 0))


def deed_view(pledge: Pledge) -> DeedView:
    return deed_views([pledge])[0]


def deed_views(pledges: Iterable[Pledge]) -> list[DeedView]:
    """Three queries for every five hundred, whatever was said about them."""
    pledges = list(pledges)
    batches = [pledges[start : start + BATCH] for start in range(0, len(pledges), BATCH)]
    return [view for batch in batches for view in views_of(batch)]


def views_of(pledges: Sequence[Pledge]) -> list[DeedView]:
    duties: dict[tuple[str | None, str], Duty] = {
        (duty.pledge_id, duty.name): duty
        for duty in db.session.scalars(
            sa.select(Duty).where(Duty.pledge_id.in_([pledge.id for pledge in pledges]), Duty.kind == "deed")
        )
    }
    now = clock.now()
    owed = {pledge.id: duties.get((pledge.id, DEED)) for pledge in pledges}
    running = [(pledge, duty) for pledge in pledges if (duty := owed[pledge.id]) is not None]
    heard = hear_all(running)
    return [
        view_deed(pledge, owed[pledge.id], duties.get((pledge.id, RETURN)), heard.get(pledge.id), now)
        for pledge in pledges
    ]


def view_deed(
    pledge: Pledge, duty: Duty | None, back: Duty | None, heard: Heard | None, now: datetime
) -> DeedView:
    hours = whole_hours(heard.minutes) if heard else 0
    suggested = min(pledge.amount, hours) if hours and pledge.measure == "hours" else pledge.amount
    objectable = (
        pledge.state == "broken"
        and duty is not None
        and duty.settled_at is not None
        and may_object(duty.settled_at, now)
        and heard is not None
        and "moderator" not in heard.words
    )
    return DeedView(
        pledge=pledge,
        name=name_for_organizer(pledge.name, pledge.hide_name, pledge.id),
        number=short_number(pledge.id),
        promise=promise_words(pledge, pledge.amount),
        duty=duty,
        back=back,
        words=heard.words if heard else {},
        came=heard.visits if heard else 0,
        suggested=suggested,
        verdict=heard.verdict(now) if heard and pledge.state in {"frozen", "broken"} else None,
        may_object=objectable,
    )


@dataclass(frozen=True)
class Guest:
    """One line of the list at the door."""

    seat: Seat
    name: str
    number: str
    promise: str
    skill: str


def guests_of(shift_id: str) -> list[Guest]:
    """Who has a place, then who waits, in the order of asking."""
    rows = db.session.execute(
        sa.select(Seat, Pledge)
        .join(Pledge, Pledge.id == Seat.pledge_id)
        .where(Seat.shift_id == shift_id, Seat.state != "left")
        .order_by(Seat.state, Seat.turn)
    )
    return [
        Guest(
            seat,
            name_for_organizer(pledge.name, pledge.hide_name, pledge.id),
            short_number(pledge.id),
            promise_words(pledge, pledge.amount),
            str(pledge.terms.get("skill", "")),
        )
        for seat, pledge in rows
    ]


def disputes() -> list[Pledge]:
    """Pledges about which the two sides' words differ and no moderator has decided, the oldest first."""
    person, organizer = aliased(Word), aliased(Word)
    ruled = sa.exists().where(Word.pledge_id == Pledge.id, Word.side == "moderator")
    return list(
        db.session.scalars(
            sa.select(Pledge)
            .join(person, sa.and_(person.pledge_id == Pledge.id, person.side == "person"))
            .join(organizer, sa.and_(organizer.pledge_id == Pledge.id, organizer.side == "organizer"))
            .where(
                Pledge.kind == "deed",
                Pledge.state.in_(("frozen", "broken")),
                person.kept != organizer.kept,
                ~ruled,
            )
            .order_by(sa.func.coalesce(organizer.at, person.at), Pledge.id)
            .limit(100)
        )
    )
