"""The public books: what every action has collected, paid out and given back, and the sums of it all."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask import Response, render_template

from app import clock
from app.actions.figuring import Figures, add_up, figures_by_petition
from app.actions.models import Action
from app.db import db
from app.petitions.models import PUBLIC_STATES, Petition
from app.petitions.showing import version_of
from app.web.caching import for_everybody, kept, snapshot
from app.web.guards import anyone

from .views import blueprint

MOST_SHOWN = 100
AMOUNTS = ("pledged", "held", "captured", "refunded", "paid_out", "in_escrow")


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


@blueprint.get("/books")
@anyone
@for_everybody
def books() -> Response:
    """The books as a page."""
    read = kept_books()
    return kept(("books",), read.version, lambda: render_template("pages/books.html", books=read))


@blueprint.get("/books.csv")
@anyone
@for_everybody
def books_csv() -> Response:
    """The books as a sheet: every action, amounts in minor units."""
    read = kept_books()
    response = kept(("books.csv",), read.version, lambda: sheet(read), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="dure-books.csv"'
    return response


def sheet(read: Books) -> str:
    """UTF-8 with a byte order mark, CRLF (RFC 4180). No cell can start a formula."""
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(["petition", "state", "started_at", "currency", "backers", *AMOUNTS])
    for line in read.lines:
        started = line.started_at.isoformat(timespec="seconds")
        writer.writerow([line.slug or "", line.state, started, *cells(line.figures)])
    for figures in read.open.values():
        writer.writerow(["", "not an action", "", *cells(figures)])
    return "\ufeff" + written.getvalue()


def cells(figures: Figures) -> list[str | int]:
    return [figures.currency, figures.backers, *(getattr(figures, amount) for amount in AMOUNTS)]
