"""Collecting, all or nothing, in two phases: hold every pledge, compare with the goal, capture or release.

What is to be asked of the gateway follows from the rows alone, so that a run killed at any step is carried
on by the next one; :mod:`.calling` makes the calls.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
import structlog

from app import clock
from app.db import db, lock, run_tx
from app.outbox.sweeping import do_each, find_ids
from app.payments.door import DEFAULT, Answer, gateway
from app.payments.models import PaymentMethod
from app.pledges import kinds
from app.pledges.models import Pledge

from .calling import BATCH, Call, Method, begin, make_calls, resume_attempts
from .deciding import decide, settle_if_finished, still_tries
from .locking import lock_action
from .models import Action, Attempt
from .refunding import refunds_owed
from .settling import apply_to_pledge
from .straying import begin_stray_releases, can_still_capture

OLD_HOLD = timedelta(days=4, hours=12)
"""Before a decision rests on a hold of this age it is looked up: holds lapse, and messages get lost."""

log = structlog.get_logger()


def collect_due() -> int:
    """Carry on every action whose collecting is not finished; returns how many there were.

    An answer that never came is asked for even after everybody else is settled: money may wait behind it.
    """
    unanswered = sa.exists().where(
        Attempt.petition_id == Action.petition_id,
        Attempt.state == "started",
        Attempt.purpose != "payout",
        Attempt.lease_until <= clock.now(),
    )
    due = find_ids(
        sa.select(Action.petition_id)
        .where(sa.or_(Action.settled_at.is_(None), unanswered))
        .order_by(Action.started_at)
    )
    do_each(due, collect)
    return len(due)


def collect(petition_id: str) -> None:
    """Do everything that can be done now for one action."""
    make_calls(lambda: resume_attempts(petition_id))
    make_calls(lambda: begin_holds(petition_id))
    make_calls(lambda: begin_stray_releases(petition_id))
    look_again(petition_id)
    if run_tx(lambda: decide(petition_id)) is None:
        return
    look_again(petition_id)
    make_calls(lambda: begin_captures(petition_id))
    make_calls(lambda: begin_releases(petition_id))
    make_calls(lambda: begin_refunds(petition_id))
    run_tx(lambda: settle_if_finished(petition_id))
    make_calls(lambda: begin_stray_releases(petition_id))


def give_back(petition_id: str) -> None:
    """Make the refunds that an action owes, whatever else it waits for."""
    make_calls(lambda: begin_refunds(petition_id))


def begin_holds(petition_id: str) -> list[Call]:
    """Write down a hold for every frozen pledge, and for every failing one whose retry is due."""
    action = lock_action(petition_id)
    if action is None or not (action.decided_at is None or can_still_capture(action)):
        return []
    due = sa.or_(
        Pledge.state == "frozen",
        sa.and_(Pledge.state == "failing", Pledge.next_try_at <= clock.now()),
    )
    pledges = waiting(petition_id, due, "hold")
    for pledge, _ in pledges:
        pledge.tries += 1
    return [
        begin(pledge, "hold", f"pledge-{pledge.id}-attempt-{pledge.tries}", pledge.cost, method)
        for pledge, method in pledges
    ]


def begin_captures(petition_id: str) -> list[Call]:
    """Write down a capture for every held pledge of an action that can still use the money."""
    action = lock_action(petition_id)
    if action is None or not can_still_capture(action):
        return []
    wanted = sa.and_(Pledge.state == "held", final_charge(action) > 0)
    return [
        begin_on_hold(pledge, "capture", pledge.cost if pledge.charge is None else pledge.charge, method)
        for pledge, method in waiting(petition_id, wanted, "capture")
    ]


def begin_releases(petition_id: str) -> list[Call]:
    """Write down a release for every hold that will never be captured."""
    action = lock_action(petition_id)
    if action is None or action.decided_at is None:
        return []
    unwanted: Any = Pledge.state == "held"
    if can_still_capture(action):
        unwanted = sa.and_(unwanted, final_charge(action) == 0)
    return [
        begin_on_hold(pledge, "release", pledge.cost, method)
        for pledge, method in waiting(petition_id, unwanted, "release")
    ]


def final_charge(action: Action) -> sa.ColumnElement[int]:
    """What a held pledge pays; one that came after the decision pays only where every amount is welcome."""
    kind = kinds.find(action.kind or "")
    late = Pledge.cost if kind is not None and kind.counts_by_sum else sa.literal(0)
    return sa.func.coalesce(Pledge.charge, late)


def begin_on_hold(pledge: Pledge, purpose: str, amount: int, method: Method) -> Call:
    hold = pledge.hold_reference
    return begin(pledge, purpose, f"{purpose}-{hold}", amount, method, hold=hold)


def begin_refunds(petition_id: str) -> list[Call]:
    """Write down a refund for everybody whom the books owe one."""
    if lock_action(petition_id) is None:
        return []
    owed = refunds_owed(petition_id)
    calls = []
    for pledge, method in waiting(petition_id, Pledge.id.in_(owed), "refund"):
        tries = db.session.scalar(
            sa.select(sa.func.count()).where(Attempt.subject_id == pledge.id, Attempt.purpose == "refund")
        )
        key = f"refund-{pledge.id}-attempt-{(tries or 0) + 1}"
        calls.append(begin(pledge, "refund", key, owed[pledge.id], method, hold=pledge.hold_reference))
    return calls


def waiting(petition_id: str, condition: Any, purpose: str) -> list[tuple[Pledge, Method]]:
    """Pledges under ``condition`` and their saved methods.

    Nothing is begun while such an attempt is in flight, or any other on the same hold: whether a capture
    whose answer got lost took the money must be known before the hold is let go.
    """
    in_flight = sa.exists().where(
        Attempt.subject_id == Pledge.id,
        Attempt.state == "started",
        sa.or_(Attempt.purpose == purpose, Attempt.reference == Pledge.hold_reference),
    )
    rows = db.session.execute(
        sa.select(Pledge, PaymentMethod.gateway, PaymentMethod.reference)
        .join(PaymentMethod, PaymentMethod.id == Pledge.payment_method_id)
        .where(Pledge.petition_id == petition_id, Pledge.cost > 0, condition, ~in_flight)
        .order_by(Pledge.id)
        .limit(BATCH)
    )
    return [(pledge, Method(gateway, reference)) for pledge, gateway, reference in rows]


def look_again(petition_id: str) -> None:
    """Before people are let go, or work begins on old holds, hear how things stand; messages get lost."""
    for reference in read_doubtful(petition_id):
        try:
            learn_from_gateway(reference)
        except Exception:
            log.exception("the gateway could not be asked", reference=reference)


def read_doubtful(petition_id: str) -> list[str]:
    """Holds to be confirmed by people about to be dropped, and holds old enough to have lapsed."""
    action = db.session.scalar(sa.select(Action).where(Action.petition_id == petition_id))
    if action is None:
        return []
    at = clock.now()
    doubtful = []
    if at >= action.collect_until and (action.decided_at is not None or not still_tries(petition_id)):
        doubtful.append(sa.and_(Pledge.state == "failing", Pledge.failure == "needs_auth"))
    if action.decided_at is None:
        doubtful.append(sa.and_(Pledge.state == "held", Pledge.held_at <= at - OLD_HOLD))
    if not doubtful:
        return []
    found = db.session.scalars(
        sa.select(Pledge.hold_reference)
        .where(Pledge.petition_id == petition_id, Pledge.hold_reference.is_not(None), sa.or_(*doubtful))
        .order_by(Pledge.id)
    )
    return [reference for reference in found if reference is not None]


def learn_from_gateway(reference: str) -> bool:
    """A webhook said something changed: fetch the object again and settle what it says now.

    The webhook ends where the direct answer ends. Returns False for objects that are not ours.
    """
    answer = gateway(keeper_of(reference)).look_up(reference)
    if answer is None:
        return False
    return run_tx(lambda: settle_reference(answer))


def keeper_of(reference: str) -> str:
    """The gateway that keeps a hold, as the attempt that placed it says."""
    found = db.session.scalar(
        sa.select(Attempt.gateway).where(Attempt.purpose == "hold", Attempt.reference == reference).limit(1)
    )
    return found or DEFAULT


def settle_reference(answer: Answer) -> bool:
    ids = db.session.execute(
        sa.select(Pledge.id, Pledge.petition_id).where(Pledge.hold_reference == answer.reference)
    ).first()
    action = lock_action(ids.petition_id) if ids is not None else None
    if ids is None or action is None:
        return False
    pledge = lock(Pledge, ids.id)
    if pledge.hold_reference != answer.reference:
        return False
    apply_to_pledge(action, pledge, answer)
    return True


def try_again(pledge_id: str) -> None:
    """Somebody mended their pledge: look at its action again, now."""

    def reopen() -> str:
        petition_id = db.session.get_one(Pledge, pledge_id).petition_id
        db.session.execute(sa.update(Action).where(Action.petition_id == petition_id).values(settled_at=None))
        return petition_id

    collect(run_tx(reopen))
