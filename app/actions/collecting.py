"""Collecting, all or nothing, in two phases: hold every pledge, compare with the goal, capture or release.

Every call to the gateway is an attempt row committed *before* the call, with a stable idempotency key; the
call is made outside any transaction; its answer is settled in a guarded update. An attempt whose answer
never came is looked up at the gateway before anything is tried again. Killed at any step, the next run
goes on from the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
import structlog

from app import clock
from app.db import db, lock, new_id, run_tx
from app.payments.door import Answer, GatewayTimeout, gateway
from app.payments.models import PaymentMethod
from app.pledges.models import Pledge

from .deciding import decide, settle_if_finished
from .models import Action, Attempt, Milestone
from .settling import apply_to_pledge, settle
from .stopping import owe_latecomers, refunds_owed

BATCH = 100
LEASE = timedelta(minutes=2)

log = structlog.get_logger()


@dataclass(frozen=True)
class Call:
    """One attempt as the gateway needs it; ``method`` is the saved method, ``hold`` the gateway's hold."""

    attempt_id: str
    key: str
    purpose: str
    amount: int
    currency: str
    method: str
    hold: str
    resumed: bool


def collect_due() -> int:
    """Carry on every action whose collecting is not finished; returns how many there were."""
    due = db.session.scalars(
        sa.select(Action.petition_id).where(Action.settled_at.is_(None)).order_by(Action.started_at)
    ).all()
    db.session.rollback()
    for petition_id in due:
        try:
            collect(petition_id)
        except Exception:
            log.exception("collecting stopped; the next run goes on", petition=petition_id)
    return len(due)


def collect(petition_id: str) -> None:
    """Do everything that can be done now for one action."""
    make_calls(lambda: resume_attempts(petition_id))
    make_calls(lambda: begin_holds(petition_id))
    if run_tx(lambda: decide(petition_id)) is None:
        return
    make_calls(lambda: begin_captures(petition_id))
    make_calls(lambda: begin_releases(petition_id))
    make_calls(lambda: begin_refunds(petition_id))
    run_tx(lambda: settle_if_finished(petition_id))


def make_calls(begin: Callable[[], list[Call]]) -> None:
    """Commit a batch of attempts, make their calls, settle their answers; until there are none."""
    while calls := run_tx(begin):
        answers = [(call.attempt_id, answer) for call in calls if (answer := ask(call)) is not None]
        run_tx(lambda answers=answers: settle_all(answers))  # type: ignore[misc]
        if not answers:
            return


def settle_all(answers: Sequence[tuple[str, Answer]]) -> None:
    for attempt_id, answer in answers:
        settle(attempt_id, answer)


def ask(call: Call) -> Answer | None:
    """The gateway's answer, or None when it did not come: the attempt then waits to be looked up.

    One poisonous pledge never stops the others.
    """
    try:
        known = gateway().find(call.key) if call.resumed else None
        return known or REQUESTS[call.purpose](call)
    except GatewayTimeout:
        log.warning("the gateway gave no answer in time", key=call.key)
    except Exception:
        log.exception("the gateway could not be asked", key=call.key)
    return None


REQUESTS: dict[str, Callable[[Call], Answer]] = {
    "hold": lambda call: gateway().hold(
        method=call.method, amount=call.amount, currency=call.currency, key=call.key
    ),
    "capture": lambda call: gateway().capture(hold=call.hold, amount=call.amount, key=call.key),
    "release": lambda call: gateway().release(hold=call.hold, key=call.key),
    "refund": lambda call: gateway().refund(hold=call.hold, amount=call.amount, key=call.key),
    "payout": lambda call: gateway().pay_out(
        payee=call.method, amount=call.amount, currency=call.currency, key=call.key
    ),
}


def begin_holds(petition_id: str) -> list[Call]:
    """Write down a hold for every frozen pledge, and for every failing one whose retry is due."""
    action = lock_action(petition_id)
    if action is None or not (action.decided_at is None or takes_money(action)):
        return []
    due = sa.or_(
        Pledge.state == "frozen",
        sa.and_(Pledge.state == "failing", Pledge.next_try_at <= clock.now()),
    )
    pledges = waiting(petition_id, due, "hold")
    for pledge, _ in pledges:
        pledge.tries += 1
    return [
        begin(pledge, "hold", f"pledge-{pledge.id}-attempt-{pledge.tries}", pledge.amount, method)
        for pledge, method in pledges
    ]


def begin_captures(petition_id: str) -> list[Call]:
    """Write down a capture for every held pledge of an action that can still use the money."""
    action = lock_action(petition_id)
    if action is None or not takes_money(action):
        return []
    return [
        begin(pledge, "capture", f"capture-{pledge.hold_reference}", pledge.amount, method)
        for pledge, method in waiting(petition_id, Pledge.state == "held", "capture")
    ]


def begin_releases(petition_id: str) -> list[Call]:
    """Write down a release for every hold that will never be captured."""
    action = lock_action(petition_id)
    if action is None or action.decided_at is None or takes_money(action):
        return []
    return [
        begin(pledge, "release", f"release-{pledge.hold_reference}", pledge.amount, method)
        for pledge, method in waiting(petition_id, Pledge.state == "held", "release")
    ]


def begin_refunds(petition_id: str) -> list[Call]:
    """Write down a refund for everybody whom the books of a stopped action owe one."""
    action = lock_action(petition_id)
    if action is None or action.state != "stopped":
        return []
    owe_latecomers(action)
    owed = refunds_owed(petition_id)
    calls = []
    for pledge, method in waiting(petition_id, Pledge.id.in_(owed), "refund"):
        tries = db.session.scalar(
            sa.select(sa.func.count()).where(Attempt.subject_id == pledge.id, Attempt.purpose == "refund")
        )
        key = f"refund-{pledge.id}-attempt-{(tries or 0) + 1}"
        calls.append(begin(pledge, "refund", key, owed[pledge.id], method))
    return calls


def takes_money(action: Action) -> bool:
    """Whether a capture still helps: underway, and the last milestone not claimed yet."""
    if action.state != "underway":
        return False
    last = db.session.scalar(
        sa.select(Milestone.state)
        .where(Milestone.petition_id == action.petition_id)
        .order_by(Milestone.position.desc())
        .limit(1)
    )
    return last in {None, "planned"}


def lock_action(petition_id: str) -> Action | None:
    return db.session.scalar(
        sa.select(Action)
        .where(Action.petition_id == petition_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def waiting(petition_id: str, condition: Any, purpose: str) -> list[tuple[Pledge, str]]:
    """Pledges under ``condition`` with no such attempt in flight, and their saved methods."""
    in_flight = sa.exists().where(
        Attempt.subject_id == Pledge.id, Attempt.purpose == purpose, Attempt.state == "started"
    )
    rows = db.session.execute(
        sa.select(Pledge, PaymentMethod.reference)
        .join(PaymentMethod, PaymentMethod.id == Pledge.payment_method_id)
        .where(Pledge.petition_id == petition_id, condition, ~in_flight)
        .order_by(Pledge.id)
        .limit(BATCH)
    )
    return [(pledge, method) for pledge, method in rows]


def begin(pledge: Pledge, purpose: str, key: str, amount: int, method: str) -> Call:
    """One attempt row, and the call it allows once it is committed."""
    at = clock.now()
    attempt = Attempt(
        id=new_id(),
        key=key,
        petition_id=pledge.petition_id,
        subject_id=pledge.id,
        purpose=purpose,
        amount=amount,
        currency=pledge.currency,
        state="started",
        started_at=at,
        lease_until=at + LEASE,
    )
    db.session.add(attempt)
    return Call(
        attempt.id, key, purpose, amount, attempt.currency, method, pledge.hold_reference or "", False
    )


def resume_attempts(petition_id: str) -> list[Call]:
    """Attempts whose answer never came and whose lease is over: ours to look up now."""
    at = clock.now()
    rows = db.session.execute(
        sa.select(Attempt, Pledge.hold_reference, PaymentMethod.reference)
        .join(Pledge, Pledge.id == Attempt.subject_id)
        .join(PaymentMethod, PaymentMethod.id == Pledge.payment_method_id)
        .where(Attempt.petition_id == petition_id, Attempt.state == "started", Attempt.lease_until <= at)
        .order_by(Attempt.id)
        .limit(BATCH)
        .with_for_update(of=Attempt, skip_locked=True)
    ).all()
    calls = []
    for attempt, hold, method in rows:
        attempt.lease_until = at + LEASE
        calls.append(
            Call(
                attempt.id,
                attempt.key,
                attempt.purpose,
                attempt.amount,
                attempt.currency,
                method,
                hold or "",
                True,
            )
        )
    return calls


def learn_from_gateway(reference: str) -> bool:
    """A webhook said something changed: fetch the object again and settle what it says now.

    The webhook ends where the direct answer ends. Returns False for objects that are not ours.
    """
    answer = gateway().look_up(reference)
    if answer is None:
        return False
    return run_tx(lambda: settle_reference(answer))


def settle_reference(answer: Answer) -> bool:
    pledge_id = db.session.scalar(sa.select(Pledge.id).where(Pledge.hold_reference == answer.reference))
    if pledge_id is None:
        return False
    pledge = lock(Pledge, pledge_id)
    apply_to_pledge(pledge, answer)
    return True


def try_again(pledge_id: str) -> None:
    """Somebody mended their pledge: look at its action again, now."""

    def reopen() -> str:
        petition_id = db.session.get_one(Pledge, pledge_id).petition_id
        db.session.execute(sa.update(Action).where(Action.petition_id == petition_id).values(settled_at=None))
        return petition_id

    collect(run_tx(reopen))
