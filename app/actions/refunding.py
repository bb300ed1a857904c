"""Refunding: what is owed back to a backer, decided part by part and read from the books."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from app import clock
from app.db import db
from app.ledger.booking import balances, book
from app.ledger.entries import refund_decided
from app.ledger.models import Journal, Posting
from app.money import split_in_proportion
from app.outbox import announce
from app.pledges.models import Pledge

from .models import Action, Attempt, Payout

RETRY_PAUSE = timedelta(hours=1)


def owe_back(action: Action, pledge: Pledge, amount: int, *, part: str) -> int:
    """Owe a backer part of what was captured; returns how much of ``amount`` the action still has for it.

    ``part`` tells the refunds of one pledge apart; decided before, it is decided once. What is proposed to
    be paid out, and not approved yet, makes room. Call with action and pledge locked; minor units.
    """
    left = pledge.captured - refunds_decided(action.petition_id, pledge.id).get(pledge.id, 0)
    owed = min(amount, left, balances(action.petition_id)["escrow"])
    if owed <= 0:
        return 0
    if not book(refund_decided(action.petition_id, pledge.id, action.currency, owed, part=part)):
        return 0
    make_room(action.petition_id)
    announce("refund_owed", petition_id=action.petition_id)
    return owed


def owe_rest(action: Action, rest: int) -> int:
    """Owe ``rest`` back to those whose money is still in a locked action, in proportion, to the last unit.

    Nobody is owed more than they paid; returns what is left after that, in minor units.
    """
    given_back = refunds_decided(action.petition_id)
    pledges = [
        pledge
        for pledge in db.session.scalars(
            sa.select(Pledge)
            .where(
                Pledge.petition_id == action.petition_id,
                Pledge.state.in_(("captured", "part_refunded")),
                Pledge.left_at.is_(None),
            )
            .order_by(Pledge.captured_at, Pledge.id)
        )
        if pledge.captured > given_back.get(pledge.id, 0)
    ]
    if rest <= 0 or not pledges:
        return max(0, rest)
    paid = [pledge.captured - given_back.get(pledge.id, 0) for pledge in pledges]
    owed = min(rest, sum(paid))
    parts = split_in_proportion(owed, paid)
    for pledge, part in zip(pledges, parts, strict=True):
        if part:
            book(refund_decided(action.petition_id, pledge.id, action.currency, part, part="rest"))
    announce("refund_owed", petition_id=action.petition_id)
    return rest - owed


def left_of_captures(petition_id: str) -> int:
    """What was captured from backers, less what was owed back or approved to be paid out; minor units.

    What subscriptions brought lies in the same escrow, goes out by months and has no part in it.
    """
    captured = db.session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(Pledge.captured), 0)).where(Pledge.petition_id == petition_id)
    )
    approved = db.session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(Payout.amount), 0)).where(
            Payout.petition_id == petition_id, Payout.state != "proposed", pays_out_captures()
        )
    )
    left = int(captured or 0) - sum(refunds_decided(petition_id).values()) - int(approved or 0)
    return min(left, balances(petition_id)["escrow"])


def pays_out_captures() -> sa.ColumnElement[bool]:
    """A payout of what was captured at the turn into an action: for a step, all of it, or what is left."""
    return sa.or_(
        Payout.milestone_id.is_not(None),
        Payout.cause.startswith("disbursement-"),
        Payout.cause.startswith("remainder-"),
    )


def make_room(petition_id: str) -> None:
    """Lessen the payouts nobody approved yet until the escrow covers them, the newest first."""
    proposed = db.session.scalars(
        sa.select(Payout)
        .where(Payout.petition_id == petition_id, Payout.state == "proposed")
        .order_by(Payout.proposed_at.desc(), Payout.id.desc())
        .with_for_update()
    ).all()
    lacking = sum(payout.amount for payout in proposed) - balances(petition_id)["escrow"]
    for payout in proposed:
        less = min(payout.amount, max(0, lacking))
        lacking -= less
        if less == payout.amount:
            db.session.delete(payout)
        else:
            payout.amount -= less
    db.session.flush()


def refunds_decided(petition_id: str, pledge_id: str | None = None) -> dict[str, int]:
    """What was ever owed back of what was captured, made or not: minor units by pledge id, from the books."""
    return booked(petition_id, pledge_id, "refund_due")


def refunds_owed(petition_id: str, pledge_id: str | None = None) -> dict[str, int]:
    """Decided and not yet made, tips that go back included: minor units by pledge id, from the books.

    A refused refund rests an hour.
    """
    made = booked(petition_id, pledge_id, "refund", "tip_refund")
    owed = {
        subject: amount - made.get(subject, 0)
        for subject, amount in booked(petition_id, pledge_id, "refund_due", "tip_back").items()
        if amount > made.get(subject, 0)
    }
    resting = owed and set(
        db.session.scalars(
            sa.select(Attempt.subject_id).where(
                Attempt.petition_id == petition_id,
                Attempt.purpose == "refund",
                Attempt.state == "failed",
                Attempt.finished_at > clock.now() - RETRY_PAUSE,
            )
        )
    )
    return {subject: amount for subject, amount in owed.items() if subject not in resting}


def booked(petition_id: str, pledge_id: str | None, *causes: str) -> dict[str, int]:
    """What these causes came to: minor units by pledge id."""
    query = (
        sa.select(Journal.subject_id, sa.func.sum(Posting.amount))
        .join(Posting, Posting.journal_id == Journal.id)
        .where(Journal.owner == petition_id, Journal.cause.in_(causes), Posting.amount > 0)
        .group_by(Journal.subject_id)
    )
    if pledge_id is not None:
        query = query.where(Journal.subject_id == pledge_id)
    return {subject: int(amount) for subject, amount in db.session.execute(query)}
