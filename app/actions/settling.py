"""Settling: the one place where a gateway's answer changes a pledge or a payout.

Answers may come twice, late and in any order; each transition is guarded by the state it starts from, so
the last state is the same whatever the order.
"""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask import current_app

from app import clock
from app.db import db, lock
from app.ledger.booking import book
from app.ledger.entries import captured as captured_entry
from app.ledger.entries import refunded as refunded_entry
from app.outbox import announce
from app.payments.door import Answer
from app.pledges.models import Pledge

from .models import Action, Attempt
from .paying import settle_payout

MOST_TRIES = 4
GRACE_DAYS = 7


def settle(attempt_id: str, answer: Answer) -> None:
    """Close an attempt with the gateway's answer and pass the answer on. Call inside a transaction."""
    attempt = lock(Attempt, attempt_id)
    if attempt.state != "started":
        return
    attempt.state = "failed" if answer.status in {"declined", "failed"} else "done"
    attempt.outcome, attempt.reference, attempt.finished_at = (
        answer.code or answer.status,
        answer.reference,
        clock.now(),
    )
    if attempt.purpose == "payout":
        settle_payout(attempt.subject_id, answer)
        return
    pledge = lock(Pledge, attempt.subject_id)
    if attempt.purpose == "refund":
        settle_refund(pledge, attempt.amount, answer)
    elif attempt.state == "failed" and attempt.purpose == "capture":
        lose_hold(pledge, answer)
    elif attempt.state == "failed" and attempt.purpose == "release":
        mark_released(pledge)
    else:
        apply_to_pledge(pledge, answer)


def apply_to_pledge(pledge: Pledge, answer: Answer) -> None:
    """What a hold, capture or release answer makes of a locked pledge."""
    match answer.status:
        case "held" if pledge.state in {"frozen", "failing", "dropped"}:
            mark_held(pledge, answer.reference)
        case "needs_auth" if pledge.state in {"frozen", "failing"}:
            pledge.hold_reference = answer.reference
            mark_failing(pledge, "needs_auth", retry=False)
        case "declined" if pledge.state in {"frozen", "failing"}:
            mark_failing(pledge, answer.code or "declined", retry=True)
        case "captured" if pledge.state in {"held", "frozen", "failing", "dropped"}:
            pledge.hold_reference = answer.reference
            mark_captured(pledge, answer.amount or pledge.amount)
        case "released" if pledge.state in {"held", "frozen", "failing", "dropped"}:
            mark_released(pledge)


def mark_released(pledge: Pledge) -> None:
    """The hold is gone, or will lapse by itself: nothing is charged."""
    pledge.state, pledge.released_at = "released", clock.now()
    announce("pledge_released", pledge_id=pledge.id)


def lose_hold(pledge: Pledge, answer: Answer) -> None:
    """A hold that could not be captured (it lapsed, say) is placed anew at the next try."""
    if pledge.state == "held":
        pledge.hold_reference = None
        mark_failing(pledge, answer.code or "hold_lost", retry=True)


def mark_held(pledge: Pledge, reference: str) -> None:
    """A hold stands. One that comes after the rest was settled opens the collecting again."""
    pledge.state, pledge.hold_reference, pledge.held_at = "held", reference, clock.now()
    pledge.failure = pledge.next_try_at = None
    db.session.execute(
        sa.update(Action).where(Action.petition_id == pledge.petition_id).values(settled_at=None)
    )


def mark_failing(pledge: Pledge, code: str, *, retry: bool) -> None:
    """A hold failed: wait for the next try or for the person; after the last try the pledge is dropped."""
    pledge.failure = code
    pause = timedelta(seconds=current_app.config["DURE"].retry_seconds)
    if retry and pledge.tries >= MOST_TRIES:
        drop(pledge)
        return
    pledge.state = "failing"
    pledge.next_try_at = clock.now() + pause if retry else None
    announce("pledge_failing", pledge_id=pledge.id, failure=code, tries=pledge.tries)


def drop(pledge: Pledge) -> None:
    """No hold could be placed and none will be tried; the person may still mend it for some days."""
    pledge.state, pledge.next_try_at = "dropped", None
    grace = timedelta(seconds=60) if current_app.config["DURE"].demo else timedelta(days=GRACE_DAYS)
    announce("pledge_dropped", pledge_id=pledge.id)
    announce("pledge_grace_over", due_at=clock.now() + grace, pledge_id=pledge.id)


def mark_captured(pledge: Pledge, amount: int) -> None:
    """The money has been taken, once: the journal's key makes a second booking impossible."""
    pledge.state, pledge.captured, pledge.captured_at = "captured", amount, clock.now()
    if not pledge.currency:
        raise ValueError(f"pledge {pledge.id} was captured without a currency")
    book(captured_entry(pledge.petition_id, pledge.id, pledge.currency, amount))
    announce("pledge_captured", pledge_id=pledge.id)


def settle_refund(pledge: Pledge, amount: int, answer: Answer) -> None:
    """Money went back; a refund the gateway refused stays due and is reported by the books."""
    if answer.status != "refunded" or not pledge.currency:
        return
    if book(refunded_entry(pledge.petition_id, pledge.id, pledge.currency, amount)):
        pledge.refunded += amount
        pledge.state = "refunded" if pledge.refunded == pledge.captured else "part_refunded"
        announce("pledge_refunded", pledge_id=pledge.id)
