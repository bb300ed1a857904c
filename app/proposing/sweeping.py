"""Ending what is over by the clock, whatever became of the announcements."""

from __future__ import annotations

import sqlalchemy as sa

from app import clock
from app.outbox.sweeping import commit_each, find_ids

from .counting import end
from .models import Proposal


def end_due() -> int:
    """Count every vote whose time is over; one that fails stops no other. Returns how many were ended."""
    due = sa.select(Proposal.id).where(
        Proposal.ends_at <= clock.now(), Proposal.decided_at.is_(None), Proposal.withdrawn_at.is_(None)
    )
    return commit_each(find_ids(due), end)
