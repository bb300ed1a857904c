"""Delivering the sandbox's webhooks: signed, and received by the same function as the HTTP route's."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
import structlog

from app import clock
from app.db import db, run_tx
from app.payments.receiving import receive

from .asking import objects
from .moves import expire
from .signing import sign_message
from .telling import deliveries, events

BATCH = 200
PAUSE = timedelta(minutes=1)

log = structlog.get_logger()


def deliver_due_events() -> int:
    """Expire old holds, then deliver every message that is due; return how many deliveries were made.

    The worker calls this. A message that is not taken is tried again a minute later; running twice, or
    dying half way, delivers some messages twice, which changes nothing.
    """
    expire_due_holds()
    delivered = 0
    while batch := due_events():
        for event in batch:
            delivered += deliver(event)
    return delivered


def expire_due_holds() -> None:
    old = sa.select(objects.c.reference).where(
        objects.c.status == "held", objects.c.expires_at <= clock.now()
    )
    for row in read(old.limit(BATCH)):
        run_tx(partial(expire, row.reference))


def due_events() -> list[Any]:
    order = events.c.id.desc() if deliveries().backwards else events.c.id
    return read(sa.select(events).where(events.c.due_at <= clock.now()).order_by(order).limit(BATCH))


def deliver(event: Any) -> int:
    body, headers = message(event)
    try:
        receive("sandbox", body, headers)
    except Exception:
        log.exception("a sandbox message was not taken", message=event.id, kind=event.kind)
        run_tx(lambda: postpone(event.id))
        return 0
    run_tx(lambda: mark_delivered(event.id))
    return 1


def message(event: Any) -> tuple[bytes, dict[str, str]]:
    """The raw body and headers of one delivery, signed now."""
    body = json.dumps({"type": event.kind, "data": {"object": event.object_id}}).encode()
    return body, sign_message(event.id, body)


def mark_delivered(event_id: str) -> None:
    last = events.c.deliveries_left <= 1
    db.session.execute(
        sa.update(events)
        .where(events.c.id == event_id, events.c.deliveries_left > 0)
        .values(
            deliveries_left=events.c.deliveries_left - 1,
            due_at=sa.case((last, sa.null()), else_=events.c.due_at),
        )
    )


def postpone(event_id: str) -> None:
    db.session.execute(sa.update(events).where(events.c.id == event_id).values(due_at=clock.now() + PAUSE))


def read(query: sa.Select[Any]) -> list[Any]:
    with db.engines.get("read", db.engine).connect() as connection:
        return list(connection.execute(query))
