"""Tallies, tipping and un-tipping: what every signature and pledge does to its petition."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app import clock
from app.db import db, insert_unless_there, new_id
from app.outbox import announce

from .models import Event, Petition, Threshold
from .thresholds import Tipping, all_hold, holds, tip

thresholds: Any = Threshold.__table__
MOVE = (
    sa.update(thresholds)
    .where(thresholds.c.petition_id == sa.bindparam("petition"), thresholds.c.kind == sa.bindparam("moved"))
    .values(
        tally=thresholds.c.tally + sa.bindparam("by"),
        contributors=thresholds.c.contributors + sa.bindparam("more"),
    )
)
THRESHOLDS = (
    sa.select(Threshold)
    .where(Threshold.petition_id == sa.bindparam("petition"))
    .execution_options(populate_existing=True)
)


def count(petition: Petition, kind: str, by: int, *, contributors: int, at: datetime) -> None:
    """Move one tally of a locked petition, and tip or un-tip the petition where that follows.

    ``kind`` names the threshold: ``signatures``, or a kind of pledge.

    After the firing a tally may still move; nothing else does.
    """
    moved = {"petition": petition.id, "moved": kind, "by": by, "more": contributors}
    db.session.execute(MOVE, moved)
    for threshold in db.session.scalars(THRESHOLDS, {"petition": petition.id}).all():
        if threshold.kind == kind and holds(threshold) and threshold.reached_at is None:
            threshold.reached_at = at
            record(
                petition.id,
                "threshold_reached",
                at,
                cause=f"reached-{kind}",
                counts=kind,
                measure=threshold.measure,
                target=threshold.target,
            )
            if kind == "signatures":
                await_answer(petition, at)
    settle_tipping(petition, at)


def await_answer(petition: Petition, at: datetime) -> None:
    """With enough signatures the addressee owes an answer by a day."""
    if petition.state == "open" and petition.response_track == "none":
        petition.response_track = "awaiting"
        petition.response_due_at = at + timedelta(days=current_app.config["DURE"].answer_days)


def settle_tipping(petition: Petition, at: datetime) -> None:
    """Start the verification window when every threshold holds in time; end it when one is lost."""
    if petition.fired_at is not None or petition.state != "open" or petition.deadline is None:
        return
    before = Tipping(petition.tipped_at, petition.window_ends_at)
    window = timedelta(seconds=current_app.config["DURE"].window_seconds)
    holding = all_hold(petition.thresholds)
    after = tip(before, holding=holding, at=at, deadline=petition.deadline, window=window)
    if after == before:
        return
    petition.tipped_at, petition.window_ends_at = after.tipped_at, after.window_ends_at
    if after.tipped_at is not None:
        record(petition.id, "tipped", at, cause=f"tipped-{at.isoformat()}")
        announce("petition_tipped", petition_id=petition.id, at=at.isoformat())
        announce("window_ended", due_at=petition.window_ends_at, petition_id=petition.id)
    else:
        record(petition.id, "untipped", at, cause=f"untipped-{at.isoformat()}")
        announce("petition_untipped", petition_id=petition.id, at=at.isoformat())


def record(petition_id: str, kind: str, at: datetime | None = None, *, cause: str, **detail: Any) -> bool:
    """Add one line to the petition's timeline, once per ``cause``."""
    return insert_unless_there(
        Event,
        {
            "id": new_id(),
            "petition_id": petition_id,
            "cause": cause,
            "kind": kind,
            "detail": detail,
            "at": at or clock.now(),
        },
    )
