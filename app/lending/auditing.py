"""What must hold for every loan: lenders got exactly what came in, and all of it is booked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import sqlalchemy as sa

from app import clock
from app.actions.duties import duties_of
from app.db import db
from app.ledger.booking import balances
from app.ledger.models import Account, Journal, Posting
from app.payments.models import Charge
from app.pledges.kinds.repaying import Stake, received_by
from app.pledges.models import Pledge
from app.purses.crediting import erased_among

from .models import Loan, LoanStake, Repayment

LONGEST_PAUSE = timedelta(days=1)
TO_LENDERS = ("loan_return", "recovery", "reserve")


def loans_add_up() -> Iterator[str]:
    """[12] What was paid, what lenders got and what the reserve covered are the sums of the payments."""
    for loan in db.session.scalars(sa.select(Loan).order_by(Loan.id)):
        done = db.session.scalars(
            sa.select(Repayment)
            .where(Repayment.loan_id == loan.id, Repayment.state == "done")
            .order_by(Repayment.lenders_had, Repayment.to_lenders)
        ).all()
        paid = sum(each.amount for each in done if each.purpose != "reserve")
        drawn = sum(each.amount for each in done if each.purpose == "reserve")
        if (paid, drawn) != (loan.paid, loan.drawn):
            yield f"loan {loan.id} says {loan.paid} paid and {loan.drawn} drawn; payments say {paid}, {drawn}"
        had = 0
        for each in done:
            if each.lenders_had != had and each.to_lenders:
                yield f"loan {loan.id}: repayment {each.id} was split from {each.lenders_had}, not from {had}"
            had += each.to_lenders
        if had != loan.to_lenders:
            yield f"loan {loan.id}: {loan.to_lenders} to the lenders, the payments say {had}"
        units = db.session.scalar(sa.select(sa.func.sum(LoanStake.units)).where(LoanStake.loan_id == loan.id))
        if units != loan.units:
            yield f"loan {loan.id} has {loan.units} units, its lenders hold {units}"
        if (waiting := balances(loan.id)["returns_due"]) != (coming := taken_lately(loan.id)):
            yield f"loan {loan.id}: {waiting} came in and went nowhere, {coming} are being shared out"


def taken_lately(loan_id: str) -> int:
    """What the gateway took within a day and the next look of the worker shares out."""
    total = db.session.scalar(
        sa.select(sa.func.sum(Repayment.amount))
        .join(Charge, Charge.subject_id == Repayment.id)
        .where(
            Repayment.loan_id == loan_id,
            Repayment.state == "started",
            Charge.state == "done",
            Charge.finished_at > clock.now() - LONGEST_PAUSE,
        )
    )
    return int(total or 0)


def lenders_got_their_parts() -> Iterator[str]:
    """[9, 12] Each lender's purse was credited with exactly the parts of their units.

    What was due to those who were erased went to the platform from then on.
    """
    for loan in db.session.scalars(sa.select(Loan).order_by(Loan.id)):
        due: dict[str, int] = {}
        for person_id, first, units in db.session.execute(
            sa.select(Pledge.person_id, LoanStake.first, LoanStake.units)
            .join(Pledge, Pledge.id == LoanStake.pledge_id)
            .where(LoanStake.loan_id == loan.id)
        ):
            part = received_by(Stake("", first, units), loan.to_lenders, loan.units)
            due[str(person_id)] = due.get(str(person_id), 0) + part
        booked = {
            owner: -int(total)
            for owner, total in db.session.execute(
                sa.select(Account.owner, sa.func.sum(Posting.amount))
                .join(Posting, Posting.account_id == Account.id)
                .join(Journal, Journal.id == Posting.journal_id)
                .where(
                    Journal.owner == loan.id,
                    Journal.cause.in_(TO_LENDERS),
                    Account.kind.in_(("purse", "tips")),
                )
                .group_by(Account.owner)
            )
        }
        given_up = booked.pop(loan.id, 0)
        lacking = {person: part - booked.pop(person, 0) for person, part in due.items()}
        lacking = {person: part for person, part in lacking.items() if part}
        sound = not booked and sum(lacking.values()) == given_up and min(lacking.values(), default=1) > 0
        if not sound or lacking.keys() - erased_among(lacking):
            yield f"loan {loan.id}: the lenders' purses were not credited with the parts of their units"


def instalments_follow_payments() -> Iterator[str]:
    """[12] The instalments are covered by just what was paid, and make the whole loan."""
    for loan in db.session.scalars(sa.select(Loan).order_by(Loan.id)):
        duties = duties_of(loan.id, "loan")
        if sum(duty.done for duty in duties) != loan.paid:
            yield f"loan {loan.id}: {loan.paid} paid, the instalments say {sum(d.done for d in duties)}"
        planned = sum(duty.done if duty.state == "waived" else duty.amount for duty in duties)
        if planned != loan.lent:
            yield f"loan {loan.id}: instalments of {planned} for {loan.lent} lent"


def reserves_stay_while_loans_run() -> Iterator[str]:
    """[12] Nothing of a reserve went back to its sponsors before its loan was repaid or in default.

    A deposit that arrives too late to cover anything is booked under its own name and may go back at once.
    """
    rows = db.session.execute(
        sa.select(Loan.id, sa.func.coalesce(Loan.defaulted_at, Loan.repaid_at), Journal.at)
        .join(Journal, sa.and_(Journal.owner == Loan.id, Journal.subject_id == Loan.id))
        .where(Journal.cause == "pool_return")
        .order_by(Journal.at)
    )
    for loan_id, ended_at, returned_at in rows:
        if ended_at is None or returned_at < ended_at:
            yield f"loan {loan_id}: its reserve went back on {returned_at:%Y-%m-%d}, before the loan ended"


CHECKS: tuple[Callable[[], Iterator[str]], ...] = (
    loans_add_up,
    lenders_got_their_parts,
    instalments_follow_payments,
    reserves_stay_while_loans_run,
)
