"""Signed webhooks as the Standard Webhooks specification has them (HMAC-SHA256, version ``v1``).

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Mapping

from flask import current_app

from app import clock
from app.payments.door import ForgedMessage, GatewayEvent

TOLERANCE = 300
"""Seconds by which a message's timestamp may differ from our clock."""


def secret() -> bytes:
    """The key shared by the sandbox and our webhook route, drawn from the application's own."""
    return hmac.digest(current_app.config["SECRET_KEY"].encode(), b"dure.sandbox.webhook", "sha256")


def signature(key: bytes, message_id: str, timestamp: str, body: bytes) -> str:
    """``v1,`` and the base64 of HMAC-SHA256 over ``id.timestamp.body``."""
    signed = b".".join((message_id.encode(), timestamp.encode(), body))
    return "v1," + base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


def sign_message(message_id: str, body: bytes) -> dict[str, str]:
    """The headers of a message sent now."""
    timestamp = str(int(clock.now().timestamp()))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": signature(secret(), message_id, timestamp, body),
    }


def verify_message(body: bytes, headers: Mapping[str, str]) -> GatewayEvent:
    """Read a message of the sandbox's after checking signature and age.

    Raises:
        ForgedMessage: a header is missing, the signature does not fit the raw body, or it is too old.
    """
    given = {name.lower(): value for name, value in headers.items()}
    try:
        message_id, timestamp = given["webhook-id"], given["webhook-timestamp"]
        candidates = given["webhook-signature"].split()
        age = abs(clock.now().timestamp() - int(timestamp))
    except (KeyError, ValueError, OverflowError) as error:
        raise ForgedMessage("unsigned") from error
    expected = signature(secret(), message_id, timestamp, body).encode()
    if not any(hmac.compare_digest(expected, candidate.encode()) for candidate in candidates):
        raise ForgedMessage("the signature does not fit")
    if age > TOLERANCE:
        raise ForgedMessage("too old")
    content = json.loads(body)
    return GatewayEvent("sandbox", message_id, content["type"], content["data"]["object"])
