"""Filling purses for tests, and looking into them."""

from __future__ import annotations

from itertools import count

from app import clock
from app.db import db, new_id, run_tx
from app.ledger.booking import book
from app.ledger.entries import charged
from app.payments.door import gateway
from app.payments.models import Payee
from app.petitions.models import Petition
from app.purses.auditing import CHECKS
from app.purses.balances import Balance, balance_of
from app.purses.crediting import credit
from tests.world import World

NUMBERS = count()


def fill(petition: Petition, *, cause: str = "bonus", currency: str = "KRW", **parts: int) -> str:
    """Money of a petition's pool goes into purses, by person id; returns the journal's key."""
    key = f"test-{next(NUMBERS)}"
    run_tx(lambda: fill_in_tx(petition.id, key, cause, currency, parts))
    return key


def fill_in_tx(petition_id: str, key: str, cause: str, currency: str, parts: dict[str, int]) -> bool:
    subject_id = new_id()
    total = sum(parts.values())
    paid_in = (f"in-{key}", "deposit", petition_id, subject_id, currency)
    book(charged(*paid_in, amount=total, credit="pool"))
    return credit(
        owner=petition_id,
        debit="pool",
        cause=cause,
        key=key,
        subject_id=subject_id,
        parts=parts,
        currency=currency,
    )


def purse_of(person_id: str, currency: str = "KRW") -> Balance:
    """What is in a purse now, after everything in it has been checked against the books."""
    db.session.rollback()
    assert differences() == []
    return balance_of(person_id, currency)


def differences() -> list[str]:
    db.session.rollback()
    return [sentence for check in CHECKS for sentence in check()]


def with_account(world: World, name: str, number: str = "110-222-333333") -> str:
    """Name a bank account for this person; their id."""
    person_id = world.person(name).id
    reference, label = gateway().save_payee(label="Shinhan", number=number)
    payee = {"gateway": "sandbox", "reference": reference, "label": label, "saved_at": clock.now()}
    run_tx(lambda: db.session.merge(Payee(person_id=person_id, **payee)))
    return person_id
