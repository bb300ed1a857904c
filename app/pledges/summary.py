"""Pledges as other rooms show them: a person's own, and an organizer's list."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.db import db
from app.petitions.models import Petition

from .links import letter_token
from .models import Pledge

BADGES = {
    "draft": "pending",
    "frozen": "holding",
    "failing": "failed",
    "dropped": "failed",
    "part_refunded": "captured",
}
"""States of a pledge that the badge of the design system knows by another word."""


def badge_of(state: str) -> str:
    """The word ``state_badge`` knows for a pledge's state."""
    return BADGES.get(state, state)


@dataclass(frozen=True)
class MyPledge:
    """One of a person's own pledges. ``amount`` is in minor units of ``currency``; ``token`` opens it."""

    pledge_id: str
    token: str
    slug: str
    title: str
    petition_state: str
    kind: str
    measure: str
    amount: int
    currency: str | None
    state: str
    badge: str
    mandate: str
    captured: int
    refunded: int
    made_at: datetime
    has_method: bool
    can_withdraw: bool


@dataclass(frozen=True)
class PledgeRow:
    """One line of an organizer's list; ``name`` is None when the person hides it. No address, no method."""

    name: str | None
    kind: str
    measure: str
    amount: int
    currency: str | None
    state: str
    badge: str
    made_at: datetime
    ready_at: datetime | None


def my_pledges(person_id: str) -> list[MyPledge]:
    """Every pledge of a person, the newest first. Confirmed addresses only: drafts of others stay out."""
    rows = db.session.execute(
        sa.select(Pledge, Petition.slug, Petition.title, Petition.state, Petition.fired_at)
        .join(Petition, Petition.id == Pledge.petition_id)
        .where(Pledge.person_id == person_id)
        .order_by(Pledge.created_at.desc(), Pledge.id.desc())
    )
    return [
        MyPledge(
            pledge_id=pledge.id,
            token=letter_token(pledge),
            slug=slug,
            title=title,
            petition_state=state,
            kind=pledge.kind,
            measure=pledge.measure,
            amount=pledge.amount,
            currency=pledge.currency,
            state=pledge.state,
            badge=badge_of(pledge.state),
            mandate=pledge.mandate,
            captured=pledge.captured,
            refunded=pledge.refunded,
            made_at=pledge.created_at,
            has_method=pledge.payment_method_id is not None,
            can_withdraw=pledge.state in {"draft", "ready"} and fired_at is None,
        )
        for pledge, slug, title, state, fired_at in rows
    ]


def pledge_rows(petition_id: str, limit: int, offset: int = 0) -> list[PledgeRow]:
    """The pledges of a petition that were ever confirmed, the newest first."""
    rows = db.session.scalars(
        sa.select(Pledge)
        .where(Pledge.petition_id == petition_id, Pledge.confirmed_at.is_not(None))
        .order_by(Pledge.created_at.desc(), Pledge.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return [
        PledgeRow(
            name=None if pledge.hide_name else pledge.name,
            kind=pledge.kind,
            measure=pledge.measure,
            amount=pledge.amount,
            currency=pledge.currency,
            state=pledge.state,
            badge=badge_of(pledge.state),
            made_at=pledge.created_at,
            ready_at=pledge.ready_at,
        )
        for pledge in rows
    ]
