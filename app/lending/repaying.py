"""Repaying: the borrower pays through the gateway; what arrives goes to the lenders in the same breath."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import gettext as _

from app import clock
from app.actions.duties import duties_of, meet
from app.actions.models import Duty
from app.actions.paying import deliver_if_done
from app.db import db, lock, new_id, run_tx
from app.errors import Refusal
from app.ledger.booking import book
from app.ledger.entries import move
from app.outbox import announce
from app.payments.charging import begin_charge
from app.payments.methods import own_method
from app.payments.models import Charge
from app.petitions.tallying import record
from app.pledges.kinds.repaying import Waterfall, pay
from app.web.formatting import format_money

from .disbursing import plan_of
from .models import Loan, Repayment
from .splitting import share_out
from .standing import next_change

CHARGE_PURPOSE = "instalment"


def waterfall_of(loan: Loan, reserve: int = 0) -> Waterfall:
    """The loan as the pure rules see it."""
    return Waterfall(
        lent=loan.lent,
        reserve=max(reserve, loan.drawn),
        paid=loan.paid,
        to_lenders=loan.to_lenders,
        drawn=loan.drawn,
        restored=loan.restored,
        defaulted=loan.defaulted_at is not None,
    )


def on_its_way(loan_id: str) -> int:
    """What was asked of the borrower's card and is not answered yet, in minor units."""
    total = db.session.scalar(
        sa.select(sa.func.sum(Repayment.amount)).where(
            Repayment.loan_id == loan_id, Repayment.state == "started"
        )
    )
    return int(total or 0)


def begin_repayment(loan_id: str, person_id: str, amount: int, method_id: str, key: str) -> Repayment:
    """Write down that the borrower pays ``amount`` now; the same ``key`` again is the same payment.

    The gateway is asked after the commit. Call inside a transaction.

    Raises:
        Refusal: it is somebody else's loan or card, or more than is owed.
    """
    loan = lock(Loan, loan_id)
    earlier = db.session.scalar(
        sa.select(Repayment).where(Repayment.loan_id == loan_id, Repayment.key == key)
    )
    if earlier is not None:
        return earlier
    if loan.borrower_id != person_id:
        raise Refusal(_("Only the borrower can pay this loan back."), status=404)
    own_method(method_id, person_id)
    open_amount = loan.lent - loan.paid - on_its_way(loan_id)
    if open_amount <= 0:
        raise Refusal(_("Nothing is left to pay. What is on its way covers the rest."), field="amount")
    if not 0 < amount <= open_amount:
        raise Refusal(
            _(
                "Pay at most %(most)s: that is all you still owe.",
                most=format_money(open_amount, loan.currency),
            ),
            field="amount",
        )
    loan.method_id = method_id
    repayment = Repayment(
        id=new_id(),
        loan_id=loan_id,
        key=key,
        purpose="recovery" if loan.defaulted_at is not None else "instalment",
        state="started",
        amount=amount,
        begun_at=clock.now(),
    )
    db.session.add(repayment)
    db.session.flush()
    begin_charge(
        key=f"repayment-{repayment.id}",
        purpose=CHARGE_PURPOSE,
        method_id=method_id,
        payer_id=person_id,
        owner=loan_id,
        subject_id=repayment.id,
        amount=amount,
        currency=loan.currency,
        credit="returns_due",
    )
    return repayment


def repayment_paid(charge_id: str) -> bool:
    """What follows when the gateway took a repayment; commits by itself."""
    return run_tx(lambda: settle_repayment(charge_id))


def repayment_refused(charge_id: str) -> bool:
    """What follows when it did not; commits by itself."""
    return run_tx(lambda: note_refused(charge_id))


def settle_repayment(charge_id: str) -> bool:
    """The gateway took a repayment: pass it on to the last minor unit, once. Call inside a transaction."""
    charge = db.session.get_one(Charge, charge_id)
    loan = lock(Loan, charge.owner)
    repayment = lock(Repayment, charge.subject_id)
    if repayment.state != "started" or charge.state != "done":
        return False
    at = charge.finished_at or clock.now()
    before = waterfall_of(loan)
    after = pay(before, repayment.amount)
    repayment.state, repayment.settled_at = "done", at
    repayment.lenders_had = before.to_lenders
    repayment.to_lenders = after.to_lenders - before.to_lenders
    repayment.to_reserve = after.restored - before.restored
    loan.paid, loan.to_lenders, loan.restored = after.paid, after.to_lenders, after.restored
    loan.last_paid_at = at
    pass_on(loan, repayment)
    on_time = cover_instalments(loan, repayment)
    note_standing(loan)
    record(
        loan.id,
        "loan_repayment",
        at,
        cause=f"repayment-{repayment.id}",
        amount=repayment.amount,
        paid=loan.paid,
    )
    announce("loan_repayment_settled", repayment_id=repayment.id, on_time=on_time)
    if loan.paid == loan.lent:
        close_loan(loan)
    return True


def pass_on(loan: Loan, repayment: Repayment) -> None:
    """Out of what came in: the lenders' part into their purses, the rest back to the reserve."""
    if repayment.to_lenders:
        share_out(
            loan,
            repayment.lenders_had,
            repayment.lenders_had + repayment.to_lenders,
            debit="returns_due",
            cause="recovery" if repayment.purpose == "recovery" else "loan_return",
            key=f"loan-return-{repayment.id}",
            subject_id=repayment.id,
        )
    if repayment.to_reserve:
        book(
            move(
                f"reserve-restored-{repayment.id}",
                "reserve_restored",
                loan.id,
                repayment.id,
                loan.currency,
                debit="returns_due",
                credit="pool",
                amount=repayment.to_reserve,
            )
        )


def cover_instalments(loan: Loan, repayment: Repayment) -> list[str]:
    """Meet what is open, or was left unpaid, in the order of its days; what was completed in time."""
    left, on_time = repayment.amount, []
    for found in duties_of(loan.id, "loan"):
        part = min(left, found.amount - found.done)
        if part <= 0 or found.state not in {"open", "broken"}:
            continue
        duty = lock(Duty, found.id)
        meet(duty, part)
        left -= part
        if duty.state == "kept" and repayment.begun_at <= duty.due_at:
            on_time.append(duty.id)
    return on_time


def note_standing(loan: Loan) -> None:
    """When the calendar has to be looked at next; a loan that caught up is not delinquent any more."""
    plan = plan_of(duties_of(loan.id, "loan"))
    at = clock.now()
    loan.look_at = None
    if loan.defaulted_at is None:
        loan.look_at = next_change(plan, loan.paid, loan.last_paid_at, at)
        due = sum(step.amount for step in plan if step.due < at)
        if loan.paid >= due:
            loan.delinquent_at = None


def close_loan(loan: Loan) -> None:
    """The last unit is back."""
    loan.repaid_at, loan.look_at = clock.now(), None
    record(loan.id, "loan_repaid", loan.repaid_at, cause="loan-repaid", amount=loan.lent)
    announce("loan_repaid", petition_id=loan.id)
    deliver_if_done(loan.id)


def note_refused(charge_id: str) -> bool:
    """The card was declined: nothing was paid, and the borrower hears of it. Call inside a transaction."""
    charge = db.session.get_one(Charge, charge_id)
    lock(Loan, charge.owner)
    repayment = lock(Repayment, charge.subject_id)
    if repayment.state != "started" or charge.state != "failed":
        return False
    repayment.state, repayment.failure, repayment.settled_at = "failed", charge.outcome, charge.finished_at
    announce("loan_repayment_failed", repayment_id=repayment.id)
    return True
