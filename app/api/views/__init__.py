"""The JSON that other people's scripts rely on; money in minor units, moments in ISO 8601."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from app.api.asking import mark_writing
from app.api.limiting import READS, Allowance, mark, policy_for_everybody, refuse_too_many
from app.errors import Refusal
from app.web.errors import is_for_programs
from app.web.limits import network

LONGEST_QUERY = 4096
"""Bytes that a question in the address may have."""

EXPOSED = (
    "ETag, Link, Retry-After, RateLimit-Policy, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, "
    "Idempotency-Replayed, WWW-Authenticate"
)

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")


@blueprint.before_request
def refuse_excess() -> None:
    """An address of endless length, and more requests than anybody needs."""
    if len(request.query_string) > LONGEST_QUERY:
        raise Refusal(_("This asks for too much at once. Shorten the address."))
    if request.method != "OPTIONS":
        refuse_too_many(Allowance(READS, ("api", network())))


@blueprint.after_app_request
def open_to_every_site(response: Response) -> Response:
    """Any page may read, as what is read does not depend on who asks; credentials are never allowed.

    Nothing lets a page of another site send an access token: a token in a page is no secret any more.
    """
    if not is_for_programs():
        return response
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = EXPOSED
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if request.method == "OPTIONS":
        response.headers["Access-Control-Allow-Methods"] = "GET, HEAD"
        response.headers["Access-Control-Allow-Headers"] = "Accept-Language, If-None-Match"
        response.headers["Access-Control-Max-Age"] = "86400"
    mark_writing(response)
    mark(response, policy_for_everybody())
    return response


from . import actions, books, description, petitions, pledging, points, signatures, signing  # noqa: E402, F401
