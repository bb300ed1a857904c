"""Pages of a co-operative: for everybody, for its members, and for whoever runs it."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template

from app.petitions.reading import public_petition
from app.petitions.showing import version_of
from app.web.caching import for_everybody, kept
from app.web.guards import anyone

from .reading import cooperative_view

blueprint = Blueprint("cooperating", __name__)


@blueprint.get("/actions/<slug>/members")
@anyone
@for_everybody
def members(slug: str) -> Response:
    """How many members there are and what became of each surplus, the same for everybody."""
    petition = public_petition(slug)
    view = cooperative_view(petition.id)
    if view is None:
        abort(404)
    return kept(
        ("members", slug),
        version_of(petition.version, repr(view)),
        lambda: render_template("cooperating/members.html", petition=petition, cooperative=view),
    )


from . import desk_views, member_views  # noqa: E402, F401
