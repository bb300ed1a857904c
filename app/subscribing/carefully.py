"""One after the other, alone where it must be: trouble with one stops nobody else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import sqlalchemy as sa
import structlog

from app import clock
from app.db import db, run_tx
from app.outbox import announce
from app.pledges.models import Pledge

from .models import Subscription

BATCH = 100
REST = timedelta(hours=1)

log = structlog.get_logger()


def do_in_batches(pledge_ids: Sequence[str], verb: Callable[[str], object], step: str) -> None:
    """Do ``verb`` for every pledge, many in one transaction; those of a batch that fails one by one.

    Whoever it fails for is left alone for an hour, and somebody is told.
    """
    for start in range(0, len(pledge_ids), BATCH):
        batch = pledge_ids[start : start + BATCH]
        try:
            run_tx(lambda batch=batch: [verb(pledge_id) for pledge_id in batch])  # type: ignore[misc]
        except Exception:
            log.exception("a batch of subscriptions failed", step=step, size=len(batch))
            for pledge_id in batch:
                do_alone(pledge_id, verb, step)


def do_alone(pledge_id: str, verb: Callable[[str], object], step: str) -> None:
    try:
        run_tx(lambda: verb(pledge_id))
    except Exception as trouble:
        log.exception("a subscription is stuck", step=step, pledge=pledge_id)
        why = f"{step}: {trouble}"[:200]
        run_tx(lambda: report_stuck(pledge_id, why))


def report_stuck(pledge_id: str, why: str) -> None:
    """Note what went wrong; a moderator hears of it. Call inside a transaction.

    Before it has begun there is no subscription to note it on: the pledge rests instead.
    """
    at = clock.now()
    if subscription := db.session.get(Subscription, pledge_id):
        subscription.stuck_at, subscription.stuck_because = at, why
    else:
        db.session.get_one(Pledge, pledge_id).next_try_at = at + REST
    announce("subscription_stuck", pledge_id=pledge_id, why=why)


def rested() -> sa.ColumnElement[bool]:
    """A subscription that nothing went wrong with within the last hour."""
    return sa.or_(Subscription.stuck_at.is_(None), Subscription.stuck_at < clock.now() - REST)
