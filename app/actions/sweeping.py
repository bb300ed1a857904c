"""Sweeping: what is due by the clock, found in the database whatever became of the announcements."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
import structlog

from app import clock
from app.db import db, run_tx
from app.petitions.answering import note_silence
from app.petitions.launching import close_if_expired
from app.petitions.models import Petition

from .duties import call_due
from .firing import fire
from .milestones import end_vote
from .models import Duty, Milestone

log = structlog.get_logger()


def sweep() -> int:
    """Fire, close, end votes and waits, where the clock says so; returns how many rows changed."""
    at = clock.now()
    return (
        each(
            sa.select(Petition.id).where(
                Petition.state == "open", Petition.fired_at.is_(None), Petition.window_ends_at <= at
            ),
            fire,
        )
        + each(
            sa.select(Petition.id).where(
                Petition.state.in_(("open", "hidden")),
                Petition.closed_at.is_(None),
                Petition.deadline < at,
                Petition.tipped_at.is_(None) | Petition.fired_at.is_not(None) | (Petition.state == "hidden"),
            ),
            close_if_expired,
        )
        + each(
            sa.select(Duty.id).where(Duty.state == "open", Duty.called_at.is_(None), Duty.due_at <= at),
            call_due,
        )
        + each(
            sa.select(Milestone.id).where(Milestone.state == "claimed", Milestone.vote_ends_at <= at),
            end_vote,
        )
        + each(
            sa.select(Petition.id).where(
                Petition.response_track == "awaiting", Petition.response_due_at <= at
            ),
            note_silence,
        )
    )


def each(query: sa.Select[Any], verb: Callable[[str], bool]) -> int:
    """Run ``verb`` on every row found, each in a transaction of its own; one that fails stops no other."""
    ids = db.session.scalars(query).all()
    db.session.rollback()
    done = 0
    for row_id in ids:
        try:
            done += run_tx(lambda row_id=row_id: verb(row_id))  # type: ignore[misc]
        except Exception:
            log.exception("sweeping one row failed", verb=verb.__name__, row=row_id)
    return done
