"""What becomes of a purse when it is asked as a payment method: hold, capture, release, refund.

Each function belongs inside one transaction of the purse's own. Whatever may lessen a purse locks it first,
so of two holds at once the second sees what the first one left.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app import clock
from app.db import db, new_id
from app.ledger.booking import book
from app.payments.asking import answer_of, one_row
from app.payments.door import Answer

from .balances import lock_purse
from .entries import given_back, spent
from .models import PurseCall, PurseHold

NO_MONEY = "insufficient_funds"
HOLD = "purse_hold_"
REFUND = "purse_refund_"
METHOD = "purse_"


def method_reference(person_id: str) -> str:
    """The name under which a person's purse is kept as a payment method."""
    return f"{METHOD}{person_id}"


def person_behind(method: str) -> str | None:
    """Whose purse a payment method is; None when it is none."""
    return id_in(method, METHOD)


def id_in(reference: str, prefix: str) -> str | None:
    try:
        return str(UUID(reference.removeprefix(prefix))) if reference.startswith(prefix) else None
    except ValueError:
        return None


def place_hold(method: str, amount: int, currency: str, about: str | None = None) -> Answer:
    """Set money aside: at most what is in the purse and neither set aside nor on its way out."""
    person_id, hold_id = person_behind(method), new_id()
    if person_id is None:
        return Answer("declined", f"{HOLD}{hold_id}", "unknown_method")
    enough = amount <= lock_purse(person_id, currency).free
    db.session.add(
        PurseHold(
            id=hold_id,
            person_id=person_id,
            currency=currency,
            amount=amount,
            captured=0,
            refunded=0,
            state="held" if enough else "declined",
            code=None if enough else NO_MONEY,
            about=about,
            at=clock.now(),
        )
    )
    db.session.flush()
    if not enough:
        return Answer("declined", f"{HOLD}{hold_id}", NO_MONEY)
    return Answer("held", f"{HOLD}{hold_id}", amount=amount)


def capture(reference: str, amount: int) -> Answer:
    """Take at most what is set aside, once; the rest stays in the purse."""
    hold = lock_hold(reference)
    if hold is None:
        return Answer("failed", reference, "unknown_hold")
    if hold.state != "held":
        codes = {"captured": "already_captured", "released": "released"}
        return Answer("failed", reference, codes.get(hold.state, "not_held"))
    if amount > hold.amount:
        return Answer("failed", reference, "amount_too_large")
    hold.state, hold.captured, hold.ended_at = "captured", amount, clock.now()
    book(spent(hold.id, hold.person_id, hold.currency, amount))
    return Answer("captured", reference, amount=amount)


def charge(method: str, amount: int, currency: str, about: str | None = None) -> Answer:
    """Hold and capture in one step."""
    held = place_hold(method, amount, currency, about)
    return held if held.status != "held" else capture(held.reference, amount)


def release(reference: str) -> Answer:
    """Let a hold go; released before is released, and so is one that was declined."""
    hold = lock_hold(reference)
    if hold is None:
        return Answer("failed", reference, "unknown_hold")
    if hold.state == "captured":
        return Answer("failed", reference, "already_captured")
    if hold.state != "released":
        hold.state, hold.ended_at = "released", clock.now()
    return Answer("released", reference)


def refund(reference: str, amount: int) -> Answer:
    """Give back part of what was captured, never more than is left of it."""
    hold, refund_id = lock_hold(reference), new_id()
    if hold is None or hold.state != "captured":
        return Answer("failed", reference, "unknown_hold" if hold is None else "not_captured")
    if hold.refunded + amount > hold.captured:
        return Answer("failed", reference, "amount_too_large")
    hold.refunded += amount
    book(given_back(refund_id, hold.id, hold.person_id, hold.currency, amount))
    return Answer("refunded", f"{REFUND}{refund_id}", amount=amount)


def lock_hold(reference: str) -> PurseHold | None:
    """The hold, its purse locked first; None when there is none."""
    hold_id = id_in(reference, HOLD)
    owner = db.session.execute(
        sa.select(PurseHold.person_id, PurseHold.currency).where(PurseHold.id == hold_id)
    ).one_or_none()
    if hold_id is None or owner is None:
        return None
    lock_purse(owner.person_id, owner.currency)
    return db.session.get_one(PurseHold, hold_id, populate_existing=True)


def stands(reference: str) -> Answer | None:
    """How a hold or a refund stands now; None when there is none."""
    if id_in(reference, REFUND) is not None:
        call: Any = one_row(sa.select(PurseCall).where(PurseCall.reference == reference))
        return answer_of(call) if call is not None else None
    hold_id = id_in(reference, HOLD)
    hold: Any = one_row(sa.select(PurseHold.__table__).where(PurseHold.id == hold_id)) if hold_id else None
    if hold is None:
        return None
    amount = {"held": hold.amount, "captured": hold.captured}.get(hold.state, 0)
    return Answer(hold.state, reference, hold.code, amount)
