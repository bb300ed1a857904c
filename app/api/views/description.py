"""The description of everything under ``/api/v1``, for programs that read it."""

from __future__ import annotations

from flask import Response

from app.api.description import describe
from app.api.writing import public_answer
from app.web.caching import for_everybody
from app.web.guards import anyone
from app.web.links import absolute

from . import blueprint


@blueprint.get("/openapi.json")
@anyone
@for_everybody
def openapi() -> Response:
    """What the addresses of this interface take and answer, in OpenAPI 3.1."""
    server = absolute("api.openapi").removesuffix("/openapi.json")
    return public_answer(("openapi",), server, lambda: describe(server), max_age=60)
