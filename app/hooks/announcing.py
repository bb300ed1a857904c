"""What happened, written down once for every endpoint that wants to hear of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app import clock
from app.actions.models import Milestone
from app.actions.reading import read_plan
from app.actions.summing_up import iso, milestone_json, page_of, petition_json, update_json
from app.db import db, insert_unless_there, new_id, run_tx
from app.petitions.models import PUBLIC_STATES, Petition, Update
from app.petitions.reading import read_petition, safe_html
from app.petitions.showing import UpdateView

from .models import Delivery, Endpoint, Message

Reaction = Callable[..., object]

MOMENTS: Mapping[str, str] = {
    "petition.opened": "opened_at",
    "petition.answered": "responded_at",
    "petition.closed": "closed_at",
    "action.fired": "started_at",
    "action.underway": "underway_at",
    "action.released": "released_at",
    "action.delivered": "delivered_at",
    "action.stopped": "stopped_at",
    "milestone.claimed": "claimed_at",
    "milestone.accepted": "decided_at",
    "milestone.rejected": "decided_at",
}
"""Where the petition, its action or its milestone keeps when it happened; others are announced with it."""


def on_petition(event: str) -> Reaction:
    """The reaction to an announcement of a petition, which may have a moment ``at``."""

    def react(*, petition_id: str, at: str = "", **_details: Any) -> bool:
        moment = datetime.fromisoformat(at) if at else None
        return tell(event, petition_id, cause=f"{petition_id}:{at}", at=moment)

    return react


def on_milestone(event: str) -> Reaction:
    """The reaction to an announcement of a milestone."""

    def react(*, milestone_id: str) -> bool:
        milestone = db.session.get_one(Milestone, milestone_id)
        return tell(event, milestone.petition_id, cause=milestone_id, step=milestone.position)

    return react


def on_update(event: str) -> Reaction:
    """The reaction to an announcement of an organizer's news."""

    def react(*, update_id: str) -> bool:
        update = db.session.get_one(Update, update_id)
        petition = db.session.get_one(Petition, update.petition_id)
        view = UpdateView(update.id, update.title, safe_html(update.text), update.published_at)
        news = update_json(petition.slug, view)
        return tell(event, petition.id, cause=update_id, at=update.published_at, update=news)

    return react


def tell(
    event: str,
    petition_id: str,
    *,
    cause: str,
    at: datetime | None = None,
    step: int | None = None,
    **more: Any,
) -> bool:
    """Write the message and a delivery for each endpoint, once per ``cause``; it is sent later.

    It speaks of the moment ``at``, or of the one that is kept. False when nobody wants to hear of it, it was
    told before, or the petition is not public now. What is told is what everybody may see.
    """
    petition = db.session.get_one(Petition, petition_id)
    if petition.state not in PUBLIC_STATES or not db.session.scalars(listeners(petition)).first():
        return False
    view, plan = read_petition(petition.slug), read_plan(petition_id)
    if view is None or not view.is_public:
        return False
    data = {"url": page_of(view.slug), "petition": petition_json(view, plan)} | more
    milestone = next((each for each in plan.milestones if each.position == step), None)
    if milestone is not None:
        data["milestone"] = milestone_json(milestone)
    if at is None and event in MOMENTS:
        subjects = {"petition": view, "action": plan.action, "milestone": milestone}
        at = getattr(subjects[event.partition(".")[0]], MOMENTS[event], None)
    body = body_of(event, at or view.as_of, data)
    return run_tx(lambda: write(event, petition, body, f"{event}:{cause}"))


def write(event: str, petition: Petition, body: str, cause: str) -> bool:
    wanted = {
        endpoint.id: endpoint.disabled_at is None
        for endpoint in db.session.scalars(listeners(petition))
        if event in endpoint.events
    }
    return bool(wanted) and write_message(event, petition.id, body, cause, wanted) is not None


def write_message(
    event: str, petition_id: str | None, body: str, cause: str, wanted: Mapping[str, bool]
) -> str | None:
    """One message and its deliveries; its id, or None when it was there. Call in a transaction.

    ``wanted`` are the endpoints' ids and whether each is on: then its delivery is due now. What an endpoint
    misses while it is off is a dead letter, to be replayed.
    """
    at, message_id = clock.now(), new_id()
    values = {"event": event, "petition_id": petition_id, "body": body, "created_at": at}
    if not insert_unless_there(Message, {"id": message_id, "cause": cause} | values):
        return None
    rows = [
        {"id": new_id(), "endpoint_id": endpoint_id, "message_id": message_id, "created_at": at}
        | {"due_at": at if on else None, "dead_at": None if on else at, "error": None if on else "off"}
        for endpoint_id, on in wanted.items()
    ]
    db.session.execute(sa.insert(Delivery), rows)
    return message_id


def listeners(petition: Petition) -> sa.Select[Endpoint]:
    """The endpoints that hear of this petition, whatever events they chose, those switched off too."""
    own = (Endpoint.scope == "own") & (Endpoint.person_id == petition.organizer_id)
    one = Endpoint.petition_id == petition.id
    return sa.select(Endpoint).where(sa.or_(Endpoint.scope == "every", own, one))


def body_of(event: str, at: datetime, data: dict[str, Any]) -> str:
    """The text that is sent and signed, the same at every attempt; ``at`` is when it happened."""
    return json.dumps(
        {"type": event, "timestamp": iso(at), "data": data}, ensure_ascii=False, separators=(",", ":")
    )
