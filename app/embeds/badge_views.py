"""The badge as a picture, and as the few words from which shields.io draws its own."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, json, request

from app.web.caching import for_everybody, tag_of
from app.web.guards import anyone

from .answers import AS_OF, good_for, has_copy, spoken
from .badge import Badge, colour_of, draw_badge, words_for
from .keeping import SHOWS
from .looks import Look, asked_look
from .polling import said_as_of
from .reading import Widget, drawn, find_widget
from .views import blueprint

BADGE_AGE = 60
"""Seconds for which a badge may be shown without asking again."""


@blueprint.get("/embed/v1/<slug>.svg")
@anyone
@for_everybody
def badge(slug: str) -> Response:
    """The badge: a picture of at most 2 KB, whose loads are counted as those of frames are."""
    widget = find_widget(slug)
    if widget is not None and widget.is_public:
        request.environ[SHOWS] = widget.petition.id
    return answer_for(widget, "svg", "image/svg+xml", draw_badge)


@blueprint.get("/embed/v1/<slug>.json")
@anyone
@for_everybody
def shield(slug: str) -> Response:
    """The badge in words: https://shields.io/badges/endpoint-badge, version 1 of its schema.

    What was taken down is said with 200, for shields.io reads the words of no other answer.
    """
    response = answer_for(find_widget(slug), "json", "application/json", shield_json)
    if response.status_code == 410:
        response.status_code = 200
    return response


def shield_json(shown: Badge, look: Look) -> str:
    colour = colour_of(shown, look)
    said = {"schemaVersion": 1, "label": shown.name, "message": shown.words, "color": colour}
    wrong = {"isError": True} if shown.status != 200 else {}
    return json.dumps(said | wrong | {"cacheSeconds": BADGE_AGE})


def answer_for(
    widget: Widget | None, kind: str, mimetype: str, draw: Callable[[Badge, Look], str]
) -> Response:
    """The answer for a petition's badge: 404 where there is none, 410 where it was taken down.

    The moment of the read is in the picture's title, which its entity tag names, and in a header.
    """
    look, shown = asked_look(), words_for(widget)
    tag = tag_of("badge", kind, shown, look, *spoken())
    if shown.status == 200 and has_copy(tag):
        response = Response(status=304)
    else:
        text = drawn(("badge", kind, tag), lambda: draw(shown, look))
        response = Response(text, shown.status, mimetype=mimetype)
    if shown.as_of:
        response.headers[AS_OF] = said_as_of(shown.as_of)
    response.set_etag(tag, weak=True)
    return good_for(response, age_of(widget), BADGE_AGE)


def age_of(widget: Widget | None) -> int:
    return widget.age if widget else 0
