"""Stopping an action: what the organizer has not earned goes back to the backers, in proportion."""

from __future__ import annotations

import sqlalchemy as sa

from app import clock
from app.db import db
from app.outbox import announce
from app.petitions.launching import close
from app.petitions.tallying import record

from .models import Action, Payout
from .proposing import propose
from .refunding import left_of_captures, owe_rest, pays_out_captures
from .tipping import return_tips


def stop(action: Action, *, reason: str) -> None:
    """End a locked action and owe the rest of the money back, to the last won.

    A step that the backers accepted is earned, whether or not a second person has approved its payout yet:
    the payout stays, and its money stays in escrow until then. A disbursement not yet approved is withdrawn,
    for nothing was done for it. Where nothing at all is paid out the tips go back too. What is left over once
    every backer has all of theirs (the organizer paid back a member who left) is put up for payout.

    Raises:
        ValueError: all the money was let go at once, so it is owed and paid back rather than stopped.
    """
    if is_disbursed(action.petition_id):
        raise ValueError(f"action {action.petition_id} was disbursed and cannot be stopped")
    at = clock.now()
    db.session.execute(
        sa.delete(Payout).where(
            Payout.petition_id == action.petition_id,
            Payout.state == "proposed",
            Payout.cause.startswith("disbursement-"),
        )
    )
    rest = max(0, left_of_captures(action.petition_id) - earned(action.petition_id))
    remainder = owe_rest(action, rest)
    return_tips(action)
    propose(action, remainder, cause=f"remainder-{action.petition_id}")
    action.state, action.stopped_at = "stopped", at
    action.settled_at = None
    close(action.petition_id)
    record(action.petition_id, "stopped", at, cause="stopped", refund=rest - remainder)
    announce("action_stopped", petition_id=action.petition_id, reason=reason)


def is_disbursed(petition_id: str) -> bool:
    """Whether a second person has let all the money go to the organizer at once: it has left, or leaves."""
    let_go = sa.exists().where(Payout.cause == f"disbursement-{petition_id}", Payout.state != "proposed")
    return bool(db.session.scalar(sa.select(let_go)))


def earned(petition_id: str) -> int:
    """What accepted steps are still to be paid, in minor units: their payouts wait for a second person."""
    total = db.session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(Payout.amount), 0)).where(
            Payout.petition_id == petition_id, Payout.state == "proposed", pays_out_captures()
        )
    )
    return int(total or 0)
