"""The public books as JSON."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.actions.public_books import Line, kept_books
from app.actions.summing_up import iso
from app.api.paging import asked_page, listed, next_link, on_page
from app.api.writing import figures_json, public_answer
from app.web.caching import for_everybody
from app.web.guards import anyone

from . import blueprint


@blueprint.get("/books")
@anyone
@for_everybody
def books() -> Response:
    """One line an action, the sums by currency of what is no action yet, and of everything."""
    read, page = kept_books(), asked_page()

    def content() -> dict[str, Any]:
        total = len(read.lines)
        return listed(
            [line_json(line) for line in on_page(read.lines, page)],
            total,
            next_link("api.books", page, total),
            totals=[figures_json(each) for each in read.totals.values()],
            open=[figures_json(each) for each in read.open.values()],
            as_of=iso(read.as_of),
        )

    return public_answer(("api.books", page, read.as_of), read.version, content)


def line_json(line: Line) -> dict[str, Any]:
    return {
        "slug": line.slug,
        "title": line.title,
        "state": line.state,
        "started_at": iso(line.started_at),
        "figures": figures_json(line.figures),
    }
