"""Paying out: an accepted milestone's money, proposed by one person and approved by another."""

from __future__ import annotations

import sqlalchemy as sa

from app import clock
from app.db import db, lock
from app.ledger.booking import balances, book
from app.ledger.entries import paid_out, payout_approved
from app.outbox import announce
from app.payments.door import Answer
from app.petitions.launching import close
from app.petitions.models import Petition
from app.petitions.tallying import record
from app.pledges import kinds
from app.pledges.kinds.base import Kind
from app.pledges.models import Pledge

from .duties import organizer_owes, plan_common_duties
from .forgetting import forget_payee_if_erased
from .locking import lock_action
from .models import Action, Duty, Milestone, Payout
from .proposing import propose
from .refunding import left_of_captures, owe_rest, refunds_decided
from .stopping import is_disbursed


def propose_payout(action: Action, milestone: Milestone) -> Payout | None:
    """Put an accepted milestone's money up for approval; None when its share comes to nothing.

    Money that goes out in another way than step by step has no part in it.

    A milestone gets its cumulative share of what has been captured and not been given back, less what
    earlier ones got; the last one takes the remainder, so that the tranches add up to the last won.
    """
    kind = kinds.find(action.kind or "")
    if kind is None or kind.release != "milestones":
        return None
    captured = db.session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(Pledge.captured), 0)).where(
            Pledge.petition_id == action.petition_id
        )
    )
    steps = db.session.scalars(
        sa.select(Milestone).where(
            Milestone.petition_id == action.petition_id, Milestone.position <= milestone.position
        )
    ).all()
    share = sum(step.share for step in steps)
    earlier = db.session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(Payout.amount), 0)).where(
            Payout.petition_id == action.petition_id, Payout.milestone_id.is_not(None)
        )
    )
    left = int(captured or 0) - sum(refunds_decided(action.petition_id).values())
    amount = left * share // 100 - int(earlier or 0)
    return propose(action, amount, cause=f"milestone-{milestone.id}", milestone_id=milestone.id)


def propose_disbursement(action: Action) -> Payout | None:
    """Put all that was captured up for approval at once, where the kind says so; None otherwise.

    What subscriptions brought lies in the same escrow, goes out by months and is no part of it.
    """
    kind = kinds.find(action.kind or "")
    if kind is None or kind.release != "disbursement" or action.state != "underway":
        return None
    cause = f"disbursement-{action.petition_id}"
    if db.session.scalar(sa.select(sa.exists().where(Payout.cause == cause))):
        return None
    return propose(action, left_of_captures(action.petition_id), cause=cause)


def book_approval(payout: Payout) -> None:
    """From the backers' escrow to what is owed to the organizer.

    Raises:
        ValueError: the escrow does not hold that much; money fails closed.
    """
    if balances(payout.petition_id)["escrow"] < payout.amount:
        raise ValueError(f"payout {payout.id} exceeds the escrow")
    book(payout_approved(payout.petition_id, payout.id, payout.currency, payout.amount))


def settle_payout(payout_id: str, answer: Answer) -> None:
    """The gateway's word on a payout: paid, or failed and to be tried again once the payee is mended."""
    lock_action(db.session.get_one(Payout, payout_id).petition_id)
    payout = lock(Payout, payout_id)
    if payout.state not in {"approved", "paying", "failed"}:
        return
    if answer.status != "paid":
        payout.state, payout.failure = "failed", answer.code or answer.status
        announce("payout_failed", payout_id=payout_id)
        return
    at = clock.now()
    payout.state, payout.paid_at, payout.failure = "paid", at, None
    book(paid_out(payout.petition_id, payout_id, payout.currency, payout.amount))
    record(payout.petition_id, "payout_paid", at, cause=f"paid-{payout_id}", amount=payout.amount)
    announce("payout_paid", payout_id=payout_id)
    forget_payee_if_erased(payout.petition_id)
    if payout.cause.startswith("disbursement-"):
        plan_common_duties(db.session.get_one(Petition, payout.petition_id), at)
    deliver_if_done(payout.petition_id)


def deliver_after_duty(duty_id: str) -> bool:
    """Close the action if the duty that was just settled was the last thing missing."""
    return deliver_if_done(db.session.get_one(Duty, duty_id).petition_id)


def deliver_if_done(petition_id: str) -> bool:
    """Close the action once its plan is through, every payout paid and nothing owed any more.

    What no payout took of money that goes out step by step is owed back to the backers, in proportion.
    """
    action = lock_action(petition_id)
    if action is None or action.state != "underway":
        return False
    unpaid = db.session.scalar(
        sa.select(sa.func.count()).where(Payout.petition_id == petition_id, Payout.state != "paid")
    )
    kind = kinds.find(action.kind or "")
    if unpaid or not is_through(action, kind) or still_owes(petition_id):
        return False
    if kind is not None and kind.release == "milestones" and (rest := left_of_captures(petition_id)) > 0:
        owe_rest(action, rest)
    action.settled_at = None
    at = clock.now()
    action.state, action.delivered_at = "delivered", at
    close(petition_id)
    record(petition_id, "delivered", at, cause="delivered")
    announce("action_delivered", petition_id=petition_id)
    return True


def is_through(action: Action, kind: Kind | None) -> bool:
    """Whether the plan keeps an action open no longer: every step was accepted.

    Where the money goes out at once it is through when that is out and no vote is on: a step that was never
    shown, or was rejected, does not keep open what has been paid back.
    """
    steps = sa.select(Milestone.id).where(Milestone.petition_id == action.petition_id)
    if kind is not None and kind.release == "disbursement":
        voted_on = sa.exists(steps.where(Milestone.state == "claimed"))
        return is_disbursed(action.petition_id) and not db.session.scalar(sa.select(voted_on))
    return not db.session.scalar(sa.select(sa.exists(steps.where(Milestone.state != "accepted"))))


def still_owes(petition_id: str) -> bool:
    """Whether the organizer owes anything, people still pay for it every month, or have work to do.

    Where people promised work and not one of them did it, nothing has been delivered either.
    """
    paying = sa.exists().where(Pledge.petition_id == petition_id, Pledge.state == "active")
    deeds = sa.exists().where(Duty.petition_id == petition_id, Duty.kind == "deed", Duty.debtor == "pledger")
    working = sa.or_(deeds.where(Duty.state == "open"), deeds & ~deeds.where(Duty.state == "kept"))
    return organizer_owes(petition_id) or bool(db.session.scalar(sa.select(sa.or_(paying, working))))
