"""What an owner does with their endpoints. Every verb but the sweep is called inside a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from flask_babel import gettext as _

from app import clock
from app.db import db, lock, new_id, run_tx
from app.errors import Refusal
from app.people.models import Person

from .announcing import body_of, write_message
from .events import TEST
from .models import Delivery, Endpoint, Message

MOST_ENDPOINTS = 10
KEPT = timedelta(days=30)


@dataclass(frozen=True)
class EndpointWish:
    """Where to send, about which petitions, and which events; checked by the form."""

    url: str
    scope: str
    petition_id: str | None
    events: Sequence[str]


def add(person_id: str, wish: EndpointWish, *, form_key: str) -> str | None:
    """A new endpoint's id; None when this very form has made one already.

    Raises:
        Refusal: the person has as many as one may have.
    """
    lock(Person, person_id)
    mine = sa.select(sa.func.count()).select_from(Endpoint).where(Endpoint.person_id == person_id)
    if db.session.scalar(mine.where(Endpoint.form_key == form_key)):
        return None
    if (db.session.scalar(mine) or 0) >= MOST_ENDPOINTS:
        raise Refusal(
            _("You have %(most)d webhooks, as many as one person may. Delete one first.", most=MOST_ENDPOINTS)
        )
    at = clock.now()
    endpoint = Endpoint(
        id=new_id(), person_id=person_id, form_key=form_key, created_at=at, free_at=at, **columns_of(wish)
    )
    db.session.add(endpoint)
    return endpoint.id


def change(endpoint_id: str, wish: EndpointWish) -> None:
    """Send elsewhere, or something else, from now on; another address has not failed yet."""
    endpoint = lock(Endpoint, endpoint_id)
    if endpoint.url != wish.url:
        endpoint.failures, endpoint.failing_since = 0, None
        end_rest(endpoint)
    for name, value in columns_of(wish).items():
        setattr(endpoint, name, value)


def columns_of(wish: EndpointWish) -> dict[str, object]:
    return {
        "url": wish.url,
        "scope": wish.scope,
        "petition_id": wish.petition_id if wish.scope == "one" else None,
        "events": list(wish.events),
    }


def rotate(endpoint_id: str, rotation: int) -> bool:
    """Make a new secret after the one numbered ``rotation``; False when that has been done.

    For a day both sign.
    """
    endpoint = lock(Endpoint, endpoint_id)
    if endpoint.rotation != rotation:
        return False
    endpoint.rotation, endpoint.rotated_at = rotation + 1, clock.now()
    return True


def send_test(endpoint_id: str) -> bool:
    """Write a test message, due now; False when the endpoint is switched off."""
    endpoint = lock(Endpoint, endpoint_id)
    if endpoint.disabled_at is not None:
        return False
    at = clock.now()
    body = body_of(TEST, at, {"webhook": endpoint.id})
    end_rest(endpoint)
    return write_message(TEST, None, body, f"{TEST}:{new_id()}", {endpoint.id: True}) is not None


def switch_on(endpoint_id: str) -> bool:
    """Send to an endpoint again; False when nobody switched it off."""
    endpoint = lock(Endpoint, endpoint_id)
    if endpoint.disabled_at is None:
        return False
    endpoint.disabled_at = endpoint.disabled_because = endpoint.failing_since = None
    endpoint.failures, endpoint.free_at, endpoint.lease = 0, clock.now(), None
    return True


def replay(endpoint_id: str, delivery_id: str | None = None) -> int:
    """Send one message again, or every dead letter, with all its tries; how many.

    The message and its id are the same as ever.
    """
    endpoint = lock(Endpoint, endpoint_id)
    if endpoint.disabled_at is not None:
        return 0
    end_rest(endpoint)
    chosen = Delivery.dead_at.is_not(None) if delivery_id is None else Delivery.id == delivery_id
    result = db.session.execute(
        sa.update(Delivery)
        .where(Delivery.endpoint_id == endpoint_id, Delivery.due_at.is_(None), chosen)
        .values(due_at=clock.now(), attempts=0, dead_at=None, delivered_at=None)
        .execution_options(synchronize_session=False, preserve_rowcount=True)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def end_rest(endpoint: Endpoint) -> None:
    """Somebody looks at the page: what they ask for is sent now, unless another message is under way."""
    if endpoint.lease is None:
        endpoint.free_at = clock.now()


def remove(endpoint_id: str) -> bool:
    """Forget an endpoint and everything sent to it; False when it was gone."""
    try:
        endpoint = lock(Endpoint, endpoint_id)
    except LookupError:
        return False
    db.session.execute(sa.delete(Delivery).where(Delivery.endpoint_id == endpoint_id))
    db.session.delete(endpoint)
    return True


def forget_endpoints(person_id: str) -> None:
    """Everything a person had here goes."""
    for endpoint_id in db.session.scalars(
        sa.select(Endpoint.id).where(Endpoint.person_id == person_id)
    ).all():
        remove(endpoint_id)


def sweep_old() -> None:
    """Forget what is old, if anything is."""
    old = sa.exists().where(Delivery.created_at < clock.now() - KEPT, Delivery.due_at.is_(None))
    found = db.session.scalar(sa.select(old))
    db.session.rollback()
    if found:
        run_tx(forget_old)


def forget_old() -> None:
    """Deliveries that ended thirty days ago go, and old messages that nobody is owed."""
    before = clock.now() - KEPT
    db.session.execute(sa.delete(Delivery).where(Delivery.created_at < before, Delivery.due_at.is_(None)))
    left = sa.exists().where(Delivery.message_id == Message.id)
    db.session.execute(sa.delete(Message).where(Message.created_at < before, ~left))
