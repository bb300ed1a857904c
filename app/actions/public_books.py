"""The public books: what every action has collected, paid out and given back, and the sums of it all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app import clock
from app.db import db
from app.petitions.models import PUBLIC_STATES, Petition
from app.petitions.showing import version_of
from app.web.caching import snapshot

from .figuring import Figures, add_up, figures_by_petition
from .models import Action

MOST_SHOWN = 100
AMOUNTS = ("pledged", "held", "captured", "refunded", "paid_out", "in_escrow")
"""What everybody is told of an action's money, as :class:`Figures` names it."""


@dataclass(frozen=True)
class Line:
    """One action; ``slug`` and ``title`` are None where its petition is out of sight."""

    slug: str | None
    title: str | None
    state: str
    started_at: datetime
    figures: Figures


@dataclass(frozen=True)
class Books:
    """``totals`` by currency are the sum of all ``lines`` and of ``open``: petitions not fired (yet)."""

    lines: tuple[Line, ...]
    open: dict[str, Figures]
    totals: dict[str, Figures]
    as_of: datetime
    version: str

    @property
    def shown(self) -> tuple[Line, ...]:
        """The latest actions, which the page names one by one."""
        return self.lines[:MOST_SHOWN]

    @property
    def earlier(self) -> dict[str, Figures]:
        """The sums by currency of the actions the page does not name."""
        return add_up(line.figures for line in self.lines[MOST_SHOWN:])


def read_books() -> Books:
    """Everything, in three queries."""
    figures = figures_by_petition()
    rows = db.session.execute(
        sa.select(
            Action.petition_id,
            Action.currency,
            Action.state,
            Action.started_at,
            Petition.slug,
            Petition.title,
            Petition.state.label("petition_state"),
        )
        .join(Petition, Petition.id == Action.petition_id)
        .order_by(Action.started_at.desc(), Action.id.desc())
    ).all()
    lines = tuple(
        Line(
            slug=row.slug if row.petition_state in PUBLIC_STATES else None,
            title=row.title if row.petition_state in PUBLIC_STATES else None,
            state=row.state,
            started_at=row.started_at,
            figures=figures.get((row.petition_id, row.currency), Figures(row.currency)),
        )
        for row in rows
    )
    named = {(row.petition_id, row.currency) for row in rows}
    rest = add_up(each for key, each in figures.items() if key not in named)
    totals = add_up([*(line.figures for line in lines), *rest.values()])
    return Books(lines, rest, totals, clock.now(), version_of(lines, rest))


def kept_books() -> Books:
    return snapshot(("books",), read_books)
