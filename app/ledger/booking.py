"""The single insert path of the books, and the questions asked of them."""

from __future__ import annotations

from collections.abc import Iterable

import sqlalchemy as sa

from app import clock
from app.db import db, insert_unless_there, new_id

from .entries import ACCOUNTS, Booking, balance, check_balanced
from .models import Account, Journal, Posting


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
    accounts = open_accounts(booking.owner, booking.currency)
    db.session.execute(
        sa.insert(Posting),
        [
            {"id": new_id(), "journal_id": journal_id, "account_id": accounts[kind], "amount": amount}
            for kind, amount in booking.lines
        ],
    )
    return True


def open_accounts(owner: str, currency: str) -> dict[str, str]:
    """The ids of an owner's accounts by kind, opened where they are missing."""
    known = find_accounts(owner, currency)
    if len(known) < len(ACCOUNTS):
        for kind in ACCOUNTS:
            insert_unless_there(Account, {"id": new_id(), "kind": kind, "owner": owner, "currency": currency})
        known = find_accounts(owner, currency)
    return known


def find_accounts(owner: str, currency: str) -> dict[str, str]:
    rows = db.session.execute(
        sa.select(Account.kind, Account.id).where(Account.owner == owner, Account.currency == currency)
    )
    return {row.kind: row.id for row in rows}


def balances(owner: str) -> dict[str, int]:
    """What each account of an owner holds, from the postings alone."""
    rows = db.session.execute(
        sa.select(Account.kind, sa.func.sum(Posting.amount))
        .join(Posting, Posting.account_id == Account.id)
        .where(Account.owner == owner)
        .group_by(Account.kind)
    )
    return dict.fromkeys(ACCOUNTS, 0) | {kind: balance(kind, int(total)) for kind, total in rows}


def totals(owners: Iterable[str] | None = None) -> dict[tuple[str, str], dict[str, int]]:
    """Turnover by (owner, currency) and cause: how much was ever captured, paid out, refunded."""
    query = (
        sa.select(Journal.owner, Account.currency, Journal.cause, sa.func.sum(Posting.amount))
        .join(Posting, Posting.journal_id == Journal.id)
        .join(Account, Account.id == Posting.account_id)
        .where(Posting.amount > 0)
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
