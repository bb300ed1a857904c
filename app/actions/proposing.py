"""Proposing: money of an action is put up for payout; a second person approves it."""

from __future__ import annotations

from app import clock
from app.db import db, new_id
from app.outbox import announce
from app.petitions.models import Petition

from .models import Action, Payout


def propose(action: Action, amount: int, *, cause: str, milestone_id: str | None = None) -> Payout | None:
    """Put money of an action up for approval by a second person; None when there is nothing to pay."""
    petition = db.session.get_one(Petition, action.petition_id)
    if amount <= 0 or petition.organizer_id is None:
        return None
    payout = Payout(
        id=new_id(),
        petition_id=action.petition_id,
        milestone_id=milestone_id,
        cause=cause,
        amount=amount,
        currency=action.currency,
        state="proposed",
        proposed_by=petition.organizer_id,
        proposed_at=clock.now(),
    )
    db.session.add(payout)
    announce("payout_proposed", payout_id=payout.id)
    return payout
