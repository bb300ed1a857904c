"""Where a person stands: score, level, and why every point was given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from app import clock
from app.db import db, lock, run_tx
from app.people.models import Person

from .levels import LEVELS, SMALLEST_PROMISE_WON, Promise, next_level, standing_at
from .levels import Standing as Bounds
from .models import PointRow
from .rules import MP_PER_POINT, PointEvent, broken_pledge_loss, capture_half, effort_mp
from .score import shown

KEPT, BROKEN, FRAUD = "pledge_kept", "pledge_broken", "fraud"
SMALLEST_PROMISE_MP = {
    KEPT: capture_half(effort_mp(SMALLEST_PROMISE_WON)),
    BROKEN: broken_pledge_loss(effort_mp(SMALLEST_PROMISE_WON)),
}
"""What a promise of the least won that counts earns or costs: rows keep points, not amounts."""
MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Earned:
    """One line of a person's points: ``mp`` signed, ``reason`` a key of ``points.reasons``."""

    reason: str
    mp: int
    at: datetime
    petition_id: str | None
    voided: bool


@dataclass(frozen=True)
class PersonStanding:
    """``points`` are whole and never negative; ``bounds`` is what the level was judged by."""

    points: int
    level: int
    bounds: Bounds
    lines: tuple[Earned, ...]

    @property
    def next_lacks(self) -> tuple[str, int] | None:
        """The first thing missing for the next level, and how much it asks for; None when nothing is.

        ``points``, ``people`` behind them, ``days`` of taking part, or per cent of promises ``kept``.
        """
        if self.level + 1 >= len(LEVELS):
            return None
        bound, has = LEVELS[self.level + 1], self.bounds
        asked = (
            ("points", has.mp >= bound.mp, bound.mp // MP_PER_POINT),
            ("people", has.counterparties >= bound.counterparties, bound.counterparties),
            ("days", has.span_days >= bound.span_days, bound.span_days),
            ("kept", has.reliability >= bound.reliability, int(bound.reliability * 100)),
        )
        return next(((what, amount) for what, enough, amount in asked if not enough), None)


def day_of(at: datetime) -> int:
    """The day in Seoul as a number; quarters are runs of 90 of them."""
    return at.astimezone(clock.SEOUL).date().toordinal()


def rows_of(person_id: str) -> list[PointRow]:
    return list(
        db.session.scalars(
            sa.select(PointRow).where(PointRow.person_id == person_id).order_by(PointRow.at, PointRow.id)
        )
    )


def as_event(row: PointRow) -> PointEvent:
    return PointEvent(
        id=row.id,
        day=day_of(row.at),
        person=row.person_id,
        counterparty=row.counterparty_id,
        action=row.petition_id or "",
        class_=row.class_,
        mp=row.mp,
        light=row.light,
        voids=row.voids,
        cluster=row.cluster,
    )


def standing(person_id: str, *, at: datetime | None = None) -> PersonStanding:
    """Fold this person's events into what is shown to them."""
    rows = rows_of(person_id)
    bounds = judge(rows, person_id, day_of(at or clock.now()))
    voided = {row.voids for row in rows if row.voids}
    person = db.session.get_one(Person, person_id)
    lines = tuple(
        Earned(
            row.reason,
            -row.mp if row.class_ == "penalty" else row.mp,
            row.at,
            row.petition_id,
            row.id in voided,
        )
        for row in reversed(rows)
        if row.voids is None
    )
    return PersonStanding(shown(bounds.mp) // MP_PER_POINT, person.level, bounds, lines)


def judge(rows: list[PointRow], person_id: str, day: int) -> Bounds:
    voided = {row.voids for row in rows if row.voids}
    promises = [
        Promise(row.cluster or row.id, day_of(row.at), SMALLEST_PROMISE_WON, row.reason == KEPT)
        for row in rows
        if row.id not in voided and row.mp >= SMALLEST_PROMISE_MP.get(row.reason, row.mp + 1)
    ]
    return standing_at([as_event(row) for row in rows], person_id, day, promises)


def settle_level(person_id: str) -> int:
    """Raise a person's level at once, lower it after 14 days below nine tenths of a bound."""
    person = lock(Person, person_id)
    rows = rows_of(person_id)
    at = clock.now()
    bounds = judge(rows, person_id, day_of(at))
    days_below = (at - person.level_below_since).days if person.level_below_since else 0
    frauds = [row.at for row in rows if row.reason == FRAUD]
    days_since_fraud = (at - max(frauds)).days if frauds else None
    person.level_settled_at = at
    held = person.level
    person.level = next_level(held, bounds, days_below, days_since_fraud)
    if next_level(held, bounds, 14) < held:
        person.level_below_since = person.level_below_since or at
    else:
        person.level_below_since = None
    return person.level


def settle_levels() -> int:
    """Once a day, look at everybody above level 0 again; returns how many were looked at."""
    today = clock.now() - timedelta(days=1)
    due = db.session.scalars(
        sa.select(Person.id)
        .where(
            Person.level > 0,
            Person.erased_at.is_(None),
            sa.or_(Person.level_settled_at.is_(None), Person.level_settled_at < today),
        )
        .limit(MOST_AT_ONCE)
    ).all()
    db.session.rollback()
    for person_id in due:
        run_tx(lambda person_id=person_id: settle_level(person_id))  # type: ignore[misc]
    return len(due)
