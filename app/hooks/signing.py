"""Signatures by Standard Webhooks; the secrets follow from the installation's key and are kept nowhere."""

from __future__ import annotations

import base64
import hmac
from datetime import datetime, timedelta

from flask import current_app
from standardwebhooks import Webhook

OVERLAP = timedelta(days=1)
"""How long the secret before the present one still signs, so that a receiver can be changed over."""


def secret_of(endpoint_id: str, rotation: int) -> str:
    """The signing secret: HMAC-SHA256 of the endpoint and its rotation by the installation's key."""
    key = current_app.config["DURE"].secret_key.get_secret_value().encode()
    secret = hmac.digest(key, f"webhook-secret:{endpoint_id}:{rotation}".encode(), "sha256")
    return f"whsec_{base64.b64encode(secret).decode()}"


def secrets_at(endpoint_id: str, rotation: int, rotated_at: datetime | None, at: datetime) -> list[str]:
    """The secrets that sign at a moment, the present one first."""
    overlapping = rotation > 0 and rotated_at is not None and at < rotated_at + OVERLAP
    return [secret_of(endpoint_id, number) for number in range(rotation, rotation - 1 - overlapping, -1)]


def signed_headers(message_id: str, body: str, at: datetime, secrets: list[str]) -> dict[str, str]:
    """The three headers of one attempt; ``at`` is aware, in UTC."""
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(Webhook(secret).sign(message_id, at, body) for secret in secrets),
    }
