"""Watching the calendar: who is late, delinquent, in default. It moves no money but the reserve's."""

from __future__ import annotations

import sqlalchemy as sa

from app import clock
from app.actions.duties import break_off, duties_of
from app.actions.models import Duty
from app.db import db, lock, new_id
from app.ledger.booking import balances
from app.outbox import announce
from app.outbox.sweeping import commit_each, find_ids
from app.petitions.tallying import record
from app.pledges.kinds.repaying import give_up

from .disbursing import plan_of, return_undisbursed
from .models import Loan, Repayment
from .repaying import waterfall_of
from .splitting import share_out
from .standing import next_change, stand


def watch() -> int:
    """Note for every loan what its calendar says by now; how many changed. One that fails stops no other."""
    return_undisbursed()
    due = sa.select(Loan.id).where(Loan.look_at <= clock.now())
    return commit_each(find_ids(due), look_at)


def look_at(loan_id: str) -> bool:
    """Stamp what has become of one loan by the calendar; False when nothing was due."""
    loan, at = lock(Loan, loan_id), clock.now()
    if loan.look_at is None or loan.look_at > at:
        return False
    plan = plan_of(duties_of(loan_id, "loan"))
    now = stand(plan, loan.paid, loan.last_paid_at, at)
    loan.look_at = next_change(plan, loan.paid, loan.last_paid_at, at)
    if now.state in {"delinquent", "defaulted"} and loan.delinquent_at is None:
        loan.delinquent_at = at
        announce("loan_delinquent", petition_id=loan_id, since=now.since.isoformat() if now.since else "")
        record(loan_id, "loan_delinquent", at, cause=f"delinquent-{at:%Y%m%d}", amount=now.arrears)
    if now.state == "defaulted":
        declare_default(loan)
    return True


def declare_default(loan: Loan) -> None:
    """Nothing came for too long: the reserve covers what it can, and the rest is written off for now."""
    at = clock.now()
    before = waterfall_of(loan, balances(loan.id)["pool"])
    after = give_up(before)
    loan.defaulted_at, loan.look_at = at, None
    loan.drawn, loan.to_lenders = after.drawn, after.to_lenders
    for found in duties_of(loan.id, "loan"):
        if found.state == "open":
            break_off(lock(Duty, found.id))
    if after.drawn:
        draw_reserve(loan, before.to_lenders)
    record(loan.id, "loan_defaulted", at, cause="loan-defaulted", amount=loan.lent - loan.to_lenders)
    announce("loan_defaulted", petition_id=loan.id)


def draw_reserve(loan: Loan, lenders_had: int) -> None:
    """What the reserve covers goes into the lenders' purses, like an instalment."""
    at = clock.now()
    cover = Repayment(
        id=new_id(),
        loan_id=loan.id,
        key="reserve",
        purpose="reserve",
        state="done",
        amount=loan.drawn,
        to_lenders=loan.drawn,
        lenders_had=lenders_had,
        begun_at=at,
        settled_at=at,
    )
    db.session.add(cover)
    db.session.flush()
    share_out(
        loan,
        lenders_had,
        lenders_had + loan.drawn,
        debit="pool",
        cause="reserve",
        key=f"reserve-drawn-{loan.id}",
        subject_id=cover.id,
    )
