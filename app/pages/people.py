"""The public page of an organizer: everybody sees the same."""

from __future__ import annotations

from flask import Response, abort, render_template

from app.embeds.offering.offers import person_code
from app.petitions.organizers import organizer_view
from app.web.caching import for_everybody, kept
from app.web.guards import anyone
from app.web.links import absolute

from .views import blueprint


@blueprint.get("/people/<handle>")
@anyone
@for_everybody
def person(handle: str) -> Response:
    """Whoever has started a public petition, and these petitions; nothing else of the person."""
    organizer = organizer_view(handle)
    if organizer is None:
        abort(404)
    return kept(
        ("person", handle),
        organizer.version,
        lambda: render_template(
            "pages/person.html",
            organizer=organizer,
            address=absolute("pages.person", handle=handle),
            frame=person_code(organizer),
        ),
    )
