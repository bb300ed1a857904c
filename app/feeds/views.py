"""Feeds and calendars for everybody; the open data hangs its pages on the same blueprint."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request, url_for

from app.actions.reading import plan_view
from app.petitions.browsing import Search, list_petitions
from app.petitions.reading import public_petition
from app.petitions.showing import version_of
from app.petitions.topics import TOPICS
from app.web.caching import for_everybody, kept, snapshot
from app.web.calendars import calendar_of
from app.web.guards import anyone
from app.web.languages import asked_language, speaking
from app.web.links import absolute

from .atom import CONTENT_TYPE, About, base_url, write_feed
from .dates import events_of, has_dates, read_owed
from .happenings import happenings_of
from .lists import about_list, entry_of, feed_search

blueprint = Blueprint("feeds", __name__)

CALENDAR_TYPE = "text/calendar"
UNASKED = 60
"""Seconds for which a program need not ask again."""


@blueprint.after_request
def open_to_every_site(response: Response) -> Response:
    """Any page may read this; nothing here depends on who asks."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


@blueprint.get("/petitions/<slug>/feed.atom")
@anyone
@for_everybody
def petition(slug: str) -> Response:
    """What happened to a petition, in its own language unless ``?lang=`` asks for the other."""
    view = public_petition(slug)
    plan = plan_view(view.id)
    spoken = asked_language() or view.locale

    def write() -> str:
        about = About(
            key=f"petition/{view.id}/feed",
            title=view.title,
            subtitle=view.summary,
            link=absolute("pages.petition", slug=slug),
            own=absolute("feeds.petition", slug=slug),
            language=spoken,
        )
        with speaking(spoken):
            return write_feed(about, happenings_of(view, plan, spoken))

    version = version_of(view.version, plan.version)
    return kept(("feed", slug), version, write, max_age=UNASKED, mimetype=CONTENT_TYPE)


@blueprint.get("/petitions.atom")
@anyone
@for_everybody
def petitions() -> Response:
    """The newest petitions of a search: ``?q=&state=&topic=``."""
    return list_feed(feed_search(request.args))


@blueprint.get("/topics/<topic>.atom")
@anyone
@for_everybody
def topic(topic: str) -> Response:
    """The newest petitions of a topic."""
    if topic not in TOPICS:
        abort(404)
    return list_feed(Search(sort="new", topic=topic))


def list_feed(search: Search) -> Response:
    found = list_petitions(search)
    own = base_url() + url_of_list(search)

    def write() -> str:
        entries = (entry_of(petition) for petition in found.items)
        return write_feed(about_list(search, own), (entry for entry in entries if entry is not None))

    return kept(("list feed", search), found.version, write, max_age=UNASKED, mimetype=CONTENT_TYPE)


@blueprint.app_template_global()
def url_of_list(search: Search) -> str:
    """The feed of what a list of petitions asks for; a topic alone has an address of its own."""
    asked = {name: value for name, value in search.arguments().items() if name in ("q", "state", "topic")}
    if asked.keys() == {"topic"}:
        return url_for("feeds.topic", topic=search.topic)
    return url_for("feeds.petitions", **asked)


@blueprint.get("/petitions/<slug>/calendar.ics")
@anyone
@for_everybody
def calendar(slug: str) -> Response:
    """The dates of a petition, to subscribe to; an archived one has none."""
    view = public_petition(slug)
    if not has_dates(view):
        abort(404)
    plan = plan_view(view.id)
    owed = snapshot(("owed", view.id), lambda: read_owed(view.id))

    def write() -> str:
        with speaking(asked_language() or view.locale):
            events = events_of(view, plan, owed)
        return calendar_of(view.title, events, url=absolute("pages.petition", slug=slug)).decode()

    version = version_of(view.version, plan.version, owed)
    return kept(("calendar", slug), version, write, max_age=UNASKED, mimetype=CALENDAR_TYPE)


@blueprint.app_template_global()
def subscription_of(slug: str) -> str:
    """The address by which a calendar program subscribes to a petition's dates."""
    address = absolute("feeds.calendar", slug=slug)
    return "webcal:" + address.partition(":")[2]


from . import data_views  # noqa: E402, F401
