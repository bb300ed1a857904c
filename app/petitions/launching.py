"""Launching: a draft, its sponsors, its way into moderation and out into the open."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _

from app import clock
from app.db import db, lock, new_id
from app.errors import Refusal
from app.outbox import announce
from app.people.models import Person, give_handle
from app.web.formatting import day
from app.web.tokens import make_token, read_token

from .models import Petition, Signature, Threshold
from .reasons import LAPSED
from .searching import index
from .slugs import free_slug
from .tallying import await_answer, record
from .thresholds import holds

OUT_OF_SIGHT = ("rejected", "hidden", "removed")
UNOPENED = ("sponsoring", "moderation")
HIDEABLE = ("open", "closed")


@dataclass(frozen=True)
class OfferWish:
    """One pledge threshold: the kind of pledge, its target in its measure, the kind's terms."""

    kind: str
    measure: str
    target: int
    terms: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class PetitionWish:
    """What an organizer asks for, checked by the form; money in minor units of ``currency``."""

    title: str
    addressee: str
    summary: str
    text: str
    locale: str
    signature_target: int
    offers: tuple[OfferWish, ...]
    currency: str
    deadline: datetime
    topic: str | None = None


def launch(organizer: Person, wish: PetitionWish, *, idempotency_key: str | None = None) -> Petition:
    """Make a petition that collects its first sponsors by a private link. Call inside a transaction."""
    at = clock.now()
    give_handle(organizer.id)
    petition = Petition(
        id=new_id(),
        slug=free_slug(wish.title),
        title=wish.title,
        addressee=wish.addressee,
        summary=wish.summary,
        text=wish.text,
        locale=wish.locale,
        topic=wish.topic,
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
        Threshold(
            id=new_id(), position=0, kind="signatures", measure="signatures", target=wish.signature_target
        ),
        *pledge_thresholds(wish),
    ]
    db.session.add(petition)
    db.session.flush()
    index(petition)
    record(petition.id, "launched", at, cause="launched")
    announce("petition_launched", petition_id=petition.id)
    return petition


def pledge_thresholds(wish: PetitionWish) -> list[Threshold]:
    """New rows for what a petition offers, in the order of the wish."""
    return [
        Threshold(
            id=new_id(),
            position=position,
            kind=offer.kind,
            measure=offer.measure,
            terms=dict(offer.terms),
            currency=wish.currency if offer.measure == "money" else None,
            target=offer.target,
        )
        for position, offer in enumerate(wish.offers, start=1)
    ]


def sponsor_token(petition: Petition) -> str:
    """What the private link for sponsors carries."""
    return make_token("sponsor", petition.id)


def petition_for_sponsors(token: str) -> Petition | None:
    """The petition of a private link; None when the link is not ours, or it was taken out of sight."""
    petition_id = read_token("sponsor", token)
    petition = db.session.get(Petition, petition_id) if petition_id else None
    if petition is None or (petition.state in OUT_OF_SIGHT and petition.rejection != LAPSED):
        return None
    return petition


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
    """Open a petition for everybody, or show a hidden one again; False when it was not waiting for that.

    Raises:
        Refusal: its deadline passed while it waited for review.
    """
    petition = lock(Petition, petition_id)
    at = clock.now()
    if petition.state == "hidden":
        petition.state = "closed" if petition.closed_at is not None else "open"
        announce("petition_shown", petition_id=petition.id, at=at.isoformat())
        return True
    if petition.state != "moderation":
        return False
    if petition.deadline is not None and petition.deadline < at:
        raise Refusal(
            _(
                "Its deadline passed on %(day)s while it waited, so nobody could sign any more. Reject it; "
                "the organizer can start again with a later day.",
                day=day(petition.deadline),
            ),
            status=409,
        )
    petition.state, petition.opened_at = "open", at
    record(petition.id, "opened", at, cause="opened")
    if holds(petition.signatures):
        await_answer(petition, at)
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


def lapse(petition_id: str) -> bool:
    """End a petition whose deadline passed before it opened; False when that is not how it stands.

    It takes no more sponsors and is not reviewed any more. Its organizer is told, as of a rejection.
    """
    petition = lock(Petition, petition_id)
    at = clock.now()
    if petition.state not in UNOPENED or petition.deadline is None or at <= petition.deadline:
        return False
    petition.state, petition.rejection, petition.closed_at = "rejected", LAPSED, at
    announce("petition_rejected", petition_id=petition.id, reason=LAPSED)
    return True


def hide(petition_id: str) -> bool:
    """Take a public petition out of sight while it is looked into; nothing is lost, and an action goes on."""
    petition = lock(Petition, petition_id)
    if petition.state not in HIDEABLE:
        return False
    petition.state = "hidden"
    announce("petition_hidden", petition_id=petition.id)
    return True


def remove(petition_id: str, reason: str) -> bool:
    """Take a hidden petition down for good, for a reason from the list; False when it is not hidden."""
    petition = lock(Petition, petition_id)
    if petition.state != "hidden":
        return False
    close(petition_id)
    petition.state, petition.rejection = "removed", reason
    if petition.fired_at is None:
        petition.tipped_at = petition.window_ends_at = None
    announce("petition_removed", petition_id=petition.id, reason=reason)
    return True


def close(petition_id: str) -> bool:
    """Close an open petition: from now on no signature counts. False when it was not open.

    A hidden one stays out of sight, and is closed when it is shown again.
    """
    petition = lock(Petition, petition_id)
    if petition.state not in {"open", "hidden"} or petition.closed_at is not None:
        return False
    petition.closed_at = clock.now()
    if petition.state == "open":
        petition.state = "closed"
    announce("petition_closed", petition_id=petition.id)
    return True


def close_if_expired(petition_id: str) -> bool:
    """Close an open petition whose deadline has passed, unless its verification window still runs.

    A hidden one cannot fire, so its window does not hold it open.
    """
    petition = lock(Petition, petition_id)
    at = clock.now()
    if petition.state not in {"open", "hidden"} or petition.closed_at is not None:
        return False
    if petition.deadline is None or at <= petition.deadline:
        return False
    if petition.state == "open" and petition.fired_at is None and petition.tipped_at is not None:
        return False
    if petition.fired_at is not None:
        record(petition.id, "signing_closed", at, cause="signing_closed")
    else:
        petition.tipped_at = petition.window_ends_at = None
        record(petition.id, "expired", at, cause="expired")
        announce("petition_expired", petition_id=petition.id)
    return close(petition_id)
