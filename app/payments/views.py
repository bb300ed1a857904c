"""The webhook route, and the sandbox's own pages."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request

from app.web.guards import gateway_only

from .door import ForgedMessage
from .receiving import receive

blueprint = Blueprint("payments", __name__)

LONGEST_MESSAGE = 64 * 1024
"""Bytes; a message names an object and says no more."""


@blueprint.post("/webhooks/<gateway>")
@gateway_only
def webhook(gateway: str) -> Response:
    """Take a gateway's signed message: 204 when it is stored, also the second time; 400 when forged."""
    request.max_content_length = LONGEST_MESSAGE
    try:
        receive(gateway, request.get_data(), dict(request.headers))
    except LookupError:
        abort(404)
    except ForgedMessage:
        return Response("This message is not the gateway's.\n", 400, mimetype="text/plain")
    return Response(status=204)


from .sandbox import gateway as sandbox_gateway  # noqa: E402, F401
from .sandbox import pages  # noqa: E402, F401
