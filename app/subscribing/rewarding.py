"""Points for months that were paid: half of the effort each, on what somebody gave to the action so far."""

from __future__ import annotations

import sqlalchemy as sa

from app.actions.rewarding.efforts import GIVEN, in_won, net_won
from app.db import Id, Moment, db
from app.petitions.models import Petition
from app.pledges.models import Pledge
from app.points import rules
from app.points.awarding import award, void
from app.points.standing import settle_level

from .models import Bill


def reward_month(bill_id: str) -> None:
    """f grows with the cumulative sum, so that paying every month earns what paying at once would."""
    bill = db.session.get_one(Bill, bill_id)
    pledge = db.session.get_one(Pledge, bill.pledge_id)
    if bill.state != "paid" or pledge.person_id is None:
        return
    effort = rules.effort_increment(given_before(bill, pledge.person_id), in_won(bill.amount, bill.currency))
    award(
        pledge.person_id,
        reason="month_paid",
        cause=f"month:{bill.id}",
        class_="support",
        mp=rules.capture_half(effort),
        counterparty_id=db.session.get_one(Petition, bill.petition_id).organizer_id,
        petition_id=bill.petition_id,
        at=bill.paid_at,
    )
    settle_level(pledge.person_id)


def given_before(bill: Bill, person_id: str) -> int:
    """What the person gave to this action before, in won: other pledges, and earlier months."""
    pledges = db.session.scalars(
        sa.select(Pledge).where(
            Pledge.petition_id == bill.petition_id, Pledge.person_id == person_id, Pledge.state.in_(GIVEN)
        )
    )
    paid = sa.tuple_(Bill.paid_at, Bill.id)
    months = db.session.scalars(
        sa.select(Bill)
        .join(Pledge, Pledge.id == Bill.pledge_id)
        .where(
            Bill.petition_id == bill.petition_id,
            Pledge.person_id == person_id,
            Bill.state == "paid",
            paid < sa.tuple_(sa.literal(bill.paid_at, Moment), sa.literal(bill.id, Id)),
        )
    )
    return sum(map(net_won, pledges)) + sum(in_won(month.amount, month.currency) for month in months)


def void_month(bill_id: str) -> None:
    """A month that was given back earned nothing."""
    if void(f"month:{bill_id}"):
        pledge_id = db.session.get_one(Bill, bill_id).pledge_id
        person_id = db.session.get_one(Pledge, pledge_id).person_id
        if person_id is not None:
            settle_level(person_id)
