"""The sandbox's webhooks: what it has to say, and how reliably it says it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app import clock
from app.db import db, new_id

from .models import SandboxEvent

events: Any = SandboxEvent.__table__


@dataclass(frozen=True)
class Deliveries:
    """How messages travel: ``copies`` times (0 is never), after ``delay``, in or out of order.

    Only what the caller has not been told in the answer is worth a message: confirmations, expiries
    and answers that got lost. With ``everything`` each change is told, as a talkative gateway does.
    """

    copies: int = 1
    delay: timedelta = timedelta()
    backwards: bool = False
    everything: bool = False


def deliveries() -> Deliveries:
    """How messages travel now, in this process."""
    policy: Deliveries = current_app.extensions.get("sandbox_deliveries", Deliveries())
    return policy


@contextmanager
def delivering(policy: Deliveries) -> Iterator[None]:
    """Let messages travel so inside the block."""
    before = deliveries()
    current_app.extensions["sandbox_deliveries"] = policy
    try:
        yield
    finally:
        current_app.extensions["sandbox_deliveries"] = before


def tell(kind: str, object_id: str, *, told: bool = True) -> None:
    """Write the message in the transaction of the change it speaks of.

    ``told``: the caller learns of the change from the answer to its own call.
    """
    policy = deliveries()
    if policy.copies == 0 or (told and not policy.everything):
        return
    at = clock.now()
    db.session.execute(
        sa.insert(events).values(
            id=new_id(),
            kind=kind,
            object_id=object_id,
            created_at=at,
            due_at=at + policy.delay,
            deliveries_left=policy.copies,
        )
    )
