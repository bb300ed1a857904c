"""A person's own pledges, as other rooms show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.db import db
from app.petitions.models import Petition

from .links import letter_token
from .models import Pledge
from .wording import describe

BADGES = {
    "draft": "pending",
    "frozen": "holding",
    "failing": "failed",
    "dropped": "failed",
    "part_refunded": "captured",
}
"""States of a pledge that the badge of the design system knows by another word."""


STILL_OPEN = ("open", "hidden")
"""States of a petition in which a draft may still be completed, now or when it is shown again."""


def badge_of(state: str) -> str:
    """The word ``state_badge`` knows for a pledge's state."""
    return BADGES.get(state, state)


def badge_of_pledge(pledge: Pledge, *, open_still: bool) -> str:
    """As :func:`badge_of`; a draft says what it lacks, or that it came to nothing."""
    if pledge.state != "draft":
        return badge_of(pledge.state)
    if not open_still:
        return "unfinished"
    lacks_card = pledge.confirmed_at is not None and pledge.payment_method_id is None and pledge.cost > 0
    return "unsaved" if lacks_card else badge_of(pledge.state)


@dataclass(frozen=True)
class MyPledge:
    """One of a person's own pledges; ``promised`` says it in words, ``token`` opens it.

    ``amount`` is in the measure, for money in minor units of ``currency``. ``paid`` and ``came_back`` are
    what the card shows, the tip included; ``captured`` and ``refunded`` leave it out.
    """

    pledge_id: str
    token: str
    slug: str
    title: str
    petition_state: str
    kind: str
    promised: str
    measure: str
    amount: int
    currency: str | None
    state: str
    badge: str
    mandate: str
    captured: int
    refunded: int
    tip: int
    tip_refunded: int
    paid: int
    came_back: int
    made_at: datetime
    has_method: bool
    can_withdraw: bool


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
            promised=describe(pledge),
            measure=pledge.measure,
            amount=pledge.amount,
            currency=pledge.currency,
            state=pledge.state,
            badge=badge_of_pledge(pledge, open_still=state in STILL_OPEN and fired_at is None),
            mandate=pledge.mandate,
            captured=pledge.captured,
            refunded=pledge.refunded,
            tip=pledge.tip,
            tip_refunded=pledge.tip_refunded,
            paid=pledge.paid,
            came_back=pledge.came_back,
            made_at=pledge.created_at,
            has_method=pledge.payment_method_id is not None,
            can_withdraw=pledge.state in {"draft", "ready"} and fired_at is None,
        )
        for pledge, slug, title, state, fired_at in rows
    ]
