"""The public books, as a page and as a sheet."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response, render_template

from app.actions.figuring import Figures
from app.actions.public_books import AMOUNTS, Books, kept_books
from app.web.caching import for_everybody, kept
from app.web.guards import anyone
from app.web.sheets import sheet

from .views import blueprint

COLUMNS = ("petition", "state", "started_at", "currency", "backers", *AMOUNTS)


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
    response = kept(("books.csv",), read.version, lambda: sheet(COLUMNS, rows(read)), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="dure-books.csv"'
    return response


def rows(read: Books) -> Iterator[list[object]]:
    for line in read.lines:
        started = line.started_at.isoformat(timespec="seconds")
        yield [line.slug or "", line.state, started, *cells(line.figures)]
    for figures in read.open.values():
        yield ["", "not an action", "", *cells(figures)]


def cells(figures: Figures) -> list[str | int]:
    return [figures.currency, figures.backers, *(getattr(figures, amount) for amount in AMOUNTS)]
