"""Points for instalments that came on time: the other half of a pledge's points, for both sides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from app.actions.duties import duties_of
from app.actions.models import Duty
from app.actions.rewarding.efforts import BATCH, effort_of, settle_organizer
from app.db import db
from app.outbox.sweeping import commit_batches
from app.pledges.models import Pledge
from app.points import rules
from app.points.awarding import award

from .disbursing import plan_of
from .models import Loan, LoanStake


def reward_instalments(*, repayment_id: str, on_time: Sequence[str]) -> None:
    """What a payment completed before its day earns each lender and the borrower; commits by itself."""
    for duty_id in on_time:
        reward_instalment(duty_id)


def reward_instalment(duty_id: str) -> None:
    """The instalment's part of half the effort, to each lender and, from each lender, to the borrower."""
    duty = db.session.get_one(Duty, duty_id)
    loan_id, at = duty.petition_id, duty.settled_at
    plan = duties_of(loan_id, "loan")
    shares = [instalment.amount for instalment in plan_of(plan)]
    index = [each.id for each in plan].index(duty_id)
    pledges = list(
        db.session.scalars(
            sa.select(LoanStake.pledge_id).where(LoanStake.loan_id == loan_id).order_by(LoanStake.first)
        )
    )
    borrower_id = db.session.get_one(Loan, loan_id).borrower_id
    db.session.rollback()

    def write(batch: Sequence[str]) -> None:
        for pledge in db.session.scalars(sa.select(Pledge).where(Pledge.id.in_(batch))).all():
            reward_both(pledge, borrower_id, duty_id, shares=shares, index=index, at=at)

    commit_batches(pledges, write, BATCH)
    settle_organizer(loan_id)


def reward_both(
    pledge: Pledge,
    borrower_id: str,
    duty_id: str,
    *,
    shares: Sequence[int],
    index: int,
    at: datetime | None,
) -> None:
    """One lender's points and the borrower's from this lender; call inside a transaction."""
    if pledge.person_id is None:
        return
    effort = effort_of(pledge)
    cause = f"instalment:{duty_id}:{pledge.id}"
    award(
        pledge.person_id,
        reason="instalment_lent",
        cause=cause,
        class_="support",
        mp=rules.supporter_delivery_mp(effort, shares)[index],
        counterparty_id=borrower_id,
        petition_id=pledge.petition_id,
        at=at,
    )
    award(
        borrower_id,
        reason="instalment_paid",
        cause=f"{cause}:borrower",
        class_="organise",
        mp=rules.split_over_plan(rules.capture_half(effort), shares)[index],
        counterparty_id=pledge.person_id,
        petition_id=pledge.petition_id,
        at=at,
    )
