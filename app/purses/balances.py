"""What is in a purse, and what of it may still be used: the first from the postings alone."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from app.db import db, insert_unless_there, lock, new_id
from app.ledger.models import Account, Posting

from .models import PurseHold, PursePayout


@dataclass(frozen=True)
class Balance:
    """Minor units of ``currency``: all that is in the purse, set aside for pledges, on its way out."""

    currency: str
    total: int = 0
    held: int = 0
    leaving: int = 0

    @property
    def free(self) -> int:
        """What a new pledge or payout may use; below 0 would be a fault and is never hidden."""
        return self.total - self.held - self.leaving


def balance_of(person_id: str, currency: str) -> Balance:
    """One purse as it is now."""
    total = db.session.scalar(
        sa.select(sa.func.coalesce(-sa.func.sum(Posting.amount), 0))
        .join(Account, Account.id == Posting.account_id)
        .where(Account.kind == "purse", Account.owner == person_id, Account.currency == currency)
    )
    held = db.session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(PurseHold.amount), 0)).where(
            PurseHold.person_id == person_id, PurseHold.currency == currency, PurseHold.state == "held"
        )
    )
    leaving = db.session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(PursePayout.amount), 0)).where(
            PursePayout.person_id == person_id,
            PursePayout.currency == currency,
            PursePayout.state == "asked",
        )
    )
    return Balance(currency, int(total or 0), int(held or 0), int(leaving or 0))


def balances_of(person_id: str) -> list[Balance]:
    """Every purse of a person, one for each currency that ever came in."""
    currencies = db.session.scalars(
        sa.select(Account.currency)
        .where(Account.kind == "purse", Account.owner == person_id)
        .order_by(Account.currency)
    ).all()
    return [balance_of(person_id, currency) for currency in currencies]


def lock_purse(person_id: str, currency: str) -> Balance:
    """The purse as it is now, with nobody else taking from it until the commit.

    Whatever lessens a purse, or turns a hold into a posting, takes this lock first; what is read under it
    cannot be promised twice.
    """
    insert_unless_there(Account, {"id": new_id(), "kind": "purse", "owner": person_id, "currency": currency})
    account_id = db.session.scalar(
        sa.select(Account.id).where(
            Account.kind == "purse", Account.owner == person_id, Account.currency == currency
        )
    )
    lock(Account, account_id)
    return balance_of(person_id, currency)
