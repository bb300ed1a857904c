"""What every answer to another site's page has in common: who may show it, and how long it is good."""

from __future__ import annotations

from flask import Response, request

from app.web.headers import policy
from app.web.languages import asked_language, language

from .reading import INTERVAL

ANYWHERE = policy(frame_ancestors="*", form_action="'none'")
AS_OF = "Dure-As-Of"
"""The header by which an open widget learns when the numbers were read: the moment, and its words, quoted."""


def open_to_other_sites(response: Response) -> Response:
    """Let every site show and read this; a view may have said less itself."""
    headers = response.headers
    headers.setdefault("Content-Security-Policy", ANYWHERE)
    headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    headers["Cross-Origin-Embedder-Policy"] = "require-corp"
    headers["Access-Control-Allow-Origin"] = "*"
    headers["Access-Control-Expose-Headers"] = f"ETag, Age, {AS_OF}"
    return response


def good_for(response: Response, age: int = 0, seconds: int = INTERVAL) -> Response:
    """Anybody may keep this until it is ``seconds`` old; it is ``age`` seconds old now."""
    response.headers["Cache-Control"] = f"public, max-age={seconds}"
    response.headers["Age"] = str(age)
    response.headers["Vary"] = "Accept-Language"
    return response


def spoken() -> tuple[str, str | None]:
    """What an answer's words depend on."""
    return language(), asked_language()


def has_copy(tag: str) -> bool:
    """Whether the reader already has what this entity tag names."""
    return request.if_none_match.contains_weak(tag)
