"""Petitions: the list, which is also the search, and one of them."""

from __future__ import annotations

from typing import Any

from flask import Response, request

from app.actions.reading import plan_view
from app.actions.summing_up import listed_json, petition_json, update_json
from app.api.paging import NEWS_ON_A_PAGE, asked_page, listed, next_link
from app.api.writing import public_answer
from app.petitions.browsing import list_petitions, search_from
from app.petitions.reading import count_updates, public_petition, read_updates
from app.petitions.showing import UpdateView, version_of
from app.web.caching import for_everybody, snapshot
from app.web.guards import anyone
from app.web.links import absolute

from . import blueprint


@blueprint.get("/petitions")
@anyone
@for_everybody
def petitions() -> Response:
    """Public petitions: ``?q=&state=&topic=&sort=&page=``; ``next`` is a link or null."""
    search = search_from(request.args)
    found = list_petitions(search)

    def content() -> dict[str, Any]:
        page = found.next_page
        following = absolute("api.petitions", **search.arguments(page=page)) if page else None
        return listed([listed_json(each) for each in found.items], found.total, following)

    return public_answer(("api.petitions", search), found.version, content)


@blueprint.get("/petitions/<slug>")
@anyone
@for_everybody
def petition(slug: str) -> Response:
    """One petition with its text and tallies, and its action once there is one."""
    view = public_petition(slug)
    plan = plan_view(view.id)
    name = ("api.petition", slug, view.as_of)
    return public_answer(name, version_of(view.version, plan.version), lambda: petition_json(view, plan))


@blueprint.get("/petitions/<slug>/updates")
@anyone
@for_everybody
def updates(slug: str) -> Response:
    """News from the organizer, the latest first."""
    petition_id, page = public_petition(slug).id, asked_page()
    items, total = snapshot(("updates", petition_id, page), lambda: read_news(petition_id, page))

    def content() -> dict[str, Any]:
        following = next_link("api.updates", page, total, on_a_page=NEWS_ON_A_PAGE, slug=slug)
        return listed([update_json(slug, each) for each in items], total, following)

    return public_answer(("api.updates", slug, page), version_of(items, total), content)


def read_news(petition_id: str, page: int) -> tuple[tuple[UpdateView, ...], int]:
    skip = (page - 1) * NEWS_ON_A_PAGE
    return read_updates(petition_id, most=NEWS_ON_A_PAGE, skip=skip), count_updates(petition_id)
