"""Sending what is due, beside everything else the worker does.

Whoever takes an endpoint holds it for two minutes and sends its oldest message outside of any transaction. A
worker that dies meanwhile leaves a lease that runs out, and the message goes out again under the same id.
One endpoint is never sent two messages at once, and those that have waited longest come first: a slow one
keeps nobody but itself waiting.
"""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

import sqlalchemy as sa
import structlog
from flask import Flask, current_app

from app import clock
from app.db import db, lock, new_id, run_tx
from app.outbox import announce
from app.petitions.models import PUBLIC_STATES, Petition

from .connecting import Answer, Postman
from .models import Delivery, Endpoint, Message
from .retrying import pause_after, rest_after
from .signing import secrets_at, signed_headers

LEASE = timedelta(minutes=2)
MOST_SENDERS = 8

log = structlog.get_logger()


@dataclass(frozen=True)
class Sending:
    """One attempt that is ours to make."""

    endpoint_id: str
    delivery_id: str
    lease: str
    url: str
    message_id: str
    body: str
    secrets: list[str]
    at: datetime


class Senders:
    """Threads that send until nothing is due; one of these to an application."""

    def __init__(self, app: Flask, postman: Postman) -> None:
        self.app = app
        self.postman = postman
        self.guard = threading.Lock()
        self.threads: list[threading.Thread] = []

    def start(self, wanted: int) -> None:
        """Have at least ``wanted`` senders at work, but never more than there may be."""
        with self.guard:
            self.threads = [thread for thread in self.threads if thread.is_alive()]
            for _ in range(len(self.threads), min(wanted, MOST_SENDERS)):
                thread = threading.Thread(target=self.work, name="webhooks", daemon=True)
                thread.start()
                self.threads.append(thread)

    def work(self) -> None:
        with self.app.app_context():
            try:
                while sending := run_tx(partial(take, clock.now())):
                    answer = send(sending, self.postman)
                    run_tx(partial(settle, sending, answer))
            except Exception:
                log.exception("a webhook was not sent; it is due again when its lease is over")

    def wait(self) -> None:
        """Wait for those at work now."""
        for thread in list(self.threads):
            thread.join()


def senders() -> Senders:
    """The present application's."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    if "webhooks" not in app.extensions:
        postman = Postman(loopback=app.config["DURE"].webhooks_to_loopback)
        app.extensions["webhooks"] = Senders(app, postman)
    kept: Senders = app.extensions["webhooks"]
    return kept


def send_due() -> int:
    """Set senders to work on what is due, without waiting for them; how many endpoints wait. A sweep."""
    waiting = db.session.scalar(sa.select(sa.func.count()).select_from(ready(clock.now()).subquery())) or 0
    db.session.rollback()
    if waiting:
        senders().start(waiting)
    return waiting


def ready(at: datetime) -> sa.Select[Endpoint]:
    """Endpoints that have something due and that nobody is sending to, the longest idle first."""
    due = sa.exists().where(Delivery.endpoint_id == Endpoint.id, Delivery.due_at <= at)
    return (
        sa.select(Endpoint)
        .where(Endpoint.disabled_at.is_(None), Endpoint.free_at <= at, due)
        .order_by(Endpoint.free_at, Endpoint.id)
    )


def take(at: datetime) -> Sending | None:
    """Take one endpoint and its oldest message for ourselves; None when nothing is due."""
    while endpoint := db.session.scalar(ready(at).limit(1).with_for_update(skip_locked=True)):
        delivery, message, state = db.session.execute(
            sa.select(Delivery, Message, Petition.state)
            .join(Message, Message.id == Delivery.message_id)
            .outerjoin(Petition, Petition.id == Message.petition_id)
            .where(Delivery.endpoint_id == endpoint.id, Delivery.due_at <= at)
            .order_by(Delivery.due_at, Delivery.id)
            .limit(1)
        ).one()
        if state is None or state in PUBLIC_STATES:
            return lease(endpoint, delivery, message, at)
        bury_hidden(endpoint.id, at)
    return None


def lease(endpoint: Endpoint, delivery: Delivery, message: Message, at: datetime) -> Sending:
    endpoint.lease, endpoint.free_at = new_id(), at + LEASE
    delivery.attempts, delivery.tried_at = delivery.attempts + 1, at
    return Sending(
        endpoint_id=endpoint.id,
        delivery_id=delivery.id,
        lease=endpoint.lease,
        url=endpoint.url,
        message_id=f"msg_{message.id}",
        body=message.body,
        secrets=secrets_at(endpoint.id, endpoint.rotation, endpoint.rotated_at, at),
        at=at,
    )


def bury_hidden(endpoint_id: str, at: datetime) -> None:
    """Give up all that waits for an endpoint and tells of petitions out of sight."""
    hidden = (
        sa.select(Message.id)
        .join(Petition, Petition.id == Message.petition_id)
        .where(Petition.state.not_in(PUBLIC_STATES))
    )
    db.session.execute(
        sa.update(Delivery)
        .where(
            Delivery.endpoint_id == endpoint_id,
            Delivery.due_at.is_not(None),
            Delivery.message_id.in_(hidden),
        )
        .values(due_at=None, dead_at=at, error="hidden")
    )


def send(sending: Sending, postman: Postman) -> Answer:
    headers = signed_headers(sending.message_id, sending.body, sending.at, sending.secrets)
    return postman.post(sending.url, sending.body.encode(), headers)


def settle(sending: Sending, answer: Answer) -> bool:
    """Note how the attempt went; False when the endpoint is gone or another worker's by now."""
    try:
        endpoint, delivery = lock(Endpoint, sending.endpoint_id), lock(Delivery, sending.delivery_id)
    except LookupError:
        return False
    if endpoint.lease != sending.lease:
        return False
    at = clock.now()
    delivery.status, delivery.error = answer.status, answer.error
    endpoint.lease, endpoint.free_at = None, at
    if answer.error is None:
        delivery.due_at, delivery.delivered_at = None, at
        endpoint.failures, endpoint.failing_since = 0, None
    else:
        put_off(endpoint, delivery, at)
    return True


def put_off(endpoint: Endpoint, delivery: Delivery, at: datetime) -> None:
    """Try again later, give the message up, or give the endpoint up."""
    settings = current_app.config["DURE"]
    endpoint.failures += 1
    endpoint.failing_since = endpoint.failing_since or at
    pause = pause_after(delivery.attempts, settings.webhook_pauses, random.random())  # noqa: S311
    rest = rest_after(endpoint.failures)
    endpoint.free_at = at + (rest if pause is None else min(rest, pause))
    if delivery.error == "gone":
        switch_off(endpoint, at, "gone")
    elif pause is not None:
        delivery.due_at = at + pause
    else:
        bury(delivery, at, delivery.error or "status")
        if at - endpoint.failing_since >= timedelta(seconds=settings.webhook_patience):
            switch_off(endpoint, at, "failing")


def bury(delivery: Delivery, at: datetime, error: str) -> None:
    """Give a message up; its owner finds it among the dead letters."""
    delivery.due_at, delivery.dead_at, delivery.error = None, at, error


def switch_off(endpoint: Endpoint, at: datetime, because: str) -> None:
    """Send nothing more to an endpoint; what waited can be replayed when it is switched on again."""
    endpoint.disabled_at, endpoint.disabled_because = at, because
    db.session.flush()
    db.session.execute(
        sa.update(Delivery)
        .where(Delivery.endpoint_id == endpoint.id, Delivery.due_at.is_not(None))
        .values(due_at=None, dead_at=at, error=sa.func.coalesce(Delivery.error, "off"))
    )
    announce("webhook_switched_off", endpoint_id=endpoint.id, at=at.isoformat())
