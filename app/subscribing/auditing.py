"""What must hold of subscriptions; each check yields a sentence for every difference it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sqlalchemy as sa

from app.actions.models import Payout
from app.db import db
from app.ledger.models import Journal, Posting
from app.payments.models import Charge
from app.pledges.models import Pledge

from .models import OPEN, Bill, Due, Subscription


def bills_match_postings() -> Iterator[str]:
    """A paid bill was booked once, with its amount; one that was not paid was not booked."""
    booked = (
        sa.select(Journal.subject_id, sa.func.sum(Posting.amount).label("total"))
        .join(Posting, Posting.journal_id == Journal.id)
        .where(Journal.cause == "month", Posting.amount > 0)
        .group_by(Journal.subject_id)
        .subquery()
    )
    rows = db.session.execute(
        sa.select(Bill.id, Bill.state, Bill.amount, sa.func.coalesce(booked.c.total, 0))
        .outerjoin(booked, booked.c.subject_id == Bill.id)
        .where(Bill.state != "charging")
    )
    for bill_id, state, amount, total in rows:
        expected = amount if state == "paid" else 0
        if int(total) != expected:
            yield f"bill {bill_id} is {state} over {amount}, and {int(total)} were booked for it"


def bills_were_charged_once() -> Iterator[str]:
    """No bill has two charges that took money."""
    rows = db.session.execute(
        sa.select(Charge.subject_id, sa.func.count())
        .where(Charge.purpose == "month", Charge.state == "done")
        .group_by(Charge.subject_id)
        .having(sa.func.count() > 1)
    )
    for bill_id, number in rows:
        yield f"bill {bill_id} was charged {number} times"


def bills_are_their_months() -> Iterator[str]:
    """A bill is the sum of its months, and nobody has two that are open."""
    months = sa.func.coalesce(sa.func.sum(Due.owed), 0)
    rows = db.session.execute(
        sa.select(Bill.id, Bill.amount, months)
        .outerjoin(Due, Due.bill_id == Bill.id)
        .group_by(Bill.id, Bill.amount)
        .having(months != Bill.amount)
    )
    for bill_id, amount, total in rows:
        yield f"bill {bill_id} is over {amount}, its months over {total}"
    doubled = db.session.execute(
        sa.select(Bill.pledge_id, sa.func.count())
        .where(Bill.state.in_(OPEN))
        .group_by(Bill.pledge_id)
        .having(sa.func.count() > 1)
    )
    for pledge_id, number in doubled:
        yield f"subscription {pledge_id} has {number} open bills"


def payouts_are_their_bills() -> Iterator[str]:
    """What goes out for a month is what came in, to the last won."""
    passed = sa.func.coalesce(sa.func.sum(Bill.amount), 0)
    rows = db.session.execute(
        sa.select(Payout.cause, Payout.amount, passed)
        .outerjoin(Bill, sa.and_(Bill.passed_on == Payout.cause, Bill.state == "paid"))
        .where(Payout.cause.startswith("month-"))
        .group_by(Payout.cause, Payout.amount)
        .having(passed != Payout.amount)
    )
    for cause, amount, total in rows:
        yield f"payout {cause} is over {amount}, the bills in it over {total}"


def subscriptions_match_pledges() -> Iterator[str]:
    """A subscription has ended exactly when its pledge has."""
    rows = db.session.execute(
        sa.select(Subscription.id, Pledge.state)
        .join(Pledge, Pledge.id == Subscription.id)
        .where(
            sa.case((Subscription.ended_at.is_(None), "active"), else_="ended") != Pledge.state,
        )
    )
    for pledge_id, state in rows:
        yield f"pledge {pledge_id} is {state}, which its subscription is not"


CHECKS: tuple[Callable[[], Iterator[str]], ...] = (
    bills_match_postings,
    bills_were_charged_once,
    bills_are_their_months,
    payouts_are_their_bills,
    subscriptions_match_pledges,
)
