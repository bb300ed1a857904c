"""Points for accepted and rejected steps, for both sides."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from app.actions.models import Milestone
from app.db import db, run_tx
from app.outbox.sweeping import commit_batches
from app.petitions.models import Petition
from app.pledges.models import Pledge
from app.pledges.pledging import kind_of
from app.points import rules
from app.points.awarding import award
from app.points.standing import settle_level

from .efforts import BATCH, effort_of, given_pledges, settle_organizer


def reward_milestone(milestone_id: str) -> None:
    """The accepted step's share of the other half to each backer, and of the whole to the organizer."""
    milestone = db.session.get_one(Milestone, milestone_id)
    petition_id = milestone.petition_id
    plan = db.session.scalars(
        sa.select(Milestone).where(Milestone.petition_id == petition_id).order_by(Milestone.position)
    ).all()
    shares = [step.share for step in plan]
    index = [step.id for step in plan].index(milestone_id)
    at = milestone.decided_at

    def write(batch: Sequence[str]) -> None:
        reward_step(batch, milestone_id, shares, index, at)

    commit_batches(given_pledges(petition_id), write, BATCH)
    settle_organizer(petition_id)


def reward_step(
    pledge_ids: Sequence[str], milestone_id: str, shares: Sequence[int], index: int, at: datetime | None
) -> None:
    for pledge in db.session.scalars(sa.select(Pledge).where(Pledge.id.in_(pledge_ids))).all():
        organizer_id = db.session.get_one(Petition, pledge.petition_id).organizer_id
        effort, kind = effort_of(pledge), kind_of(pledge)
        if pledge.person_id is None or (kind.collects and kind.release != "milestones"):
            continue
        cause = f"milestone:{milestone_id}:{pledge.id}"
        award(
            pledge.person_id,
            reason="milestone_supported",
            cause=cause,
            class_="support",
            mp=rules.supporter_delivery_mp(effort, shares)[index],
            counterparty_id=organizer_id,
            petition_id=pledge.petition_id,
            at=at,
        )
        if organizer_id is not None:
            award(
                organizer_id,
                reason="milestone_organized",
                cause=f"{cause}:organizer",
                class_="organise",
                mp=rules.organizer_delivery_mp(effort, shares)[index],
                counterparty_id=pledge.person_id,
                petition_id=pledge.petition_id,
                at=at,
            )


def reward_steps_before(pledge: Pledge) -> None:
    """The steps that were accepted before a pledge could be taken count for it as well.

    Call inside a transaction.
    """
    plan = db.session.scalars(
        sa.select(Milestone).where(Milestone.petition_id == pledge.petition_id).order_by(Milestone.position)
    ).all()
    shares = [step.share for step in plan]
    accepted = [(index, step) for index, step in enumerate(plan) if step.state == "accepted"]
    for index, step in accepted:
        reward_step([pledge.id], step.id, shares, index, pledge.captured_at)
    organizer_id = db.session.get_one(Petition, pledge.petition_id).organizer_id
    if accepted and organizer_id is not None:
        settle_level(organizer_id)


def penalize_missed(milestone_id: str) -> None:
    """A rejected step costs the organizer."""

    def write() -> None:
        milestone = db.session.get_one(Milestone, milestone_id)
        petition = db.session.get_one(Petition, milestone.petition_id)
        if petition.organizer_id is not None:
            award(
                petition.organizer_id,
                reason="milestone_missed",
                cause=f"missed:{milestone_id}",
                class_="penalty",
                mp=rules.MISSED_MILESTONE_LOSS_MP,
                petition_id=petition.id,
            )
            settle_level(petition.organizer_id)

    run_tx(write)
