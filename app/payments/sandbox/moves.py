"""What the sandbox does with test money. Every function belongs inside one transaction of the sandbox's own.

Each change is one conditional UPDATE that says from which state it may come, so of two calls at once
the second finds the state changed and is refused.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from app import clock
from app.db import db, new_id
from app.payments.door import Answer

from .asking import Outcome, objects
from .cards import CARD_OF, DECLINES, methods
from .telling import tell

HOLD_LASTS = timedelta(days=7)

BEHAVIOUR = sa.select(methods.c.behaviour).where(methods.c.reference == sa.bindparam("method"))
INSERT = sa.insert(objects)
NEEDS_PERSON = "authentication_required"


def place_hold(method: str, amount: int, currency: str) -> Outcome:
    """Reserve money on a saved card, as its behaviour has it."""
    reference = f"hold_{new_id()}"
    behaviour = behaviour_of(method)
    code = DECLINES.get(behaviour or "") if behaviour in CARD_OF else "unknown_method"
    if behaviour == "declines_once":
        work_from_now_on(method)
    if code:
        add(reference, "hold", "declined", amount, currency, method=method, decline_code=code)
        tell("hold.declined", reference)
        return Outcome(Answer("declined", reference, code))
    if behaviour == "needs_auth":
        add(reference, "hold", "needs_auth", amount, currency, method=method)
        tell("hold.needs_auth", reference)
        return Outcome(Answer("needs_auth", reference, "authentication_required"))
    lost = behaviour == "timeout_after_success"
    expires_at = clock.now() + HOLD_LASTS
    add(reference, "hold", "held", amount, currency, method=method, expires_at=expires_at)
    tell("hold.held", reference, told=not lost)
    return Outcome(Answer("held", reference, amount=amount), lost=lost)


def capture(hold: str, amount: int) -> Outcome:
    """Take ``amount`` of a live hold, once, and let the rest go."""
    taken = change(
        hold,
        objects.c.status == "held",
        objects.c.amount >= amount,
        objects.c.expires_at > clock.now(),
        status="captured",
        captured=amount,
    )
    if not taken:
        return refuse(hold, why_not_captured(hold))
    tell("hold.captured", hold)
    return Outcome(Answer("captured", hold, amount=amount))


def charge(method: str, amount: int, currency: str) -> Outcome:
    """Hold and capture in one step; a card that asks for its person is declined, for nobody is there."""
    held = place_hold(method, amount, currency)
    hold = held.answer.reference
    if held.answer.status == "needs_auth":
        change(hold, objects.c.status == "needs_auth", status="declined", decline_code=NEEDS_PERSON)
        return Outcome(Answer("declined", hold, NEEDS_PERSON))
    if held.answer.status != "held":
        return held
    return Outcome(capture(hold, amount).answer, lost=held.lost)


def why_not_captured(hold: str) -> str:
    row = hold_row(hold)
    if row is None:
        return "unknown_hold"
    if row.status == "held":
        return "expired" if row.expires_at <= clock.now() else "amount_too_large"
    codes = {"captured": "already_captured", "released": row.decline_code or "released"}
    return codes.get(row.status, "not_held")


def release(hold: str) -> Outcome:
    """Let a hold go, or call off one that was declined or waits for its confirmation."""
    if change(hold, objects.c.status.in_(("held", "needs_auth", "declined")), status="released"):
        tell("hold.released", hold)
        return Outcome(Answer("released", hold))
    row = hold_row(hold)
    if row is not None and row.status == "released":
        return Outcome(Answer("released", hold, row.decline_code))
    return refuse(hold, "unknown_hold" if row is None else "already_captured")


def refund(hold: str, amount: int) -> Outcome:
    """Give back part of what was captured, never more than is left of it."""
    given = change(
        hold,
        objects.c.status == "captured",
        objects.c.refunded + amount <= objects.c.captured,
        refunded=objects.c.refunded + amount,
    )
    row = hold_row(hold)
    if not given:
        if row is None:
            return refuse(hold, "unknown_hold")
        return refuse(hold, "amount_too_large" if row.status == "captured" else "not_captured")
    reference = f"refund_{new_id()}"
    add(reference, "refund", "refunded", amount, row.currency, parent=hold)
    tell("refund.made", reference)
    return Outcome(Answer("refunded", reference, amount=amount))


def pay_out(payee: str, amount: int, currency: str) -> Outcome:
    """Send money to a saved account; a closed or unknown one fails."""
    reference = f"payout_{new_id()}"
    behaviour = behaviour_of(payee)
    if behaviour != "account":
        code = "account_closed" if behaviour == "closed" else "unknown_payee"
        add(reference, "payout", "failed", amount, currency, method=payee, decline_code=code)
        tell("payout.failed", reference)
        return refuse(reference, code)
    add(reference, "payout", "paid", amount, currency, method=payee)
    tell("payout.paid", reference)
    return Outcome(Answer("paid", reference, amount=amount))


def confirm(hold: str) -> bool:
    """The person confirmed: the same hold is held now. False when it was not waiting any more."""
    waiting = objects.c.status == "needs_auth"
    if not change(hold, waiting, status="held", expires_at=clock.now() + HOLD_LASTS):
        return False
    tell("hold.held", hold, told=False)
    return True


def decline(hold: str) -> bool:
    """The person refused. False when the hold was not waiting any more."""
    waiting = objects.c.status == "needs_auth"
    if not change(hold, waiting, status="declined", decline_code="authentication_failed"):
        return False
    tell("hold.declined", hold, told=False)
    return True


def expire(hold: str) -> None:
    """The gateway lets an old hold go by itself and says so."""
    late = objects.c.expires_at <= clock.now()
    if change(hold, objects.c.status == "held", late, status="released", decline_code="expired"):
        tell("hold.expired", hold, told=False)


def refuse(reference: str, code: str) -> Outcome:
    return Outcome(Answer("failed", reference, code))


def behaviour_of(method: str) -> str | None:
    found: str | None = db.session.execute(BEHAVIOUR, {"method": method}).scalar()
    return found


def work_from_now_on(method: str) -> None:
    db.session.execute(sa.update(methods).where(methods.c.reference == method).values(behaviour="ok"))


def hold_row(hold: str) -> Any:
    return db.session.execute(
        sa.select(objects).where(objects.c.reference == hold, objects.c.kind == "hold")
    ).first()


def change(hold: str, *conditions: Any, **values: Any) -> bool:
    changed: Any = db.session.execute(
        sa.update(objects)
        .where(objects.c.reference == hold, objects.c.kind == "hold", *conditions)
        .values(**values)
    )
    return bool(changed.rowcount)


def add(reference: str, kind: str, status: str, amount: int, currency: str, **more: Any) -> None:
    row = {
        "reference": reference,
        "kind": kind,
        "parent": None,
        "method": None,
        "status": status,
        "decline_code": None,
        "amount": amount,
        "currency": currency,
        "captured": 0,
        "refunded": 0,
        "created_at": clock.now(),
        "expires_at": None,
    }
    db.session.execute(INSERT, row | more)
