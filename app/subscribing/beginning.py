"""Beginning: when the action is under way, its active pledges become subscriptions.

What could not begin is begun by a later sweep; where the action has ended by then, nothing is.
"""

from __future__ import annotations

import sqlalchemy as sa

from app import clock
from app.actions.locking import lock_action
from app.db import db, insert_unless_there, lock
from app.outbox import announce
from app.outbox.sweeping import find_ids
from app.pledges.kinds.months import first_month
from app.pledges.models import Pledge

from .carefully import do_in_batches
from .models import Subscription
from .standing import is_closed, last_told, offer_to_subscribe, unit_of


def begin_all(petition_id: str) -> None:
    """Begin what an action brought along; each is begun once, however often this runs. Commits by itself."""
    do_in_batches(find_ids(not_begun().where(Pledge.petition_id == petition_id)), begin, "begin")


def begin_joined(pledge_id: str) -> None:
    """Begin for somebody who joined an action under way. Commits by itself."""
    do_in_batches([pledge_id], begin, "begin")


def begin_left_over() -> None:
    """Begin, in every action, what has not begun. Commits by itself."""
    do_in_batches(find_ids(not_begun()), begin, "begin")


def not_begun() -> sa.Select[str]:
    """Pledges that should be subscriptions and are none; those that failed within the hour rest."""
    return (
        sa.select(Pledge.id)
        .where(
            Pledge.kind == "recurring",
            Pledge.state == "active",
            sa.or_(Pledge.next_try_at.is_(None), Pledge.next_try_at <= clock.now()),
            sa.not_(sa.exists().where(Subscription.id == Pledge.id)),
        )
        .order_by(Pledge.petition_id, Pledge.id)
    )


def begin(pledge_id: str) -> bool:
    """The pledge pays from the next month on that nobody was told of yet; False when it has begun before.

    Where the action has ended meanwhile, or collects no more, the pledge ends with it, without a month. Call
    inside a transaction.
    """
    action = lock_action(db.session.get_one(Pledge, pledge_id).petition_id)
    pledge = lock(Pledge, pledge_id)
    if pledge.state != "active" or db.session.get(Subscription, pledge_id) is not None:
        return False
    if action is None or action.state != "underway" or is_closed(pledge.petition_id):
        pledge.state = "ended"
        announce("subscription_ended", pledge_id=pledge_id, because="closed")
        return False
    fixed = unit_of(offer_to_subscribe(pledge.petition_id)) is None
    at = clock.now()
    begun = insert_unless_there(
        Subscription,
        {
            "id": pledge.id,
            "petition_id": pledge.petition_id,
            "amount": pledge.amount if fixed else None,
            "cap": None if fixed else pledge.terms["cap"],
            "first_month": max(first_month(at), last_told(pledge.petition_id) + 1),
            "began_at": at,
        },
    )
    if begun:
        pledge.next_try_at = None
        announce("subscription_began", pledge_id=pledge.id)
    return begun
