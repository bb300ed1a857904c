"""Beginning: when the action is under way, its active pledges become subscriptions."""

from __future__ import annotations

import sqlalchemy as sa

from app import clock
from app.db import db, insert_unless_there
from app.outbox import announce
from app.pledges.kinds.months import first_month
from app.pledges.models import Pledge

from .carefully import do_each
from .models import Subscription
from .standing import offer_to_subscribe, unit_of


def begin_all(petition_id: str) -> None:
    """Begin what an action brought along; each is begun once, however often this runs. Commits by itself."""
    waiting = db.session.scalars(
        sa.select(Pledge.id)
        .where(
            Pledge.petition_id == petition_id,
            Pledge.kind == "recurring",
            Pledge.state == "active",
            sa.not_(sa.exists().where(Subscription.id == Pledge.id)),
        )
        .order_by(Pledge.id)
    ).all()
    db.session.rollback()
    do_each(waiting, begin, "begin")


def begin(pledge_id: str) -> bool:
    """The pledge pays from the next month on; False when it has begun before. Call inside a transaction."""
    pledge = db.session.get_one(Pledge, pledge_id)
    fixed = unit_of(offer_to_subscribe(pledge.petition_id)) is None
    at = clock.now()
    begun = insert_unless_there(
        Subscription,
        {
            "id": pledge.id,
            "petition_id": pledge.petition_id,
            "amount": pledge.amount if fixed else None,
            "cap": None if fixed else pledge.terms["cap"],
            "first_month": first_month(at),
            "began_at": at,
        },
    )
    if begun:
        announce("subscription_began", pledge_id=pledge.id)
    return begun
