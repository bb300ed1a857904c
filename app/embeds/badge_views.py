"""The badge as a picture, and as the few words from which shields.io draws its own."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, json

from app.web.caching import for_everybody, tag_of
from app.web.guards import anyone

from .answers import good_for, has_copy, spoken
from .badge import Badge, draw_badge, words_for
from .looks import asked_look
from .reading import Widget, drawn, find_widget
from .views import blueprint

BADGE_AGE = 60
"""Seconds for which a badge may be shown without asking again."""


@blueprint.get("/embed/v1/<slug>.svg")
@anyone
@for_everybody
def badge(slug: str) -> Response:
    """The badge: a picture of at most 2 KB."""
    look = asked_look()
    return answer_for(
        slug, "svg", "image/svg+xml", lambda shown: draw_badge(shown, look), look.theme, look.colour
    )


@blueprint.get("/embed/v1/<slug>.json")
@anyone
@for_everybody
def shield(slug: str) -> Response:
    """The badge in words: https://shields.io/badges/endpoint-badge, version 1 of its schema.

    What was taken down is said with 200, for shields.io reads the words of no other answer.
    """
    response = answer_for(slug, "json", "application/json", shield_json)
    if response.status_code == 410:
        response.status_code = 200
    return response


def shield_json(shown: Badge) -> str:
    said = {"schemaVersion": 1, "label": shown.name, "message": shown.words, "color": shown.colour}
    wrong = {"isError": True} if shown.status != 200 else {}
    return json.dumps(said | wrong | {"cacheSeconds": BADGE_AGE})


def answer_for(slug: str, kind: str, mimetype: str, draw: Callable[[Badge], str], *look: object) -> Response:
    """The answer for a petition's badge: 404 where there is none, 410 where it was taken down."""
    widget = find_widget(slug)
    shown = words_for(widget)
    tag = tag_of("badge", kind, shown, look, *spoken())
    if shown.status == 200 and has_copy(tag):
        response = Response(status=304)
    else:
        text = drawn(("badge", kind, slug, tag), lambda: draw(shown))
        response = Response(text, shown.status, mimetype=mimetype)
    response.set_etag(tag, weak=True)
    return good_for(response, age_of(widget), BADGE_AGE)


def age_of(widget: Widget | None) -> int:
    return widget.age if widget else 0
