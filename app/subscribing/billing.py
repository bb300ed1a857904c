"""Billing: a bill is charged, and tried again on the 3rd, 5th, 10th, 15th and 20th; then it ends.

The key of a charge names the pledge, the month and the number of the try, so that whatever runs twice asks
for the same charge.
"""

from __future__ import annotations

import sqlalchemy as sa

from app import clock
from app.db import db, lock, run_tx
from app.errors import Trouble
from app.outbox import announce
from app.payments.charging import begin_charge
from app.payments.models import Charge, PaymentMethod
from app.pledges.kinds.months import month_of, next_try, written
from app.pledges.models import Pledge

from .carefully import do_in_batches, rested
from .ending import deliver_when_over, end, let_go
from .models import Bill, Subscription
from .running import bill as make_bill
from .standing import lock_subscription, open_bill

PURPOSE = "month"


def charge_due() -> int:
    """Ask for the charge of every bill whose time has come; how many there were. Commits by itself."""
    due = db.session.scalars(
        sa.select(Bill.pledge_id)
        .join(Subscription, Subscription.id == Bill.pledge_id)
        .where(Bill.state == "due", Bill.next_try_at <= clock.now(), rested())
        .order_by(Bill.next_try_at, Bill.pledge_id)
    ).all()
    db.session.rollback()
    do_in_batches(due, ask_for, "charge")
    return len(due)


def key_of(bill: Bill) -> str:
    return f"month-{bill.pledge_id}-{written(bill.month)}-try-{bill.failures + 1}"


def ask_for(pledge_id: str) -> bool:
    """Write down the charge of a pledge's open bill; False when none is due. Call inside a transaction.

    Raises:
        Trouble: there is nothing to charge.
    """
    subscription = lock_subscription(pledge_id)
    bill, at = open_bill(pledge_id), clock.now()
    if bill is None or bill.state != "due" or bill.next_try_at is None or bill.next_try_at > at:
        return False
    pledge = db.session.get_one(Pledge, pledge_id)
    if pledge.payment_method_id is None or pledge.person_id is None:
        raise Trouble(f"pledge {pledge_id} has no payment method or no person")
    begin_charge(
        key=key_of(bill),
        purpose=PURPOSE,
        method_id=pledge.payment_method_id,
        payer_id=pledge.person_id,
        owner=bill.petition_id,
        subject_id=bill.id,
        amount=bill.amount,
        currency=bill.currency,
        credit="escrow",
    )
    bill.state, bill.next_try_at = "charging", None
    bill.first_try_at = bill.first_try_at or at
    subscription.stuck_at = subscription.stuck_because = None
    return True


def month_paid(charge_id: str) -> bool:
    """A bill's money was taken; months that waited for it are billed. False when it was known. Commits."""
    return run_tx(lambda: note_paid(charge_id))


def note_paid(charge_id: str) -> bool:
    charge, bill = locked_bill(charge_id)
    if bill.state == "paid":
        return False
    method = db.session.get(PaymentMethod, charge.method_id)
    bill.state, bill.paid_at, bill.next_try_at = "paid", charge.finished_at, None
    bill.method_label = method.label if method else None
    announce("month_paid", bill_id=bill.id)
    subscription = db.session.get_one(Subscription, bill.pledge_id)
    if subscription.ended_at is None:
        db.session.flush()
        make_bill(subscription, month_of(clock.now()))
    return True


def month_failed(charge_id: str) -> bool:
    """A charge failed: the next try is planned, or none is left; False when that was known. Commits."""
    return run_tx(lambda: note_failed(charge_id))


def note_failed(charge_id: str) -> bool:
    charge, bill = locked_bill(charge_id)
    if bill.state != "charging" or bill.first_try_at is None or charge.key != key_of(bill):
        return False
    subscription = db.session.get_one(Subscription, bill.pledge_id)
    at = clock.now()
    bill.failures += 1
    bill.failure = charge.outcome
    if subscription.ended_at is not None:
        let_go(bill, at)
        db.session.flush()
        deliver_when_over(bill.petition_id)
        return True
    again = next_try(bill.first_try_at, bill.failures, at)
    if again is None:
        bill.state = "unpaid"
        end(subscription, "unpaid")
        return True
    bill.state, bill.next_try_at = "due", again
    announce("month_failing", bill_id=bill.id, failures=bill.failures)
    return True


def locked_bill(charge_id: str) -> tuple[Charge, Bill]:
    """A charge and its bill, the subscription locked before it."""
    charge = db.session.get_one(Charge, charge_id)
    pledge_id = db.session.scalars(sa.select(Bill.pledge_id).where(Bill.id == charge.subject_id)).one()
    lock_subscription(pledge_id)
    return charge, lock(Bill, charge.subject_id)
