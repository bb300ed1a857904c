"""Stopping an action: what has not been paid out goes back to the backers, in proportion."""

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
from app.petitions.launching import close
from app.petitions.tallying import record
from app.pledges.models import Pledge

from .models import Action, Attempt, Payout

RETRY_PAUSE = timedelta(hours=1)


def stop(action: Action, *, reason: str) -> None:
    """End a locked action and owe the rest of the money back, to the last won.

    A payout not yet approved is withdrawn with it: its money is still the backers'.
    """
    at = clock.now()
    db.session.execute(
        sa.delete(Payout).where(Payout.petition_id == action.petition_id, Payout.state == "proposed")
    )
    rest = balances(action.petition_id)["escrow"]
    pledges = db.session.scalars(
        sa.select(Pledge)
        .where(Pledge.petition_id == action.petition_id, Pledge.state == "captured")
        .order_by(Pledge.captured_at, Pledge.id)
    ).all()
    if rest and pledges:
        parts = split_in_proportion(rest, [pledge.captured for pledge in pledges])
        for pledge, part in zip(pledges, parts, strict=True):
            if part:
                book(refund_decided(action.petition_id, pledge.id, action.currency, part))
    action.state, action.stopped_at = "stopped", at
    action.settled_at = None
    close(action.petition_id)
    record(action.petition_id, "stopped", at, cause="stopped", refund=rest)
    announce("action_stopped", petition_id=action.petition_id, reason=reason)


def refunds_owed(petition_id: str) -> dict[str, int]:
    """Decided and not yet made: amount by pledge id, from the books. A refused refund rests an hour."""
    made = sa.select(Journal.subject_id).where(Journal.owner == petition_id, Journal.cause == "refund")
    resting = sa.select(Attempt.subject_id).where(
        Attempt.petition_id == petition_id,
        Attempt.purpose == "refund",
        Attempt.state == "failed",
        Attempt.finished_at > clock.now() - RETRY_PAUSE,
    )
    rows = db.session.execute(
        sa.select(Journal.subject_id, Posting.amount)
        .join(Posting, Posting.journal_id == Journal.id)
        .where(
            Journal.owner == petition_id,
            Journal.cause == "refund_due",
            Posting.amount > 0,
            Journal.subject_id.not_in(made),
            Journal.subject_id.not_in(resting),
        )
    )
    return {row.subject_id: row.amount for row in rows}
