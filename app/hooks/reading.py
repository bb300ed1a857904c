"""A person's endpoints, for their own pages and for what they take along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.petitions.models import PUBLIC_STATES, Petition

from .models import Delivery, Endpoint, Message

MOST_DELIVERIES = 50
MOST_DEAD = 200


@dataclass(frozen=True)
class EndpointView:
    """One endpoint; ``state`` is on, failing or off; ``because`` says why it is off: failing or gone.

    ``slug`` and ``title`` are those of the one petition it is about, unless that is ``out_of_sight``.
    """

    id: str
    url: str
    scope: str
    slug: str | None
    title: str | None
    out_of_sight: bool
    events: tuple[str, ...]
    created_at: datetime
    rotation: int
    rotated_at: datetime | None
    state: str
    because: str | None
    failing_since: datetime | None
    dead: int


@dataclass(frozen=True)
class DeliveryView:
    """One message to one endpoint; ``state`` is waiting, delivered or dead.

    ``title`` is its petition's, unless that is ``out_of_sight``; a test has none.
    """

    id: str
    message_id: str
    event: str
    title: str | None
    out_of_sight: bool
    state: str
    attempts: int
    status: int | None
    error: str | None
    at: datetime
    due_at: datetime | None


def seen_by(person_id: str | sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """The petitions that a person may see: the public ones and their own."""
    return Petition.state.in_(PUBLIC_STATES) | (Petition.organizer_id == person_id)


def endpoints_of(person_id: str, endpoint_id: str | None = None) -> list[EndpointView]:
    """The person's endpoints, oldest first; only the one named, if one is."""
    dead = (
        sa.select(sa.func.count())
        .where(Delivery.endpoint_id == Endpoint.id, Delivery.dead_at.is_not(None))
        .scalar_subquery()
    )
    found = (
        sa.select(Endpoint, Petition.slug, Petition.title, dead.label("dead"))
        .outerjoin(Petition, (Petition.id == Endpoint.petition_id) & seen_by(person_id))
        .where(Endpoint.person_id == person_id)
        .order_by(Endpoint.created_at, Endpoint.id)
    )
    if endpoint_id is not None:
        found = found.where(Endpoint.id == endpoint_id)
    return [
        EndpointView(
            id=endpoint.id,
            url=endpoint.url,
            scope=endpoint.scope,
            slug=slug,
            title=title,
            out_of_sight=endpoint.petition_id is not None and title is None,
            events=tuple(endpoint.events),
            created_at=endpoint.created_at,
            rotation=endpoint.rotation,
            rotated_at=endpoint.rotated_at,
            state=state_of(endpoint),
            because=endpoint.disabled_because,
            failing_since=endpoint.failing_since,
            dead=count,
        )
        for endpoint, slug, title, count in db.session.execute(found)
    ]


def state_of(endpoint: Endpoint) -> str:
    if endpoint.disabled_at is not None:
        return "off"
    return "failing" if endpoint.failures else "on"


def latest_deliveries(endpoint_id: str) -> list[DeliveryView]:
    """What was sent lately or waits, newest first, without the dead letters."""
    return read_deliveries(endpoint_id, Delivery.dead_at.is_(None), MOST_DELIVERIES)


def dead_letters(endpoint_id: str) -> list[DeliveryView]:
    """What was given up, newest first."""
    return read_deliveries(endpoint_id, Delivery.dead_at.is_not(None), MOST_DEAD)


def read_deliveries(endpoint_id: str, which: sa.ColumnElement[bool], most: int) -> list[DeliveryView]:
    rows = db.session.execute(
        sa.select(Delivery, Message.event, Message.petition_id, Petition.title)
        .join(Message, Message.id == Delivery.message_id)
        .join(Endpoint, Endpoint.id == Delivery.endpoint_id)
        .outerjoin(Petition, (Petition.id == Message.petition_id) & seen_by(Endpoint.person_id.expression))
        .where(Delivery.endpoint_id == endpoint_id, which)
        .order_by(Delivery.created_at.desc(), Delivery.id.desc())
        .limit(most)
    )
    return [
        DeliveryView(
            id=delivery.id,
            message_id=f"msg_{delivery.message_id}",
            event=event,
            title=title,
            out_of_sight=petition_id is not None and title is None,
            state="dead" if delivery.dead_at else "delivered" if delivery.delivered_at else "waiting",
            attempts=delivery.attempts,
            status=delivery.status,
            error=delivery.error,
            at=delivery.tried_at or delivery.created_at,
            due_at=delivery.due_at,
        )
        for delivery, event, petition_id, title in rows
    ]


def exported_endpoints(person_id: str) -> list[dict[str, Any]]:
    """The person's endpoints as they take them along; a petition out of sight is not named."""
    return [
        {
            "url": endpoint.url,
            "about": endpoint.scope,
            "petition": endpoint.slug,
            "events": list(endpoint.events),
            "since": endpoint.created_at.isoformat(),
        }
        for endpoint in endpoints_of(person_id)
    ]
