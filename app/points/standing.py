"""Where a person stands: score and level, folded from the columns of their events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa

from app import clock
from app.db import db, lock, run_tx
from app.outbox.sweeping import find_ids
from app.people.models import Person

from .levels import (
    DEMOTION_AFTER_DAYS,
    LEVELS,
    SMALLEST_PROMISE_WON,
    Promise,
    Standing,
    next_level,
    standing_at,
)
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
class PersonStanding:
    """``points`` are whole and never negative; ``reached`` is what the level was judged by."""

    points: int
    level: int
    reached: Standing

    @property
    def next_lacks(self) -> tuple[str, int] | None:
        """The first thing missing for the next level, and how much it asks for; None when nothing is.

        ``points``, ``people`` behind them, ``days`` of taking part, or per cent of promises ``kept``.
        """
        if self.level + 1 >= len(LEVELS):
            return None
        bound, has = LEVELS[self.level + 1], self.reached
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


def events_of(person_id: str) -> Sequence[Any]:
    """The columns that a standing is folded from: an organizer has a row for every signature."""
    return db.session.execute(
        sa.select(
            PointRow.id,
            PointRow.reason,
            PointRow.at,
            PointRow.person_id,
            PointRow.counterparty_id,
            PointRow.cluster,
            PointRow.petition_id,
            PointRow.class_,
            PointRow.mp,
            PointRow.light,
            PointRow.voids,
        ).where(PointRow.person_id == person_id)
    ).all()


def as_event(row: Any) -> PointEvent:
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
    reached = judge(events_of(person_id), person_id, day_of(at or clock.now()))
    person = db.session.get_one(Person, person_id)
    return PersonStanding(shown(reached.mp) // MP_PER_POINT, person.level, reached)


def judge(rows: Sequence[Any], person_id: str, day: int) -> Standing:
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
    rows = events_of(person_id)
    at = clock.now()
    reached = judge(rows, person_id, day_of(at))
    days_below = (at - person.level_below_since).days if person.level_below_since else 0
    voided = {row.voids for row in rows if row.voids}
    frauds = [row.at for row in rows if row.reason == FRAUD and row.id not in voided]
    days_since_fraud = (at - max(frauds)).days if frauds else None
    person.level_settled_at = at
    held = person.level
    person.level = next_level(held, reached, days_below, days_since_fraud)
    if next_level(held, reached, DEMOTION_AFTER_DAYS) < held:
        person.level_below_since = person.level_below_since or at
    else:
        person.level_below_since = None
    return person.level


def settle_levels() -> int:
    """Once a day, look at everybody above level 0 again; returns how many were looked at."""
    today = clock.now() - timedelta(days=1)
    due = find_ids(
        sa.select(Person.id)
        .where(
            Person.level > 0,
            Person.erased_at.is_(None),
            sa.or_(Person.level_settled_at.is_(None), Person.level_settled_at < today),
        )
        .limit(MOST_AT_ONCE)
    )
    for person_id in due:
        run_tx(partial(settle_level, person_id))
    return len(due)
