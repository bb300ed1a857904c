"""What everybody may read of a petition's pools."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from app.db import db
from app.ledger.booking import balances
from app.web.caching import snapshot

from .models import Pool

SHOWN = ("lying", "given", "returned")


@dataclass(frozen=True)
class PoolView:
    """One deposit: the sponsor's name as they chose it, minor units of ``currency``, and its state."""

    name: str
    purpose: str
    amount: int
    currency: str
    state: str


@dataclass(frozen=True)
class PublicPools:
    """All deposits of a petition; ``total`` was paid in, ``left`` lies there now."""

    pools: tuple[PoolView, ...]
    left: int

    @property
    def purpose(self) -> str:
        return self.pools[0].purpose

    @property
    def currency(self) -> str:
        return self.pools[0].currency

    @property
    def state(self) -> str:
        """``lying`` while any of it lies there, else what became of it."""
        states = {pool.state for pool in self.pools}
        return next(state for state in SHOWN if state in states)

    @property
    def total(self) -> int:
        return sum(pool.amount for pool in self.pools)

    def share_of(self, amount: int, goal: int) -> int:
        """What a pledge of ``amount`` would get if the petition failed just short of ``goal``; the least."""
        return self.left * amount // goal if goal > 0 else 0


def public_pools(petition_id: str) -> PublicPools | None:
    """The pools of a petition, kept for a moment; None when there are none."""
    return snapshot(("pools", petition_id), lambda: read_pools(petition_id))


def read_pools(petition_id: str) -> PublicPools | None:
    """The pools that were really paid in, the oldest first."""
    rows = db.session.execute(
        sa.select(Pool.name, Pool.purpose, Pool.amount, Pool.currency, Pool.state)
        .where(Pool.petition_id == petition_id, Pool.state.in_(SHOWN))
        .order_by(Pool.deposited_at, Pool.id)
    )
    pools = tuple(PoolView(*row) for row in rows)
    return PublicPools(pools, balances(petition_id)["pool"]) if pools else None


def pools_of_sponsor(petition_id: str, person_id: str) -> list[Pool]:
    """A sponsor's own deposits for a petition, the newest first."""
    return list(
        db.session.scalars(
            sa.select(Pool)
            .where(Pool.petition_id == petition_id, Pool.sponsor_id == person_id)
            .order_by(Pool.created_at.desc(), Pool.id.desc())
        )
    )
