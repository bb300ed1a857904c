"""Launching: a draft, its sponsors, its way into moderation and out into the open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask import current_app

from app import clock
from app.db import db, lock, new_id
from app.outbox import announce
from app.people.models import Person
from app.web.tokens import make_token, read_token

from .models import Petition, Signature, Threshold
from .searching import index
from .slugs import free_slug
from .tallying import record


@dataclass(frozen=True)
class PetitionWish:
    """What an organizer asks for, checked by the form. ``goal`` is in minor units of ``currency``."""

    title: str
    addressee: str
    summary: str
    text: str
    locale: str
    signature_target: int
    goal: int
    currency: str
    deadline: datetime


def launch(organizer: Person, wish: PetitionWish, *, idempotency_key: str | None = None) -> Petition:
    """Make a petition that collects its first sponsors by a private link. Call inside a transaction."""
    at = clock.now()
    petition = Petition(
        id=new_id(),
        slug=free_slug(wish.title),
        title=wish.title,
        addressee=wish.addressee,
        summary=wish.summary,
        text=wish.text,
        locale=wish.locale,
        state="sponsoring",
        currency=wish.currency,
        deadline=wish.deadline,
        organizer_id=organizer.id,
        created_at=at,
        submitted_at=None,
        sponsors_needed=current_app.config["DURE"].sponsors_needed,
        idempotency_key=idempotency_key,
    )
    petition.thresholds = [
        Threshold(id=new_id(), position=0, measure="signatures", target=wish.signature_target),
        Threshold(id=new_id(), position=1, measure="money", currency=wish.currency, target=wish.goal),
    ]
    db.session.add(petition)
    db.session.flush()
    index(petition)
    record(petition.id, "launched", at, cause="launched")
    announce("petition_launched", petition_id=petition.id)
    return petition


def sponsor_token(petition: Petition) -> str:
    """What the private link for sponsors carries."""
    return make_token("sponsor", petition.id)


def petition_for_sponsors(token: str) -> Petition | None:
    petition_id = read_token("sponsor", token)
    return db.session.get(Petition, petition_id) if petition_id else None


def submit_when_sponsored(petition_id: str) -> bool:
    """Move a petition into moderation once enough sponsors have signed; False when it was not time."""
    petition = lock(Petition, petition_id)
    if petition.state != "sponsoring" or petition.signatures.tally < petition.sponsors_needed:
        return False
    petition.state, petition.submitted_at = "moderation", clock.now()
    record(petition.id, "submitted", petition.submitted_at, cause="submitted")
    announce("petition_submitted", petition_id=petition.id)
    return True


def submit_sponsored(signature_id: str) -> bool:
    """As :func:`submit_when_sponsored`, for the petition of a signature that has just counted."""
    sponsored = db.session.scalar(
        sa.select(Petition.id)
        .join(Signature, Signature.petition_id == Petition.id)
        .where(Signature.id == signature_id, Petition.state == "sponsoring")
    )
    return sponsored is not None and submit_when_sponsored(sponsored)


def publish(petition_id: str) -> bool:
    """Open a petition for everybody; False when it was not waiting for that."""
    petition = lock(Petition, petition_id)
    if petition.state not in {"moderation", "hidden"}:
        return False
    again = petition.state == "hidden"
    petition.state = "open"
    if not again:
        petition.opened_at = clock.now()
        record(petition.id, "opened", petition.opened_at, cause="opened")
        announce("petition_opened", petition_id=petition.id)
    return True


def reject(petition_id: str, reason: str) -> bool:
    """Turn a petition down with a reason from the list; False when it was not in moderation."""
    petition = lock(Petition, petition_id)
    if petition.state != "moderation":
        return False
    petition.state, petition.rejection, petition.closed_at = "rejected", reason, clock.now()
    announce("petition_rejected", petition_id=petition.id, reason=reason)
    return True


def hide(petition_id: str) -> bool:
    """Take an open petition out of sight while it is looked into; nothing is lost."""
    petition = lock(Petition, petition_id)
    if petition.state != "open" or petition.fired_at is not None:
        return False
    petition.state = "hidden"
    announce("petition_hidden", petition_id=petition.id)
    return True


def close(petition_id: str) -> bool:
    """Close an open petition: from now on no signature counts. False when it was not open."""
    petition = lock(Petition, petition_id)
    if petition.state != "open":
        return False
    petition.state, petition.closed_at = "closed", clock.now()
    announce("petition_closed", petition_id=petition.id)
    return True


def close_if_expired(petition_id: str) -> bool:
    """Close an open petition whose deadline has passed, unless its verification window still runs."""
    petition = lock(Petition, petition_id)
    at = clock.now()
    if petition.state != "open" or petition.deadline is None or at <= petition.deadline:
        return False
    if petition.fired_at is None and petition.tipped_at is not None:
        return False
    if petition.fired_at is not None:
        record(petition.id, "signing_closed", at, cause="signing_closed")
    else:
        record(petition.id, "expired", at, cause="expired")
        announce("petition_expired", petition_id=petition.id)
    return close(petition_id)
