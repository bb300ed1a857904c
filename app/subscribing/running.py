"""Running a month: what each patron was told is owed, and billed once it is worth a charge.

The value of the month is fixed before anybody's sum, so that a run that died goes on with the same; a sum
that is known is never worked out again, and a bill is unique for its pledge and month.
"""

from __future__ import annotations

from functools import partial

import sqlalchemy as sa

from app import clock
from app.db import db, insert_unless_there, new_id, run_tx
from app.pledges.kinds.recurring import worth_charging

from .carefully import do_in_batches, rested
from .models import Bill, Due, Round, Subscription
from .standing import (
    carried,
    fee_of_a_charge,
    lock_subscription,
    offer_to_subscribe,
    open_bill,
    owing,
    patrons_of,
    sum_of,
    unit_of,
    value_of,
)


def run_month(petition_id: str, month: int) -> bool:
    """Bill everybody for a month that has begun; whether nobody is left. Commits by itself."""
    run_tx(lambda: fix_value(petition_id, month))
    waiting = db.session.scalars(
        sa.select(Due.pledge_id)
        .join(Subscription, Subscription.id == Due.pledge_id)
        .where(Due.petition_id == petition_id, Due.month == month, Due.owed.is_(None), rested())
        .order_by(Due.pledge_id)
    ).all()
    db.session.rollback()
    do_in_batches(waiting, partial(owe, month=month), "month")
    return run_tx(lambda: finish(petition_id, month))


def lock_round(petition_id: str, month: int) -> Round:
    return db.session.scalars(
        sa.select(Round)
        .where(Round.petition_id == petition_id, Round.month == month)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def fix_value(petition_id: str, month: int) -> int:
    """The value of a month, worked out by whoever comes first from those who take part at that moment."""
    found = lock_round(petition_id, month)
    if found.value is None:
        unit = unit_of(offer_to_subscribe(petition_id))
        found.value = value_of(patrons_of(petition_id, month=month), unit)
        found.begun_at = clock.now()
    return found.value


def owe(pledge_id: str, month: int) -> bool:
    """What was told is owed now, or less; False when it is known already. Call inside a transaction.

    A paused month costs nothing.
    """
    subscription = lock_subscription(pledge_id)
    due = db.session.scalars(
        sa.select(Due)
        .where(Due.pledge_id == pledge_id, Due.month == month)
        .execution_options(populate_existing=True)
    ).one()
    if due.owed is not None:
        return False
    value = db.session.scalars(
        sa.select(Round.value).where(Round.petition_id == due.petition_id, Round.month == month)
    ).one()
    unit = unit_of(offer_to_subscribe(due.petition_id))
    due.owed = min(due.told, sum_of(subscription, value or 0, unit)) if subscription.runs else 0
    subscription.stuck_at = subscription.stuck_because = None
    db.session.flush()
    bill(subscription, month)
    return True


def bill(subscription: Subscription, month: int) -> bool:
    """Bill what a locked subscription owes, unless a bill is open or the fee would be too large a part."""
    months = carried(subscription.id)
    currency = offer_to_subscribe(subscription.petition_id).currency
    if not worth_charging(owing(months), fee_of_a_charge(currency)) or open_bill(subscription.id):
        return False
    at, bill_id = clock.now(), new_id()
    made = insert_unless_there(
        Bill,
        {
            "id": bill_id,
            "pledge_id": subscription.id,
            "petition_id": subscription.petition_id,
            "month": month,
            "amount": owing(months),
            "currency": currency,
            "state": "due",
            "failures": 0,
            "made_at": at,
            "next_try_at": at,
        },
    )
    if made:
        for due in months:
            due.bill_id = bill_id
    return made


def finish(petition_id: str, month: int) -> bool:
    """Note that everybody's sum for a month is known; False while somebody's is not."""
    found = lock_round(petition_id, month)
    left = sa.exists().where(Due.petition_id == petition_id, Due.month == month, Due.owed.is_(None))
    if db.session.scalar(sa.select(left)):
        return False
    if found.run_at is None:
        found.run_at = clock.now()
    return True
