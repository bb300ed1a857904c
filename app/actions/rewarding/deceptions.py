"""A petition that deceived its supporters: what it brought is void, and its organizer pays for it."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from app.db import db, run_tx
from app.outbox.sweeping import commit_batches, find_ids
from app.petitions.models import Petition
from app.petitions.reasons import DECEPTION
from app.points import rules
from app.points.awarding import award, cancel
from app.points.models import PointRow
from app.points.standing import settle_level

from .efforts import BATCH

FOR_THE_RESULT = ("milestone_supported", "early")
"""What supporters got for a result; what they got for keeping their word stays theirs."""


def punish_deception(*, petition_id: str, reason: str) -> None:
    """Void the organizer's points of a petition removed for deception, and its supporters' for the result."""
    if reason != DECEPTION:
        return
    organizer_id = db.session.get_one(Petition, petition_id).organizer_id
    gains = PointRow.class_ != "penalty"
    undeserved = find_ids(
        sa.select(PointRow.id).where(
            PointRow.petition_id == petition_id,
            PointRow.voids.is_(None),
            sa.or_(PointRow.reason.in_(FOR_THE_RESULT), sa.and_(PointRow.person_id == organizer_id, gains)),
        )
    )

    def take_back(event_ids: Sequence[str]) -> None:
        cancel(PointRow.id.in_(event_ids))

    commit_batches(undeserved, take_back, BATCH)
    if organizer_id is not None:
        run_tx(lambda: penalize(organizer_id, petition_id))


def penalize(organizer_id: str, petition_id: str) -> None:
    award(
        organizer_id,
        reason="fraud",
        cause=f"fraud:{petition_id}",
        class_="penalty",
        mp=rules.FRAUD_LOSS_MP,
        petition_id=petition_id,
    )
    settle_level(organizer_id)
