"""Refusals and HTTP errors as pages: what happened, and what to do now."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import HTTPException

from app.errors import Refusal


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(Refusal, show_refusal)


def show_refusal(refusal: Refusal) -> Response:
    if refusal.field and is_for_programs():
        errors = {refusal.field: [str(refusal.sentence)]}
        return problem(refusal.status, _("That did not work"), str(refusal.sentence), errors=errors)
    return error_page(refusal.status, _("That did not work"), str(refusal.sentence))


def show_http_error(error: HTTPException) -> Response:
    status = error.code or 500
    title, sentence = words_for(status)
    response = error_page(status, title, sentence)
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            response.headers[name] = value
    return response


def error_page(status: int, title: str, sentence: str) -> Response:
    """The same answer as JSON (problem+json) under ``/api/``, as a page elsewhere."""
    if is_for_programs():
        return problem(status, title, sentence)
    return make_response(
        render_template("errors/error.html", status=status, title=title, sentence=sentence), status
    )


def is_for_programs() -> bool:
    """Whether the request is for the JSON interface, whatever it asked for there."""
    return f"{request.path}/".startswith("/api/")


def problem(status: int, title: str, sentence: str, **more: Any) -> Response:
    """A problem as RFC 9457 says it; ``more`` are members of its own, such as ``errors`` by field."""
    response = jsonify(type="about:blank", title=title, detail=sentence, status=status, **more)
    response.mimetype = "application/problem+json"
    response.status_code = status
    return response


def words_for(status: int) -> tuple[str, str]:
    """Title and sentence for an HTTP status."""
    words = {
        400: (_("We could not read that"), _("Go back, check the form and send it again.")),
        401: (
            _("We do not know who is asking"),
            _("Send an access token: make one under “My activity”, and put it in the Authorization header."),
        ),
        403: (
            _("We could not tell that this came from you"),
            _("Open the page on this site again and send the form from there."),
        ),
        404: (
            _("There is nothing at this address"),
            _("The link may be old or mistyped. Search the petitions instead."),
        ),
        405: (_("That cannot be done here"), _("Go back and use the buttons on the page.")),
        410: (_("This petition was taken down"), _("It can no longer be read or signed.")),
        413: (_("That is too large"), _("Send less text or a smaller image (up to 5 MB).")),
        415: (_("We cannot read this format"), _("Send JSON, and say so: Content-Type: application/json.")),
        429: (_("That was a little too fast"), _("Wait a minute, then try again. Nothing was lost.")),
        503: (_("We will be right back"), _("Nothing you sent was lost. Try again in a minute.")),
    }
    fallback = (
        _("Something broke on our side"),
        _("We have been told. Try again in a minute; nothing is charged twice."),
    )
    return words.get(status, fallback)
