"""Passing on: once a month what came in is put up for a payout; of a stopped action it goes back.

A payout waits for nobody's card longer than for the last try, and nobody's account holds up the charges.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from app import clock
from app.actions.locking import lock_action
from app.actions.models import Action, Payout
from app.actions.proposing import propose
from app.db import db
from app.outbox import announce
from app.outbox.sweeping import commit_each, find_ids
from app.pledges.kinds.months import last_try, month_of, written
from app.pledges.models import Pledge
from app.purses.crediting import credit

from .models import OPEN, Bill, Round


def pass_on_due() -> None:
    """Propose the payouts that are due, and give back what a stopped action has left. Commits by itself."""
    waiting = sa.select(Bill.petition_id).where(waits_for_payout()).distinct()
    commit_each(find_ids(waiting), pass_on)


def pass_on(petition_id: str) -> int:
    """Put this month's money up for approval, once a month; how much. Call inside a transaction."""
    action = lock_action(petition_id)
    bills = unpassed(petition_id)
    if action is None or not bills:
        return 0
    if action.state == "stopped":
        return give_back(action, bills)
    month = month_of(clock.now())
    cause = f"month-{petition_id}-{written(month)}"
    proposed = db.session.scalar(sa.select(sa.exists().where(Payout.cause == cause)))
    if action.state not in {"underway", "delivered"} or proposed or still_coming(petition_id, month):
        return 0
    payout = propose(action, sum(bill.amount for bill in bills), cause=cause)
    if payout is None:
        return 0
    for bill in bills:
        bill.passed_on = cause
    return payout.amount


def unpassed(petition_id: str) -> Sequence[Bill]:
    """Paid bills that went neither out nor back, locked."""
    return db.session.scalars(
        sa.select(Bill)
        .where(Bill.petition_id == petition_id, waits_for_payout())
        .order_by(Bill.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()


def waits_for_payout() -> sa.ColumnElement[bool]:
    """A paid bill that went neither out nor back; a payout that was withdrawn counts for nothing."""
    stands = sa.exists().where(Payout.cause == Bill.passed_on)
    return sa.and_(
        Bill.state == "paid", Bill.given_back_at.is_(None), sa.or_(Bill.passed_on.is_(None), ~stands)
    )


def still_coming(petition_id: str, month: int) -> bool:
    """Whether more of this month's money may come in before the last try."""
    if clock.now() >= last_try(month):
        return False
    unbilled = sa.exists().where(
        Round.petition_id == petition_id, Round.month <= month, Round.run_at.is_(None)
    )
    open_bills = sa.exists().where(Bill.petition_id == petition_id, Bill.state.in_(OPEN))
    return bool(db.session.scalar(sa.select(sa.or_(unbilled, open_bills))))


def give_back(action: Action, bills: Sequence[Bill]) -> int:
    """Into their patrons' purses: what a stopped action took and did not pay out."""
    given = 0
    for bill in bills:
        person_id = db.session.scalars(sa.select(Pledge.person_id).where(Pledge.id == bill.pledge_id)).one()
        if person_id is None:
            raise LookupError(f"bill {bill.id} was paid by nobody")
        credit(
            owner=action.petition_id,
            debit="escrow",
            cause="month_back",
            key=f"month-back-{bill.id}",
            subject_id=bill.id,
            parts={person_id: bill.amount},
            currency=bill.currency,
        )
        bill.passed_on, bill.given_back_at = None, clock.now()
        announce("month_given_back", bill_id=bill.id)
        given += bill.amount
    return given
