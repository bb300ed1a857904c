"""Widgets on other people's pages: a frame and a badge. No cookie, no script needed, kept for seconds."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, render_template, request

from app import clock
from app.actions.reading import plan_view, shown_state
from app.petitions.reading import petition_view
from app.petitions.showing import PetitionView, version_of
from app.web.caching import for_everybody, kept, snapshot, tag_of
from app.web.guards import anyone
from app.web.headers import policy
from app.web.languages import asked_language, language
from app.web.links import absolute

from .badge import draw_badge

blueprint = Blueprint("embeds", __name__)

INTERVAL = 15
"""Seconds between two looks of an open widget; a copy older than this is sent anew."""
UNASKED = 5
"""Seconds for which a frame's copy may be shown without asking."""
BADGE_AGE = 60
THEMES = ("auto", "light", "dark")
ANYWHERE = policy(frame_ancestors="*", form_action="'none'")


@blueprint.after_request
def let_other_sites_show_it(response: Response) -> Response:
    """Everything under ``/embed/`` may be shown and read by every site; a view may say less itself."""
    if not request.path.startswith("/embed/"):
        return response
    response.headers.setdefault("Content-Security-Policy", ANYWHERE)
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.headers["Cross-Origin-Embedder-Policy"] = "require-corp"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@blueprint.get("/embed/v1/<slug>")
@anyone
@for_everybody
def frame(slug: str) -> Response:
    """The widget: both bars, where the petition stands, and the way to its page."""
    petition = petition_view(slug)
    theme = request.args.get("theme", "auto")
    look = {"theme": theme if theme in THEMES else "auto", "interval": INTERVAL}
    if petition is None:
        return gone(render_template("embeds/missing.html", taken_down=False, **look), 404)
    if not petition.is_public:
        return gone(render_template("embeds/missing.html", taken_down=True, **look), 410)
    plan = plan_view(petition.id)
    state = shown_state(petition, plan.action)
    return for_an_interval(
        petition,
        version_of(petition.version, plan.version, look),
        lambda: render_template(
            "embeds/frame.html",
            petition=petition,
            action=plan.action,
            shown_state=state,
            address=absolute("pages.petition", slug=slug),
            **look,
        ),
    )


def for_an_interval(petition: PetitionView, version: str, write: Callable[[], str]) -> Response:
    """The widget, or 304 where the reader's copy says the same and is younger than an interval.

    The entity tag carries the moment of the read, because the widget shows it.
    """
    content = tag_of(version, language(), asked_language())
    for tag in request.if_none_match.as_set(include_weak=True):
        same, _, read_at = tag.partition("-")
        if same == content and read_at.isdigit() and 0 <= clock.now().timestamp() - int(read_at) <= INTERVAL:
            response = Response(status=304)
            response.set_etag(tag, weak=True)
            break
    else:
        tag = f"{content}-{int(petition.as_of.timestamp())}"
        response = Response(snapshot(("frame", petition.slug, tag), write), mimetype="text/html")
        response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = f"public, max-age={UNASKED}"
    response.vary.add("Accept-Language")
    return response


@blueprint.get("/embed/v1/<slug>.svg")
@anyone
@for_everybody
def badge(slug: str) -> Response:
    """The badge: a picture of at most 2 KB."""
    petition = petition_view(slug)
    if petition is None:
        return gone(draw_badge(None, "missing"), 404, "image/svg+xml")
    if not petition.is_public:
        return gone(draw_badge(None, "removed"), 410, "image/svg+xml")
    plan = plan_view(petition.id)
    return kept(
        ("badge", slug),
        version_of(petition.version, plan.version),
        lambda: draw_badge(petition, shown_state(petition, plan.action)),
        max_age=BADGE_AGE,
        mimetype="image/svg+xml",
    )


def gone(body: str, status: int, mimetype: str = "text/html") -> Response:
    response = Response(body, status, mimetype=mimetype)
    response.headers["Cache-Control"] = f"public, max-age={UNASKED}"
    response.vary.add("Accept-Language")
    return response
