"""Deciding: what a moderator does to a petition, and the row that says so, in one transaction."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from app import clock
from app.actions import payouts
from app.actions.models import Action, Duty, Payout
from app.actions.settling import OVER
from app.db import db, lock, new_id
from app.people.models import Person
from app.petitions import launching
from app.petitions.models import Petition
from app.pledges.allowing import unsigned

from .models import Decision


def decide(
    moderator: Person, petition_id: str | None, verb: str, reason: str = "", note: str = "", **detail: Any
) -> Decision:
    """Write down a decision; call in the transaction that carries it out. Rows are never changed."""
    decision = Decision(
        id=new_id(),
        moderator_id=moderator.id,
        petition_id=petition_id,
        verb=verb,
        reason=reason,
        note=note,
        detail=detail,
        at=clock.now(),
    )
    db.session.add(decision)
    return decision


def verbs_for(petition: Petition) -> list[str]:
    """What a moderator may do to a petition as it stands, the likeliest first."""
    if petition.state == "moderation":
        return ["reject"] if unsigned(petition) else ["publish", "reject"]
    if petition.state == "hidden":
        return ["show"] if is_running(petition.id) else ["show", "remove"]
    verbs = []
    if petition.state == "open":
        verbs.append("unfeature" if petition.featured_at else "feature")
    if petition.state in launching.HIDEABLE:
        verbs.append("hide")
    return verbs


def is_running(petition_id: str) -> bool:
    """Whether somebody still owes something here; that has to end before the page may go for good."""
    running = sa.exists().where(Action.petition_id == petition_id, Action.state.not_in(OVER))
    owed = sa.exists().where(Duty.petition_id == petition_id, Duty.state == "open")
    return bool(db.session.scalar(sa.select(sa.or_(running, owed))))


def carry_out(moderator_id: str, petition_id: str, verb: str, reason: str = "", note: str = "") -> bool:
    """Do what ``verb`` says and write the decision; False when the petition no longer allows it.

    Call inside a transaction. ``reason`` has been checked against the verb's list.
    """
    petition = lock(Petition, petition_id)
    if verb not in verbs_for(petition) or not ACTS[verb](petition, reason):
        return False
    decide(db.session.get_one(Person, moderator_id), petition_id, verb, reason, note)
    return True


def set_featured(petition: Petition, _reason: str) -> bool:
    petition.featured_at = clock.now()
    return True


def unset_featured(petition: Petition, _reason: str) -> bool:
    petition.featured_at = None
    return True


ACTS: dict[str, Callable[[Petition, str], bool]] = {
    "publish": lambda petition, _reason: launching.publish(petition.id),
    "reject": lambda petition, reason: launching.reject(petition.id, reason),
    "hide": lambda petition, _reason: launching.hide(petition.id),
    "show": lambda petition, _reason: launching.publish(petition.id),
    "remove": lambda petition, reason: launching.remove(petition.id, reason),
    "feature": set_featured,
    "unfeature": unset_featured,
}


def approve_payout(moderator_id: str, payout_id: str) -> bool:
    """Let a proposed payout go and write the decision; False when somebody has approved it already.

    Raises:
        Refusal: as :func:`app.actions.payouts.approve`.
    """
    if not payouts.approve(payout_id, moderator_id):
        return False
    payout = db.session.get_one(Payout, payout_id)
    decide(
        db.session.get_one(Person, moderator_id),
        payout.petition_id,
        "approve_payout",
        amount=payout.amount,
        currency=payout.currency,
    )
    return True
