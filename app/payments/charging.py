"""Charging: taking money at once, from whoever owes it after the firing or lays it by before.

A charge is a committed row with a stable key before the gateway is called, outside any transaction; a lost
answer is looked up under that key; the money is booked in the transaction that learns of it. What follows
is said by ``charge_done`` and ``charge_failed``, for each purpose in the table of reactions.
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
import structlog

from app import clock
from app.db import db, insert_unless_there, lock, new_id, run_tx
from app.ledger.booking import book
from app.ledger.entries import charged
from app.outbox import announce

from .door import Answer, GatewayTimeout, gateway
from .models import Charge, PaymentMethod

LEASE = timedelta(minutes=2)
BATCH = 100

log = structlog.get_logger()


def begin_charge(
    *,
    key: str,
    purpose: str,
    method_id: str,
    payer_id: str,
    owner: str,
    subject_id: str,
    amount: int,
    currency: str,
    credit: str,
) -> Charge:
    """Write a charge down, once per ``key``; the worker makes it after the commit.

    ``owner`` is the petition in whose books it is credited to the account ``credit``; ``amount`` in minor
    units. Call inside a transaction.
    """
    at = clock.now()
    values = {
        "id": new_id(),
        "key": key,
        "purpose": purpose,
        "method_id": method_id,
        "payer_id": payer_id,
        "owner": owner,
        "subject_id": subject_id,
        "amount": amount,
        "currency": currency,
        "credit": credit,
        "state": "started",
        "tries": 0,
        "started_at": at,
        "lease_until": at,
    }
    if insert_unless_there(Charge, values):
        announce("charge_begun", charge_id=values["id"])
    return db.session.scalars(sa.select(Charge).where(Charge.key == key)).one()


def run_charges() -> int:
    """Make every charge whose answer is not known and that nobody else is making; how many there were."""
    at = clock.now()
    due = db.session.scalars(
        sa.select(Charge.id)
        .where(Charge.state == "started", Charge.lease_until <= at)
        .order_by(Charge.started_at, Charge.id)
    ).all()
    db.session.rollback()
    for charge_id in due:
        run_charge(charge_id)
    return len(due)


def run_charge(charge_id: str) -> bool:
    """Make one charge now; False when it is settled, leased to somebody else, or its answer did not come."""
    call = run_tx(lambda: lease(charge_id))
    if call is None:
        return False
    charge, method = call
    answer = ask(charge, method)
    if answer is None:
        return False
    try:
        return run_tx(lambda: settle_charge(charge_id, answer))
    except Exception:
        log.exception("a charge could not be settled", key=charge.key)
        return False


def lease(charge_id: str) -> tuple[Charge, PaymentMethod] | None:
    charge = lock(Charge, charge_id)
    at = clock.now()
    if charge.state != "started" or charge.lease_until > at:
        return None
    charge.lease_until = at + LEASE
    charge.tries += 1
    return charge, db.session.get_one(PaymentMethod, charge.method_id)


def ask(charge: Charge, method: PaymentMethod) -> Answer | None:
    """The gateway's answer, or None when it did not come: the charge is looked up when its lease is over."""
    try:
        door = gateway(method.gateway)
        known = door.find(charge.key) if charge.tries > 1 else None
        return known or door.charge(
            method=method.reference,
            amount=charge.amount,
            currency=charge.currency,
            key=charge.key,
            about=charge.owner,
        )
    except GatewayTimeout:
        log.warning("the gateway gave no answer in time", key=charge.key)
    except Exception:
        log.exception("the gateway could not be asked", key=charge.key)
    return None


def settle_charge(charge_id: str, answer: Answer) -> bool:
    """Note the gateway's word on a charge, once, and book the money if it was taken."""
    charge = lock(Charge, charge_id)
    if charge.state != "started":
        return False
    taken = answer.status == "captured"
    charge.state, charge.finished_at = "done" if taken else "failed", clock.now()
    charge.outcome, charge.reference = answer.code or answer.status, answer.reference
    if not taken:
        announce("charge_failed", charge_id=charge_id, purpose=charge.purpose)
        return True
    book(
        charged(
            charge.key,
            charge.purpose,
            charge.owner,
            charge.subject_id,
            charge.currency,
            amount=charge.amount,
            credit=charge.credit,
        )
    )
    announce("charge_done", charge_id=charge_id, purpose=charge.purpose)
    return True
