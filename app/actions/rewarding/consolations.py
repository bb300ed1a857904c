"""Points for early backers of a campaign that failed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import sqlalchemy as sa

from app import clock
from app.db import db
from app.outbox.sweeping import commit_batches
from app.petitions.models import Petition
from app.pledges.models import Pledge
from app.points import rules
from app.points.awarding import award
from app.points.models import PointRow
from app.points.standing import day_of

from .efforts import BATCH


def console_early_backers(petition_id: str) -> None:
    """A campaign failed: half a point for pledging in its first quarter, at most thrice a quarter year."""

    def write(batch: Sequence[str]) -> None:
        petition = db.session.get_one(Petition, petition_id)
        for pledge in db.session.scalars(sa.select(Pledge).where(Pledge.id.in_(batch))).all():
            if pledge.person_id and count_consolations(pledge.person_id) < rules.CONSOLATIONS_A_QUARTER:
                award(
                    pledge.person_id,
                    reason="consolation",
                    cause=f"consolation:{petition_id}",
                    class_="support",
                    mp=rules.CONSOLATION_MP,
                    counterparty_id=petition.organizer_id,
                    petition_id=petition_id,
                )

    commit_batches(early_pledges(petition_id), write, BATCH)


def early_pledges(petition_id: str) -> list[str]:
    petition = db.session.get_one(Petition, petition_id)
    if petition.opened_at is None or petition.deadline is None:
        return []
    early = petition.opened_at + (petition.deadline - petition.opened_at) / 4
    found = list(
        db.session.scalars(
            sa.select(Pledge.id).where(
                Pledge.petition_id == petition_id,
                Pledge.ready_at <= early,
                Pledge.state.in_(("ready", "released", "held")),
            )
        )
    )
    db.session.rollback()
    return found


def count_consolations(person_id: str) -> int:
    today = clock.now().astimezone(clock.SEOUL).replace(hour=0, minute=0, second=0, microsecond=0)
    quarter_start = today - timedelta(days=day_of(today) % rules.QUARTER_DAYS)
    return (
        db.session.scalar(
            sa.select(sa.func.count()).where(
                PointRow.person_id == person_id,
                PointRow.reason == "consolation",
                PointRow.at >= quarter_start,
            )
        )
        or 0
    )
