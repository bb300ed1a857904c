"""The list of petitions: search as a page, and as a fragment while typing."""

from __future__ import annotations

from flask import Response, render_template, request

from app.errors import Refusal
from app.web.caching import for_everybody, kept
from app.web.guards import anyone
from app.web.htmx import answer, wants_fragment

from .browsing import LONGEST_QUERY, SORTS, STATES, Search, list_petitions, search_from
from .topics import TOPICS
from .views import blueprint

PAGE = "petitions/index.html"
FRAGMENT = "petitions/_results.html"


@blueprint.get("/petitions")
@anyone
@for_everybody
def index() -> Response:
    """Every public petition that the search asks for; works without JavaScript."""
    try:
        search = search_from(request.args)
    except Refusal as refusal:
        asked = Search(q=request.args.get("q", "")[: 2 * LONGEST_QUERY])
        return answer(
            PAGE,
            FRAGMENT,
            refusal.status,
            found=None,
            search=asked,
            refusal=refusal,
            states=STATES,
            sorts=SORTS,
            topics=TOPICS,
        )
    found = list_petitions(search)
    return kept(
        ("petitions.index", search),
        found.version,
        lambda: render_template(
            FRAGMENT if wants_fragment() else PAGE,
            found=found,
            search=search,
            refusal=None,
            states=STATES,
            sorts=SORTS,
            topics=TOPICS,
        ),
        fragments=True,
    )
