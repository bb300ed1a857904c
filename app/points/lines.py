"""Why every point was given: the lines of a person's points, one by one or added up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import db

from .models import PointRow

AT_ONCE = 1_000


@dataclass(frozen=True)
class Earned:
    """One event: ``mp`` signed thousandths of a point, ``reason`` a key of ``points.reasons``."""

    reason: str
    mp: int
    at: datetime
    voided: bool


@dataclass(frozen=True)
class Sum:
    """What one ``reason`` brought in one petition: ``times`` events, the last of them ``at``."""

    reason: str
    petition_id: str | None
    voided: bool
    mp: int
    times: int
    at: datetime


def earned_by(person_id: str) -> sa.Select[Any]:
    """A person's events, and whether each was taken back."""
    voided = sa.select(PointRow.voids).where(PointRow.person_id == person_id, PointRow.voids.is_not(None))
    return sa.select(
        PointRow.id,
        PointRow.reason,
        PointRow.petition_id,
        PointRow.at,
        sa.case((PointRow.class_ == "penalty", -PointRow.mp), else_=PointRow.mp).label("mp"),
        PointRow.id.in_(voided).label("voided"),
    ).where(PointRow.person_id == person_id, PointRow.voids.is_(None))


def lines_of(person_id: str) -> Iterator[Earned]:
    """Every event of a person, newest first, read in portions."""
    query = earned_by(person_id).order_by(PointRow.at.desc(), PointRow.id.desc())
    with db.session.execute(query.execution_options(yield_per=AT_ONCE)) as rows:
        for row in rows:
            yield Earned(row.reason, row.mp, row.at, bool(row.voided))


def sums_of(person_id: str) -> list[Sum]:
    """The lines of a person added up by reason and petition, the one that grew last first."""
    earned = earned_by(person_id).subquery()
    kinds = (earned.c.reason, earned.c.petition_id, earned.c.voided)
    latest = sa.func.max(earned.c.at)
    rows = db.session.execute(
        sa.select(
            *kinds,
            sa.func.sum(earned.c.mp).label("mp"),
            sa.func.count().label("times"),
            latest.label("at"),
        )
        .group_by(*kinds)
        .order_by(latest.desc(), *kinds)
    )
    return [
        Sum(row.reason, row.petition_id, bool(row.voided), int(row.mp), row.times, row.at) for row in rows
    ]
