"""Calling the gateway: an attempt row committed *before* the call, its answer settled after it.

The key is stable: an attempt whose answer never came is looked up under it before anything is asked again.
The call is made outside any transaction. One pledge whose call or answer goes wrong never holds up another.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

import sqlalchemy as sa
import structlog

from app import clock
from app.db import db, lock_all, new_id, run_tx
from app.payments.door import Answer, Gateway, GatewayTimeout, gateway
from app.payments.models import PaymentMethod
from app.pledges.models import Pledge

from .locking import lock_action
from .models import Attempt
from .settling import settle

BATCH = 100
LEASE = timedelta(minutes=2)

log = structlog.get_logger()


class Method(NamedTuple):
    """A saved payment method: who keeps it, and under what name."""

    gateway: str
    reference: str


@dataclass(frozen=True)
class Call:
    """One attempt as its gateway needs it; ``method`` is the saved method, ``hold`` the gateway's hold."""

    attempt_id: str
    key: str
    purpose: str
    amount: int
    currency: str
    method: str
    hold: str
    gateway: str
    resumed: bool
    about: str | None = None

    @property
    def door(self) -> Gateway:
        return gateway(self.gateway)


def make_calls(begin: Callable[[], list[Call]]) -> None:
    """Commit a batch of attempts, make their calls, settle their answers; until there are none."""
    while calls := run_tx(begin):
        answers = [(call.attempt_id, answer) for call in calls if (answer := ask(call)) is not None]
        settle_together(answers)
        if not answers:
            return


def settle_together(answers: Sequence[tuple[str, Answer]]) -> None:
    """Settle a batch in one transaction, or each answer in its own when one of them cannot be settled."""
    try:
        run_tx(lambda: settle_all(answers))
    except Exception:
        log.exception("a batch of answers could not be settled at once", size=len(answers))
        for answer in answers:
            settle_alone(answer)


def settle_alone(answer: tuple[str, Answer]) -> None:
    """An answer that cannot be settled leaves its attempt open: it is looked up again later."""
    try:
        run_tx(lambda: settle(*answer))
    except Exception:
        log.exception("an answer could not be settled", attempt=answer[0])


def settle_all(answers: Sequence[tuple[str, Answer]]) -> None:
    """Settle every answer; rows are locked, and written back, all at once instead of one by one."""
    attempts = lock_all(Attempt, [attempt_id for attempt_id, _answer in answers])
    for petition_id in sorted({attempt.petition_id for attempt in attempts}):
        lock_action(petition_id)
    lock_all(Pledge, [attempt.subject_id for attempt in attempts])
    with db.session.no_autoflush:
        for attempt_id, answer in answers:
            settle(attempt_id, answer)


def ask(call: Call) -> Answer | None:
    """The gateway's answer, or None when it did not come: the attempt then waits to be looked up.

    One poisonous pledge never stops the others.
    """
    try:
        known = call.door.find(call.key) if call.resumed else None
        return known or REQUESTS[call.purpose](call)
    except GatewayTimeout:
        log.warning("the gateway gave no answer in time", key=call.key)
    except Exception:
        log.exception("the gateway could not be asked", key=call.key)
    return None


REQUESTS: dict[str, Callable[[Call], Answer]] = {
    "hold": lambda call: call.door.hold(
        method=call.method, amount=call.amount, currency=call.currency, key=call.key, about=call.about
    ),
    "capture": lambda call: call.door.capture(hold=call.hold, amount=call.amount, key=call.key),
    "release": lambda call: call.door.release(hold=call.hold, key=call.key),
    "refund": lambda call: call.door.refund(hold=call.hold, amount=call.amount, key=call.key),
    "payout": lambda call: call.door.pay_out(
        payee=call.method, amount=call.amount, currency=call.currency, key=call.key
    ),
}


def begin(
    pledge: Pledge, purpose: str, key: str, amount: int, method: Method, *, hold: str | None = None
) -> Call:
    """One attempt row, and the call it allows once it is committed.

    The row remembers the ``hold`` it is about, for the pledge may rest on another one by the time of the
    answer.
    """
    at = clock.now()
    attempt = Attempt(
        id=new_id(),
        key=key,
        petition_id=pledge.petition_id,
        subject_id=pledge.id,
        purpose=purpose,
        gateway=method.gateway,
        amount=amount,
        currency=pledge.currency,
        state="started",
        reference=hold,
        started_at=at,
        lease_until=at + LEASE,
    )
    db.session.add(attempt)
    return Call(
        attempt.id,
        key,
        purpose,
        amount,
        attempt.currency,
        method.reference,
        hold or "",
        method.gateway,
        resumed=False,
        about=pledge.petition_id,
    )


def resume_attempts(petition_id: str) -> list[Call]:
    """Attempts whose answer never came and whose lease is over: ours to look up now."""
    at = clock.now()
    rows = db.session.execute(
        sa.select(Attempt, PaymentMethod.reference)
        .join(Pledge, Pledge.id == Attempt.subject_id)
        .join(PaymentMethod, PaymentMethod.id == Pledge.payment_method_id)
        .where(Attempt.petition_id == petition_id, Attempt.state == "started", Attempt.lease_until <= at)
        .order_by(Attempt.id)
        .limit(BATCH)
        .with_for_update(of=Attempt, skip_locked=True)
    ).all()
    for attempt, _method in rows:
        attempt.lease_until = at + LEASE
    return [
        Call(
            attempt.id,
            attempt.key,
            attempt.purpose,
            attempt.amount,
            attempt.currency,
            method,
            attempt.reference or "",
            attempt.gateway,
            resumed=True,
            about=petition_id,
        )
        for attempt, method in rows
    ]
