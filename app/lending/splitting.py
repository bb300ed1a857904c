"""Splitting what came in over all lenders, to the last minor unit, in one transaction and one journal."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from app.db import db
from app.pledges.kinds.repaying import Stake, received_by
from app.pledges.models import Pledge
from app.purses.crediting import credit

from .models import Loan, LoanStake


def parts_of(loan: Loan, had: int, have: int) -> dict[str, int]:
    """What each person is due once the lenders' total grows from ``had`` to ``have`` minor units."""
    rows = db.session.execute(
        sa.select(Pledge.person_id, LoanStake.first, LoanStake.units)
        .join(Pledge, Pledge.id == LoanStake.pledge_id)
        .where(LoanStake.loan_id == loan.id, Pledge.person_id.is_not(None))
        .order_by(LoanStake.first)
    )
    parts: dict[str, int] = {}
    for person, first, units in rows:
        person_id, stake = str(person), Stake("", first, units)
        due = received_by(stake, have, loan.units) - received_by(stake, had, loan.units)
        if due:
            parts[person_id] = parts.get(person_id, 0) + due
    return parts


def share_out(loan: Loan, had: int, have: int, *, debit: str, cause: str, key: str, subject_id: str) -> None:
    """Move ``have − had`` from the petition's account ``debit`` into lenders' purses, once a ``key``."""
    parts: Mapping[str, int] = parts_of(loan, had, have)
    if sum(parts.values()) != have - had:
        raise ValueError(f"loan {loan.id}: {sum(parts.values())} shared out of {have - had}")
    credit(
        owner=loan.id,
        debit=debit,
        cause=cause,
        key=key,
        subject_id=subject_id,
        parts=parts,
        currency=loan.currency,
    )
