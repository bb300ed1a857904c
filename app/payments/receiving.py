"""Receiving a gateway's message: checked, stored once, announced; believed only after a look-up."""

from __future__ import annotations

from collections.abc import Mapping

from app import clock
from app.db import insert_unless_there, new_id, run_tx
from app.outbox import announce

from .door import GatewayEvent, gateway
from .models import WebhookMessage


def receive(gateway_name: str, body: bytes, headers: Mapping[str, str]) -> bool:
    """Store a message and announce ``gateway_event``; False when it had been stored before.

    Raises:
        LookupError: there is no such gateway.
        ForgedMessage: the message is not the gateway's, or too old.
    """
    event = gateway(gateway_name).verify_webhook(body, headers)
    return run_tx(lambda: store(event))


def store(event: GatewayEvent) -> bool:
    values = {
        "id": new_id(),
        "gateway": event.gateway,
        "event_id": event.event_id,
        "kind": event.kind,
        "object_id": event.object_id,
        "received_at": clock.now(),
    }
    if not insert_unless_there(WebhookMessage, values):
        return False
    announce("gateway_event", gateway=event.gateway, object_id=event.object_id, kind=event.kind)
    return True
