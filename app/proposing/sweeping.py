"""Ending what is over by the clock, whatever became of the announcements."""

from __future__ import annotations

import sqlalchemy as sa
import structlog

from app import clock
from app.db import db, run_tx

from .counting import end
from .models import Proposal

log = structlog.get_logger()


def end_due() -> int:
    """Count every vote whose time is over; one that fails stops no other. Returns how many were ended."""
    due = db.session.scalars(
        sa.select(Proposal.id).where(
            Proposal.ends_at <= clock.now(), Proposal.decided_at.is_(None), Proposal.withdrawn_at.is_(None)
        )
    ).all()
    db.session.rollback()
    ended = 0
    for proposal_id in due:
        try:
            ended += run_tx(lambda proposal_id=proposal_id: end(proposal_id))  # type: ignore[misc]
        except Exception:
            log.exception("a vote could not be ended", proposal=proposal_id)
    return ended
