"""Glancing at everything a person lends: one line for each loan, at the cost of two queries."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from app import clock
from app.actions.models import Duty
from app.db import db
from app.pledges.kinds.repaying import Stake, received_by
from app.pledges.models import Pledge

from .disbursing import plan_of
from .models import Loan, LoanStake
from .reading import state_of
from .standing import stand


@dataclass(frozen=True)
class Glance:
    """One line about what a person lends: the loan's state, and minor units lent and come back."""

    state: str
    lent: int
    received: int


def glances_at(person_id: str) -> dict[str, Glance]:
    """What a person lends in every loan that runs or ran, by the loan's id; two queries, however many."""
    lends: dict[str, tuple[Loan, list[Stake]]] = {}
    for loan, pledge_id, first, units in db.session.execute(
        sa.select(Loan, LoanStake.pledge_id, LoanStake.first, LoanStake.units)
        .join(LoanStake, LoanStake.loan_id == Loan.id)
        .join(Pledge, Pledge.id == LoanStake.pledge_id)
        .where(Pledge.person_id == person_id)
    ):
        lends.setdefault(loan.id, (loan, []))[1].append(Stake(pledge_id, first, units))
    duties: dict[str, list[Duty]] = {loan_id: [] for loan_id in lends}
    for duty in db.session.scalars(
        sa.select(Duty).where(Duty.petition_id.in_(lends), Duty.kind == "loan").order_by(Duty.due_at, Duty.id)
    ):
        duties[duty.petition_id].append(duty)
    at = clock.now()
    return {
        loan_id: Glance(
            state_of(loan, stand(plan_of(duties[loan_id]), loan.paid, loan.last_paid_at, at)),
            sum(stake.units for stake in stakes) * loan.unit,
            sum(received_by(stake, loan.to_lenders, loan.units) for stake in stakes),
        )
        for loan_id, (loan, stakes) in lends.items()
    }
