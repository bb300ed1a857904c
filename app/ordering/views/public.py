"""The page of a group order, the same for everybody."""

from __future__ import annotations

from flask import Response, abort, render_template

from app.ordering.reading import OrderView, order_view
from app.petitions.reading import public_petition
from app.petitions.showing import PetitionView, version_of
from app.web.caching import for_everybody, kept
from app.web.guards import anyone

from . import blueprint


@blueprint.get("/actions/<slug>/order")
@anyone
@for_everybody
def show(slug: str) -> Response:
    """Prices, where the crowd stands, freight and duty, pick-up points; at the end what it came to."""
    petition = public_petition(slug)
    order = order_view(petition)
    if order is None:
        abort(404)
    version = version_of(petition.version, order.version)
    return kept(("order", slug), version, lambda: render(petition, order))


def render(petition: PetitionView, order: OrderView) -> str:
    return render_template("ordering/show.html", petition=petition, order=order)


@blueprint.app_template_global()
def order_of(petition: PetitionView) -> OrderView | None:
    """The petition's group order, for the partials on other pages."""
    return order_view(petition)
