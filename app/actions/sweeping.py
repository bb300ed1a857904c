"""Sweeping: what is due by the clock, found in the database whatever became of the announcements."""

from __future__ import annotations

import sqlalchemy as sa

from app import clock
from app.outbox.sweeping import commit_each, find_ids
from app.petitions.answering import note_silence
from app.petitions.launching import UNOPENED, close_if_expired, lapse
from app.petitions.models import Petition

from .duties import call_due
from .firing import fire
from .milestones import end_vote
from .models import Action, Duty, Milestone


def sweep() -> int:
    """Fire, close, end votes and waits, where the clock says so; returns how many rows changed."""
    at = clock.now()
    window_over = sa.select(Petition.id).where(
        Petition.state == "open", Petition.fired_at.is_(None), Petition.window_ends_at <= at
    )
    past_deadline = sa.select(Petition.id).where(
        Petition.state.in_(("open", "hidden")),
        Petition.closed_at.is_(None),
        Petition.deadline < at,
        Petition.tipped_at.is_(None) | Petition.fired_at.is_not(None) | (Petition.state == "hidden"),
    )
    unopened = sa.select(Petition.id).where(Petition.state.in_(UNOPENED), Petition.deadline < at)
    duties = sa.select(Duty.id).where(Duty.state == "open", Duty.called_at.is_(None), Duty.due_at <= at)
    votes = (
        sa.select(Milestone.id)
        .join(Action, Action.petition_id == Milestone.petition_id)
        .where(Action.state == "underway", Milestone.state == "claimed", Milestone.vote_ends_at <= at)
    )
    unanswered = sa.select(Petition.id).where(
        Petition.response_track == "awaiting", Petition.response_due_at <= at
    )
    return (
        commit_each(find_ids(window_over), fire)
        + commit_each(find_ids(past_deadline), close_if_expired)
        + commit_each(find_ids(unopened), lapse)
        + commit_each(find_ids(duties), call_due)
        + commit_each(find_ids(votes), end_vote)
        + commit_each(find_ids(unanswered), note_silence)
    )
