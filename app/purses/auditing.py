"""Auditing the purses: what lies behind them, what was set aside and what went out, against the books."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sqlalchemy as sa

from app.db import db
from app.ledger.entries import PURSES
from app.ledger.models import Account, Journal, Posting

from .models import PurseHold, PursePayout


def purses_are_covered() -> Iterator[str]:
    """The money behind the purses is exactly the sum of the purses, in every currency."""
    signed = sa.func.sum(Posting.amount)
    rows = db.session.execute(
        sa.select(Account.currency, Account.kind, signed)
        .join(Posting, Posting.account_id == Account.id)
        .where(sa.or_(Account.kind == "purse", Account.owner == PURSES))
        .group_by(Account.currency, Account.kind)
    )
    behind: dict[str, int] = {}
    within: dict[str, int] = {}
    for currency, kind, total in rows:
        if kind == "purse":
            within[currency] = -int(total)
        elif kind == "clearing":
            behind[currency] = int(total)
        else:
            yield f"the purses own an account {kind}"
    for currency in behind.keys() | within.keys():
        if behind.get(currency, 0) != within.get(currency, 0):
            yield (
                f"{behind.get(currency, 0)} {currency} lie behind the purses, "
                f"which hold {within.get(currency, 0)}"
            )


def purses_keep_what_is_set_aside() -> Iterator[str]:
    """No purse is overdrawn, nor has promised or sent off more than is in it."""
    inside = (
        sa.select(Account.owner, Account.currency, (-sa.func.sum(Posting.amount)).label("total"))
        .join(Posting, Posting.account_id == Account.id)
        .where(Account.kind == "purse")
        .group_by(Account.owner, Account.currency)
    )
    totals = {(row.owner, row.currency): int(row.total) for row in db.session.execute(inside)}
    used: dict[tuple[str, str], int] = {}
    for model, state in ((PurseHold, "held"), (PursePayout, "asked")):
        for person_id, currency, amount in db.session.execute(
            sa.select(model.person_id, model.currency, sa.func.sum(model.amount))
            .where(model.state == state)
            .group_by(model.person_id, model.currency)
        ):
            used[person_id, currency] = used.get((person_id, currency), 0) + int(amount)
    for key in totals.keys() | used.keys():
        if totals.get(key, 0) < used.get(key, 0):
            yield (
                f"the purse of {key[0]} holds {totals.get(key, 0)} {key[1]} "
                f"and has {used.get(key, 0)} set aside"
            )


def purse_rows_match_postings() -> Iterator[str]:
    """Every captured hold, refund and paid payout is booked, as much as its row says, and nothing else is."""
    booked = {
        (subject, cause): int(amount)
        for subject, cause, amount in db.session.execute(
            sa.select(Journal.subject_id, Journal.cause, sa.func.sum(Posting.amount))
            .join(Posting, Posting.journal_id == Journal.id)
            .where(Journal.owner == PURSES, Posting.amount > 0)
            .group_by(Journal.subject_id, Journal.cause)
        )
    }
    expected: dict[tuple[str, str], int] = {}
    for hold_id, captured, refunded in db.session.execute(
        sa.select(PurseHold.id, PurseHold.captured, PurseHold.refunded).where(PurseHold.captured > 0)
    ):
        expected[hold_id, "purse_capture"] = captured
        if refunded:
            expected[hold_id, "purse_refund"] = refunded
    for payout_id, amount in db.session.execute(
        sa.select(PursePayout.id, PursePayout.amount).where(PursePayout.state == "paid")
    ):
        expected[payout_id, "purse_payout"] = amount
    for key in sorted(booked.keys() | expected.keys()):
        if booked.get(key, 0) != expected.get(key, 0):
            yield f"{key[1]} {key[0]}: {expected.get(key, 0)} noted, {booked.get(key, 0)} booked"


CHECKS: tuple[Callable[[], Iterator[str]], ...] = (
    purses_are_covered,
    purses_keep_what_is_set_aside,
    purse_rows_match_postings,
)
