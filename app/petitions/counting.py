"""Counting signatures by day and by region: sums that say nothing about any one signer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from app.db import db, on_postgres
from app.web.caching import snapshot

from .models import Signature
from .showing import version_of

FEWEST = 5
"""A region with fewer signatures than this is not named, and those of the others are counted in steps of it:
who watches a region while somebody signs with their name hidden learns nothing from it."""


@dataclass(frozen=True)
class Cell:
    """How many signatures one day (``YYYY-MM-DD``, in Seoul) or one region (its code) has."""

    name: str
    count: int


@dataclass(frozen=True)
class Counted:
    """The confirmed signatures of a petition: ``cells``, and ``others`` that are counted in none of them.

    ``others`` is None where they are fewer than :data:`FEWEST`.
    """

    cells: tuple[Cell, ...]
    others: int | None
    version: str


def day_in_seoul(column: Any) -> sa.ColumnElement[str]:
    """The day of a moment in Seoul as ``YYYY-MM-DD``. Korea keeps UTC+9 all year."""
    if on_postgres():
        return sa.func.to_char(sa.func.timezone("Asia/Seoul", column), "YYYY-MM-DD")
    return sa.func.date(column, "+9 hours")


def signatures_by_day(petition_id: str) -> Counted:
    """Every day from the first signature to the last, quiet ones included; kept for a moment."""
    return snapshot(("signatures by day", petition_id), lambda: fill_quiet_days(read_days(petition_id)))


def signatures_by_region(petition_id: str) -> Counted:
    """The regions as :func:`hide_small` shows them; kept for a moment."""
    return snapshot(("signatures by region", petition_id), lambda: hide_small(read_regions(petition_id)))


def read_days(petition_id: str) -> list[tuple[str, int]]:
    """(day, count), in the order of the days."""
    day = day_in_seoul(Signature.validated_at).label("day")
    return count_by(petition_id, day)


def read_regions(petition_id: str) -> list[tuple[str, int]]:
    """(code, count), in the order of the codes."""
    return count_by(petition_id, Signature.region)


def count_by(petition_id: str, what: Any) -> list[tuple[str, int]]:
    rows = db.session.execute(
        sa.select(what, sa.func.count())
        .where(Signature.petition_id == petition_id, Signature.state == "validated")
        .group_by(what)
        .order_by(what)
    )
    return [(str(name), int(count)) for name, count in rows]


def fill_quiet_days(days: Sequence[tuple[str, int]]) -> Counted:
    """The days with nothing between the first and the last are counted too, as 0."""
    if not days:
        return counted((), 0)
    known = dict(days)
    first, last = date.fromisoformat(days[0][0]), date.fromisoformat(days[-1][0])
    names = [(first + timedelta(days=offset)).isoformat() for offset in range((last - first).days + 1)]
    return counted([(name, known.get(name, 0)) for name in names], 0)


def hide_small(regions: Sequence[tuple[str, int]]) -> Counted:
    """Regions in whole steps of :data:`FEWEST`, most first; what is left of each is counted together."""
    whole = [(name, count - count % FEWEST) for name, count in regions if count >= FEWEST]
    others = sum(count for _name, count in regions) - sum(count for _name, count in whole)
    shown = sorted(whole, key=lambda pair: (-pair[1], pair[0]))
    return counted(shown, others if others >= FEWEST else None)


def counted(pairs: Sequence[tuple[str, int]], others: int | None) -> Counted:
    cells = tuple(Cell(name, count) for name, count in pairs)
    return Counted(cells, others, version_of(cells, others))
