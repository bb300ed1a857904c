"""Disbursing: the loan runs from the one payout to the borrower; without it everybody is refunded."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app import clock
from app.actions.duties import duties_of
from app.actions.locking import lock_action
from app.actions.models import Action, Duty, Payout
from app.actions.payouts import call_off
from app.actions.stopping import stop
from app.db import db, insert_unless_there
from app.outbox import announce
from app.outbox.sweeping import commit_each, find_ids
from app.petitions.models import Petition
from app.petitions.tallying import record
from app.pledges.models import Pledge

from .models import Loan, LoanStake
from .standing import Instalment, next_change, reminders

DISBURSE_WITHIN = timedelta(days=30)


def begin_loan(payout_id: str) -> bool:
    """The money has reached the borrower: number the units and start the calendar. Once; in a transaction."""
    payout = db.session.get_one(Payout, payout_id)
    petition = db.session.get_one(Petition, payout.petition_id)
    threshold = petition.threshold_of("loan")
    if threshold is None or payout.cause != f"disbursement-{petition.id}" or payout.paid_at is None:
        return False
    unit = int(threshold.terms["unit"])
    stakes = number_units(petition.id, unit)
    units = sum(stake["units"] for stake in stakes)
    duties = duties_of(petition.id, "loan")
    begun = insert_unless_there(
        Loan,
        {
            "id": petition.id,
            "borrower_id": petition.organizer_id,
            "currency": payout.currency,
            "unit": unit,
            "units": units,
            "lent": units * unit,
            "paid": 0,
            "to_lenders": 0,
            "drawn": 0,
            "restored": 0,
            "disbursed_at": payout.paid_at,
            "look_at": next_change(plan_of(duties), 0, None, payout.paid_at),
        },
    )
    if not begun:
        return False
    db.session.execute(sa.insert(LoanStake), stakes)
    remind_of(duties)
    record(petition.id, "loan_disbursed", payout.paid_at, cause="loan-disbursed", amount=units * unit)
    announce("loan_disbursed", petition_id=petition.id)
    return True


def number_units(petition_id: str, unit: int) -> list[dict[str, Any]]:
    """The units of every pledge whose money is in the loan, numbered in the order of the pledges."""
    rows = db.session.execute(
        sa.select(Pledge.id, Pledge.captured - Pledge.refunded)
        .where(Pledge.petition_id == petition_id, Pledge.kind == "loan", Pledge.captured > Pledge.refunded)
        .order_by(Pledge.ready_at, Pledge.id)
    )
    stakes: list[dict[str, Any]] = []
    first = 0
    for pledge_id, lent in rows:
        units = lent // unit
        stakes.append({"pledge_id": pledge_id, "loan_id": petition_id, "first": first, "units": units})
        first += units
    return stakes


def plan_of(duties: list[Duty]) -> list[Instalment]:
    """The instalments as they stand: of those a vote has replaced, only what was paid on them."""
    return [Instalment(duty.done if duty.state == "waived" else duty.amount, duty.due_at) for duty in duties]


def remind_of(duties: list[Duty]) -> None:
    """Have the borrower reminded of these instalments, each at its four moments."""
    at = clock.now()
    for duty in duties:
        for offset, moment in reminders(duty.due_at):
            if moment > at:
                announce("instalment_reminder", due_at=moment, duty_id=duty.id, offset=offset)


def return_undisbursed() -> int:
    """Give everybody's money back where it has not reached the borrower in time; how many loans that were."""
    late = sa.select(Action.petition_id).where(
        Action.kind == "loan",
        Action.state == "underway",
        Action.underway_at <= clock.now() - DISBURSE_WITHIN,
        Action.petition_id.not_in(sa.select(Loan.id)),
    )
    return commit_each(find_ids(late), give_back)


def give_back(petition_id: str) -> bool:
    """Refund everybody, unless the money has left or may be leaving at this moment."""
    action = lock_action(petition_id)
    if action is None or action.state != "underway":
        return False
    payout = db.session.scalar(
        sa.select(Payout).where(Payout.cause == f"disbursement-{petition_id}").with_for_update()
    )
    if payout is not None and payout.state != "proposed" and not call_off(payout):
        return False
    stop(action, reason="not_disbursed")
    announce("loan_not_disbursed", petition_id=petition_id)
    return True
