"""The one module that knows flask-htmx: a page and its fragment live at one URL."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, make_response, render_template
from flask_htmx import HTMX

htmx = HTMX()


def init_app(app: Flask) -> None:
    htmx.init_app(app)


def wants_fragment() -> bool:
    """Whether htmx asks for the part alone; a restored history entry wants the whole page."""
    return bool(htmx) and not htmx.history_restore_request


def answer(page: str, fragment: str, status: int = 200, **context: Any) -> Response:
    """Render ``fragment`` for htmx and ``page`` for everybody else, and say that they differ."""
    response = make_response(render_template(fragment if wants_fragment() else page, **context), status)
    response.vary.add("HX-Request")
    return response
