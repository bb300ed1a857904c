"""Settling: the one place where a gateway's answer changes a pledge or a payout.

Answers may come twice, late and in any order; each transition is guarded by the state it starts from, so
the last state is the same whatever the order.
"""

from __future__ import annotations

from datetime import timedelta

from flask import current_app

from app import clock
from app.db import db, lock
from app.ledger.booking import book
from app.ledger.entries import captured as captured_entry
from app.ledger.entries import refund_decided, tip_refunded
from app.ledger.entries import refunded as refunded_entry
from app.ledger.entries import tipped as tipped_entry
from app.outbox import announce
from app.payments.door import Answer
from app.petitions.models import Petition
from app.pledges.models import Pledge

from .duties import plan_duties
from .locking import lock_action
from .models import Action, Attempt
from .paying import settle_payout
from .refunding import RETRY_PAUSE, refunds_decided, refunds_owed

MOST_TRIES = 4
GRACE_DAYS = 7

WANTING = {"collecting", "underway"}
"""States in which an action still has a use for a pledge's money."""
OVER = {"released", "stopped", "delivered"}
"""States in which money taken all the same goes back."""


def settle(attempt_id: str, answer: Answer) -> None:
    """Close an attempt with the gateway's answer and pass the answer on. Call inside a transaction."""
    attempt = lock(Attempt, attempt_id)
    if attempt.state != "started":
        return
    hold = attempt.reference
    attempt.state = "failed" if answer.status in {"declined", "failed"} else "done"
    attempt.outcome, attempt.reference, attempt.finished_at = (
        answer.code or answer.status,
        answer.reference,
        clock.now(),
    )
    if attempt.purpose == "payout":
        settle_payout(attempt.subject_id, answer)
        return
    action = lock_action(attempt.petition_id)
    if action is None:
        raise LookupError(f"attempt {attempt.key} belongs to no action")
    pledge = lock(Pledge, attempt.subject_id)
    if attempt.purpose == "refund":
        settle_refund(pledge, attempt, answer)
    elif attempt.purpose == "hold":
        apply_to_pledge(action, pledge, answer)
    elif hold == pledge.hold_reference:
        settle_hold(action, pledge, attempt, answer)


def settle_hold(action: Action, pledge: Pledge, attempt: Attempt, answer: Answer) -> None:
    """What the capture or the release of the hold a pledge rests on makes of it.

    A pledge that dropped out stays dropped when its hold is called off, and rests on nothing any more.
    """
    gone = answer.status == "released" or (answer.status == "failed" and answer.code != "already_captured")
    if attempt.purpose == "release" and gone and pledge.state in {"dropped", "failing"}:
        pledge.hold_reference = None
    elif answer.status != "failed":
        apply_to_pledge(action, pledge, answer)
    elif answer.code == "already_captured":
        apply_to_pledge(action, pledge, Answer("captured", answer.reference, amount=attempt.amount))
    elif attempt.purpose == "capture":
        lose_hold(pledge, answer.code or "hold_lost")
    else:
        mark_released(pledge)


def apply_to_pledge(action: Action, pledge: Pledge, answer: Answer) -> None:
    """What the gateway's word on a hold makes of a pledge; action and pledge are locked, in this order."""
    if pledge.state not in {"frozen", "failing", "held", "dropped", "released"} or is_known(pledge, answer):
        return
    match answer.status:
        case "captured":
            pledge.hold_reference = answer.reference
            mark_captured(action, pledge, answer.amount or pledge.cost)
        case "held" if pledge.state in {"frozen", "failing", "dropped"}:
            mark_held(action, pledge, answer.reference)
        case "needs_auth" if pledge.state in {"frozen", "failing"}:
            pledge.hold_reference = answer.reference
            mark_failing(pledge, "needs_auth", retry=False)
        case "declined" | "failed" if pledge.state in {"frozen", "failing"}:
            mark_failing(pledge, answer.code or answer.status, retry=True)
        case "released" if answer.code == "expired" and action.state in WANTING:
            lose_hold(pledge, "expired")
        case "released" if pledge.state != "released":
            mark_released(pledge)


def is_known(pledge: Pledge, answer: Answer) -> bool:
    """Whether a pledge fails for exactly this reason already: told twice, it stays as it is."""
    reason = answer.status if answer.status == "needs_auth" else answer.code
    return (
        pledge.state == "failing" and pledge.hold_reference == answer.reference and pledge.failure == reason
    )


def mark_released(pledge: Pledge) -> None:
    """The hold is gone, or will lapse by itself: nothing is charged."""
    pledge.state, pledge.released_at = "released", clock.now()
    announce("pledge_released", pledge_id=pledge.id)


def lose_hold(pledge: Pledge, code: str) -> None:
    """A hold that could not be captured (it lapsed, say) is placed anew at the next try."""
    if pledge.state in {"frozen", "failing", "held"}:
        pledge.hold_reference = None
        mark_failing(pledge, code, retry=True)


def mark_held(action: Action, pledge: Pledge, reference: str) -> None:
    """A hold stands. One that comes after the rest was settled opens the collecting again."""
    pledge.state, pledge.hold_reference, pledge.held_at = "held", reference, clock.now()
    pledge.failure = pledge.next_try_at = None
    action.settled_at = None


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
    until = clock.now() + grace()
    announce("pledge_dropped", pledge_id=pledge.id, until=until.isoformat())
    announce("pledge_grace_over", due_at=until, pledge_id=pledge.id)


def grace() -> timedelta:
    """How long a pledge that dropped out may still be mended before the promise counts as broken."""
    return timedelta(seconds=60) if current_app.config["DURE"].demo else timedelta(days=GRACE_DAYS)


def mark_captured(action: Action, pledge: Pledge, amount: int) -> None:
    """The money has been taken, once: the journals' keys make a second booking impossible.

    ``amount`` is what the gateway took, the tip included. An action that is over has no use for it and owes
    it back at once, tip and all.
    """
    if not pledge.currency:
        raise ValueError(f"pledge {pledge.id} was captured without a currency")
    if action.state in OVER:
        pledge.tip = 0
    share = amount - pledge.tip
    pledge.state, pledge.captured, pledge.captured_at = "captured", share, clock.now()
    pledge.failure = pledge.next_try_at = None
    book(captured_entry(pledge.petition_id, pledge.id, pledge.currency, share))
    if pledge.tip:
        book(tipped_entry(pledge.petition_id, pledge.id, pledge.currency, pledge.tip))
    announce("pledge_captured", pledge_id=pledge.id)
    if action.state in OVER:
        book(refund_decided(pledge.petition_id, pledge.id, pledge.currency, share))
        action.settled_at = None
        return
    plan_duties(db.session.get_one(Petition, pledge.petition_id), pledge, pledge.captured_at)


def settle_refund(pledge: Pledge, attempt: Attempt, answer: Answer) -> None:
    """Money went back; a refund the gateway refused stays due, and is tried again."""
    if answer.status != "refunded" or not pledge.currency:
        again = clock.now() + RETRY_PAUSE + timedelta(seconds=1)
        announce("refund_owed", due_at=again, petition_id=pledge.petition_id)
        return
    book_refund(pledge, attempt, pledge.currency)
    pledge.state = "refunded" if pledge.refunded == pledge.captured else "part_refunded"
    announce("pledge_refunded", pledge_id=pledge.id)
    if refunds_owed(pledge.petition_id, pledge.id):
        announce("refund_owed", petition_id=pledge.petition_id)


def book_refund(pledge: Pledge, attempt: Attempt, currency: str) -> None:
    """One refund at the gateway is two in the books where the tip came back with the rest."""
    owner = pledge.petition_id
    owed = refunds_decided(owner, pledge.id).get(pledge.id, 0) - pledge.refunded
    share = min(attempt.amount, owed)
    tip = attempt.amount - share
    if share:
        book(refunded_entry(owner, pledge.id, currency, share, part=attempt.id))
    if tip:
        book(tip_refunded(owner, pledge.id, currency, tip, part=attempt.id))
    pledge.refunded += share
    pledge.tip_refunded += tip
