"""Ending: nothing more is charged, and nothing that was paid changes."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app import clock
from app.actions.locking import lock_action
from app.actions.paying import deliver_if_done
from app.db import db, lock, run_tx
from app.outbox import announce
from app.petitions.models import Petition
from app.pledges.models import Pledge

from .carefully import do_in_batches
from .models import Bill, Due, Subscription
from .passing_on import waits_for_payout
from .standing import lock_subscription, open_bill, waive


def end(subscription: Subscription, because: str) -> bool:
    """End a locked subscription; False when it has ended. Call inside a transaction.

    What is owed and not being charged at this moment is let go; a charge under way is waited for.
    """
    if subscription.ended_at is not None:
        return False
    at = clock.now()
    subscription.ended_at, subscription.ended_because = at, because
    bill = open_bill(subscription.id)
    if bill is not None and bill.state == "due":
        let_go(bill, at)
    waive(subscription.id, at)
    db.session.execute(sa.update(Pledge).where(Pledge.id == subscription.id).values(state="ended"))
    announce("subscription_ended", pledge_id=subscription.id, because=because)
    db.session.flush()
    deliver_when_over(subscription.petition_id)
    return True


def deliver_when_over(petition_id: str) -> None:
    """Nobody subscribes any more and no money is on its way: perhaps all is done."""
    running = sa.exists().where(Subscription.petition_id == petition_id, Subscription.ended_at.is_(None))
    moving = sa.exists().where(
        Bill.petition_id == petition_id, sa.or_(Bill.state == "charging", waits_for_payout())
    )
    if not db.session.scalar(sa.select(sa.or_(running, moving))):
        deliver_if_done(petition_id)


def let_go(bill: Bill, at: datetime) -> None:
    """Nobody asks for a bill any more, nor for its months."""
    bill.state, bill.next_try_at = "let_go", None
    db.session.execute(sa.update(Due).where(Due.bill_id == bill.id).values(waived_at=at))


def cancel(pledge_id: str) -> bool:
    """Its person wants no more of it; False when it has ended already. Call inside a transaction."""
    return end(lock_subscription(pledge_id), "cancelled")


def forget(person_id: str) -> None:
    """End the subscriptions of somebody who is being erased. Call inside a transaction."""
    for pledge_id in db.session.scalars(
        sa.select(Subscription.id)
        .join(Pledge, Pledge.id == Subscription.id)
        .where(Pledge.person_id == person_id, Subscription.ended_at.is_(None))
        .order_by(Subscription.id)
    ).all():
        end(lock_subscription(pledge_id), "erased")
    db.session.execute(
        sa.update(Pledge)
        .where(Pledge.person_id == person_id, Pledge.kind == "recurring", Pledge.state == "active")
        .values(state="ended")
    )


def collect_no_more(petition_id: str) -> None:
    """Nobody joins any more, and every subscription ends. Commits by itself."""
    run_tx(lambda: close(petition_id))
    close_all(petition_id)


def close(petition_id: str) -> None:
    """Take no more patrons, while nobody else begins. Call inside a transaction."""
    lock_action(petition_id)
    threshold = lock(Petition, petition_id).threshold_of("recurring")
    if threshold is not None and threshold.closed_at is None:
        threshold.closed_at = clock.now()


def close_all(petition_id: str) -> None:
    """The action has ended, or its organizer collects no more: every subscription ends. Commits by itself."""
    running = db.session.scalars(
        sa.select(Subscription.id)
        .where(Subscription.petition_id == petition_id, Subscription.ended_at.is_(None))
        .order_by(Subscription.id)
    ).all()
    db.session.rollback()
    do_in_batches(running, lambda pledge_id: end(lock_subscription(pledge_id), "closed"), "close")
