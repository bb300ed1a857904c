"""Firing: the one moment a petition becomes an action."""

from __future__ import annotations

from datetime import timedelta

from flask import current_app

from app import clock
from app.db import db, insert_unless_there, lock, new_id
from app.outbox import announce
from app.petitions.models import Petition, Threshold
from app.petitions.tallying import record, settle_tipping
from app.petitions.thresholds import all_hold
from app.pledges import kinds
from app.pledges.pledging import freeze

from .models import Action, Firing

RETRIES = 3


def fire(petition_id: str) -> bool:
    """Turn a tipped petition into an action when its verification window is over.

    The petition's row is locked, then every threshold is read again, then the single firing row is
    inserted. Returns False when it is not time, no longer tipped, or somebody got there first. Call
    inside a transaction.
    """
    petition = lock(Petition, petition_id)
    at = clock.now()
    if petition.fired_at is not None or petition.window_ends_at is None or at < petition.window_ends_at:
        return False
    if petition.state != "open":
        return False
    for threshold in petition.thresholds:
        db.session.refresh(threshold)
    if not all_hold(petition.thresholds):
        settle_tipping(petition, at)
        return False
    tallies = {threshold.kind: [threshold.tally, threshold.target] for threshold in petition.thresholds}
    if not insert_unless_there(Firing, {"petition_id": petition_id, "at": at, "tallies": tallies}):
        return False
    petition.fired_at = at
    start_action(petition)
    return True


def start_action(petition: Petition) -> None:
    """Freeze the pledges and begin to collect what one of the thresholds collects, if any."""
    at = clock.now()
    collected = collected_threshold(petition)
    kind = collected.kind if collected else None
    backers, pledged = freeze(petition, kind)
    pause = current_app.config["DURE"].retry_seconds
    db.session.add(
        Action(
            id=new_id(),
            petition_id=petition.id,
            state="collecting",
            kind=kind,
            currency=petition.currency,
            goal=collected.target if collected else 0,
            pledged=pledged,
            started_at=at,
            collect_until=at + timedelta(seconds=pause * RETRIES),
        )
    )
    record(petition.id, "fired", at, cause="fired", backers=backers, pledged=pledged)
    announce("petition_fired", petition_id=petition.id)


def collected_threshold(petition: Petition) -> Threshold | None:
    """The threshold whose pledges are held and captured at the firing; a petition has one at most."""
    found = (
        threshold
        for threshold in petition.pledge_thresholds
        if (kind := kinds.find(threshold.kind)) is not None and kind.collects
    )
    return next(found, None)
