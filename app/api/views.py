"""The JSON that other people's scripts rely on; money in minor units, moments in ISO 8601."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, Response, abort, request

from app.actions.reading import plan_view
from app.actions.summing_up import iso, petition_json, threshold_json
from app.petitions.browsing import list_petitions, search_from
from app.petitions.reading import petition_view
from app.petitions.showing import Listed, version_of
from app.web.caching import for_everybody, kept
from app.web.guards import anyone
from app.web.links import absolute

from .description import describe

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


@blueprint.after_request
def open_to_every_site(response: Response) -> Response:
    """Any page may read this; nothing here depends on who asks, so no credentials are ever allowed."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@blueprint.get("/petitions")
@anyone
@for_everybody
def petitions() -> Response:
    """Public petitions: ``?q=&state=&sort=&page=``; ``next`` is a link or null."""
    search = search_from(request.args)
    found = list_petitions(search)

    def write() -> str:
        page = found.next_page
        following = absolute("api.petitions", **search.arguments(page=page)) if page else None
        items = [listed(petition) for petition in found.items]
        return as_json({"items": items, "total": found.total, "next": following})

    return kept(("api.petitions", search), found.version, write, mimetype="application/json")


@blueprint.get("/petitions/<slug>")
@anyone
@for_everybody
def petition(slug: str) -> Response:
    """One petition with its tallies, and its action once there is one."""
    view = petition_view(slug)
    if view is None or view.state == "hidden":
        abort(404)
    if not view.is_public:
        abort(410)
    plan = plan_view(view.id)
    version = version_of(view.version, plan.version)
    name = ("api.petition", slug, view.as_of)
    return kept(name, version, lambda: as_json(petition_json(view, plan)), mimetype="application/json")


@blueprint.get("/openapi.json")
@anyone
@for_everybody
def openapi() -> Response:
    """What the addresses above take and answer, in OpenAPI 3.1."""
    server = absolute("api.openapi").removesuffix("/openapi.json")
    return kept(
        ("openapi",), server, lambda: as_json(describe(server)), max_age=60, mimetype="application/json"
    )


def listed(petition: Listed) -> dict[str, Any]:
    return {
        "slug": petition.slug,
        "title": petition.title,
        "state": petition.state,
        "deadline": iso(petition.deadline),
        "thresholds": [threshold_json(t) for t in petition.thresholds],
    }


def as_json(content: dict[str, Any]) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"
