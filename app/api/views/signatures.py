"""Signatures in sums: by day and by region, never one by one."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.api.paging import asked_page, listed, next_link, on_page
from app.api.writing import public_answer
from app.petitions.counting import Counted, signatures_by_day, signatures_by_region
from app.petitions.reading import public_petition
from app.web.caching import for_everybody
from app.web.guards import anyone

from . import blueprint


@blueprint.get("/petitions/<slug>/signatures/by-day")
@anyone
@for_everybody
def signatures_by_days(slug: str) -> Response:
    """How many people signed on each day in Seoul, from the first signature to the last."""
    return show("api.signatures_by_days", "day", slug, signatures_by_day(public_petition(slug).id))


@blueprint.get("/petitions/<slug>/signatures/by-region")
@anyone
@for_everybody
def signatures_by_regions(slug: str) -> Response:
    """How many people signed in each region, in fives; what is left of the regions are ``others``."""
    counted = signatures_by_region(public_petition(slug).id)
    return show("api.signatures_by_regions", "region", slug, counted, others=counted.others)


def show(endpoint: str, name: str, slug: str, counted: Counted, **more: int | None) -> Response:
    page, total = asked_page(), len(counted.cells)

    def content() -> dict[str, Any]:
        items = [{name: cell.name, "count": cell.count} for cell in on_page(counted.cells, page)]
        return listed(items, total, next_link(endpoint, page, total, slug=slug), **more)

    return public_answer((endpoint, slug, page), counted.version, content)
