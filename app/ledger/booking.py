"""The single insert path of the books, and the questions asked of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, cast

import sqlalchemy as sa

from app import clock
from app.db import db, insert_unless_there, new_id, polite_insert

from .entries import ACCOUNTS, Booking, balance, check_balanced
from .models import Account, Journal, Posting

MOST_OWNERS = 500

accounts: Any = Account.__table__
ACCOUNTS_OF = sa.select(accounts.c.owner, accounts.c.kind, accounts.c.id).where(
    accounts.c.owner.in_(sa.bindparam("owners", expanding=True)),
    accounts.c.currency == sa.bindparam("currency"),
)
POST = sa.insert(cast(sa.Table, Posting.__table__))


def book(booking: Booking) -> bool:
    """Write a journal and its postings in the present transaction; False when the key is booked already.

    Raises:
        Unbalanced: the lines do not add up to zero.
    """
    check_balanced(booking)
    journal_id = new_id()
    written = insert_unless_there(
        Journal,
        {
            "id": journal_id,
            "key": booking.key,
            "cause": booking.cause,
            "owner": booking.owner,
            "subject_id": booking.subject_id,
            "at": clock.now(),
        },
    )
    if not written:
        return False
    opened = open_accounts(booking)
    db.session.execute(
        POST,
        [
            {
                "id": new_id(),
                "journal_id": journal_id,
                "account_id": opened[line.owner or booking.owner, line.account],
                "amount": line.amount,
            }
            for line in booking.lines
        ],
    )
    return True


def open_accounts(booking: Booking) -> dict[tuple[str, str], str]:
    """The ids of the accounts of a booking by owner and kind, opened where they are missing."""
    wanted = {(line.owner or booking.owner, line.account) for line in booking.lines}
    known = find_accounts({owner for owner, _kind in wanted}, booking.currency)
    missing = sorted(wanted - known.keys())
    if missing:
        db.session.execute(
            polite_insert(Account, db.session.get_bind().dialect.name),
            [
                {"id": new_id(), "kind": kind, "owner": owner, "currency": booking.currency}
                for owner, kind in missing
            ],
        )
        known = find_accounts({owner for owner, _kind in wanted}, booking.currency)
    return known


def find_accounts(owners: Iterable[str], currency: str) -> dict[tuple[str, str], str]:
    """Account ids by owner and kind, asked for in portions that a database takes."""
    found: dict[tuple[str, str], str] = {}
    for some in batched(sorted(owners), MOST_OWNERS):
        rows = db.session.execute(ACCOUNTS_OF, {"owners": some, "currency": currency})
        found |= {(row.owner, row.kind): row.id for row in rows}
    return found


def batched(owners: list[str], size: int) -> Iterator[list[str]]:
    for start in range(0, len(owners), size):
        yield owners[start : start + size]


def balances(owner: str) -> dict[str, int]:
    """What each account of an owner holds, from the postings alone."""
    rows = db.session.execute(
        sa.select(Account.kind, sa.func.sum(Posting.amount))
        .join(Posting, Posting.account_id == Account.id)
        .where(Account.owner == owner)
        .group_by(Account.kind)
    )
    return dict.fromkeys(ACCOUNTS, 0) | {kind: balance(kind, int(total)) for kind, total in rows}


def all_balances() -> dict[tuple[str, str], dict[str, int]]:
    """What each account holds, by (owner, currency) and kind."""
    rows = db.session.execute(
        sa.select(Account.owner, Account.currency, Account.kind, sa.func.sum(Posting.amount))
        .join(Posting, Posting.account_id == Account.id)
        .group_by(Account.owner, Account.currency, Account.kind)
    )
    found: dict[tuple[str, str], dict[str, int]] = {}
    for owner, currency, kind, total in rows:
        found.setdefault((owner, currency), dict.fromkeys(ACCOUNTS, 0))[kind] = balance(kind, int(total))
    return found


def totals(owners: Iterable[str] | None = None) -> dict[tuple[str, str], dict[str, int]]:
    """Turnover by (owner, currency) and cause: how much was ever captured, paid out, refunded."""
    query = (
        sa.select(Journal.owner, Account.currency, Journal.cause, sa.func.sum(Posting.amount))
        .join(Posting, Posting.journal_id == Journal.id)
        .join(Account, Account.id == Posting.account_id)
        .where(Posting.amount > 0, Account.owner == Journal.owner)
        .group_by(Journal.owner, Account.currency, Journal.cause)
    )
    if owners is not None:
        query = query.where(Journal.owner.in_(list(owners)))
    found: dict[tuple[str, str], dict[str, int]] = {}
    for owner, currency, cause, total in db.session.execute(query):
        found.setdefault((owner, currency), {})[cause] = int(total)
    return found


def unbalanced_journals() -> list[tuple[str, str, int]]:
    """Journals whose postings do not add up to zero in some currency: (key, currency, sum)."""
    rows = db.session.execute(
        sa.select(Journal.key, Account.currency, sa.func.sum(Posting.amount))
        .join(Posting, Posting.journal_id == Journal.id)
        .join(Account, Account.id == Posting.account_id)
        .group_by(Journal.key, Account.currency)
        .having(sa.func.sum(Posting.amount) != 0)
    )
    return [(key, currency, int(total)) for key, currency, total in rows]
