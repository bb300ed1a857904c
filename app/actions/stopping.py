"""Stopping an action: what has not been paid out goes back to the backers, in proportion."""

from __future__ import annotations

import sqlalchemy as sa

from app import clock
from app.db import db
from app.ledger.booking import balances, book
from app.ledger.entries import refund_decided
from app.money import split_in_proportion
from app.outbox import announce
from app.petitions.launching import close
from app.petitions.tallying import record
from app.pledges.models import Pledge

from .models import Action, Payout
from .refunding import refunds_decided


def stop(action: Action, *, reason: str) -> None:
    """End a locked action and owe the rest of the money back, to the last won.

    A payout not yet approved is withdrawn with it: its money is still the backers'.
    """
    at = clock.now()
    db.session.execute(
        sa.delete(Payout).where(Payout.petition_id == action.petition_id, Payout.state == "proposed")
    )
    rest = balances(action.petition_id)["escrow"]
    given_back = refunds_decided(action.petition_id)
    pledges = [
        pledge
        for pledge in db.session.scalars(
            sa.select(Pledge)
            .where(Pledge.petition_id == action.petition_id, Pledge.state.in_(("captured", "part_refunded")))
            .order_by(Pledge.captured_at, Pledge.id)
        )
        if pledge.captured > given_back.get(pledge.id, 0)
    ]
    if rest and pledges:
        parts = split_in_proportion(
            rest, [pledge.captured - given_back.get(pledge.id, 0) for pledge in pledges]
        )
        for pledge, part in zip(pledges, parts, strict=True):
            if part:
                book(refund_decided(action.petition_id, pledge.id, action.currency, part))
    action.state, action.stopped_at = "stopped", at
    action.settled_at = None
    close(action.petition_id)
    record(action.petition_id, "stopped", at, cause="stopped", refund=rest)
    announce("action_stopped", petition_id=action.petition_id, reason=reason)
