"""Auditing the pools: what was deposited was booked, and nothing stays behind."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sqlalchemy as sa

from app.db import db
from app.ledger.booking import balances
from app.ledger.models import Journal, Posting

from .models import Pool


def booked_deposits() -> dict[str, int]:
    """What the books say was paid in, by pool."""
    return {
        subject: int(amount)
        for subject, amount in db.session.execute(
            sa.select(Journal.subject_id, sa.func.sum(Posting.amount))
            .join(Posting, Posting.journal_id == Journal.id)
            .where(Journal.cause == "deposit", Posting.amount > 0)
            .group_by(Journal.subject_id)
        )
    }


def deposits_are_booked() -> Iterator[str]:
    """Every deposit that lies or lay there is booked once, as much as its row says, and no other is."""
    booked = booked_deposits()
    for pool_id, amount, state, deposited in db.session.execute(
        sa.select(Pool.id, Pool.amount, Pool.state, Pool.deposited_at)
    ):
        found = booked.pop(pool_id, 0)
        arriving = state == "asked" and found in {0, amount}
        if not arriving and found != (amount if deposited else 0):
            yield f"pool {pool_id} is {state} with {amount}, but {found} are booked"
    for pool_id in booked:
        yield f"a deposit for {pool_id} is booked, but there is no such pool"


def pools_hold_what_lies_there() -> Iterator[str]:
    """A bonus lies there whole until it is given or returned; after that nothing of any pool stays behind."""
    booked = booked_deposits()
    rows = db.session.execute(
        sa.select(Pool.id, Pool.petition_id, Pool.purpose, Pool.state, Pool.amount).where(
            Pool.state.in_(("asked", "lying", "given", "returned"))
        )
    ).all()
    lies: dict[tuple[str, str], int] = {}
    for pool_id, petition_id, purpose, state, amount in rows:
        there = booked.get(pool_id, 0) if state == "asked" else amount if state == "lying" else 0
        lies[petition_id, purpose] = lies.get((petition_id, purpose), 0) + there
    for (petition_id, purpose), expected in lies.items():
        left = balances(petition_id)["pool"]
        if (purpose == "bonus" and left != expected) or (purpose == "reserve" and left > expected > 0):
            yield f"pools of {petition_id}: {expected} should lie there, {left} do"


CHECKS: tuple[Callable[[], Iterator[str]], ...] = (deposits_are_booked, pools_hold_what_lies_there)
