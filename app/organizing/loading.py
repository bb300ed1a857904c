"""Loading what a desk shows, and only for the organizer whose desk it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from flask import abort
from flask_login import current_user

from app.actions.models import Action, Milestone, Payout
from app.actions.planning import is_late
from app.db import db
from app.payments.models import Payee
from app.petitions.models import Petition


def own_petition(slug: str) -> Petition:
    """The signed-in person's petition of that slug; for everybody else there is no such page (404)."""
    petition = db.session.scalar(
        sa.select(Petition).where(Petition.slug == slug, Petition.organizer_id == current_user.id)
    )
    if petition is None:
        abort(404)
    return petition


def own_petitions() -> list[Petition]:
    """All petitions of the signed-in person, the newest first."""
    return list(
        db.session.scalars(
            sa.select(Petition)
            .where(Petition.organizer_id == current_user.id)
            .order_by(Petition.created_at.desc(), Petition.id.desc())
        )
    )


@dataclass(frozen=True)
class Progress:
    """A petition with what became of it: its action, plan, payouts, and whether money has a way out."""

    petition: Petition
    action: Action | None
    milestones: list[Milestone]
    payouts: list[Payout]
    has_payee: bool

    @property
    def state(self) -> str:
        """The one word for a badge: the action's state where there is one."""
        if self.action is not None:
            return self.action.state
        if self.petition.state == "open" and self.petition.tipped_at is not None:
            return "tipped"
        return self.petition.state

    def is_late(self, milestone: Milestone) -> bool:
        """Whether this step's promised day is over and nothing was shown."""
        return is_late(milestone.state, milestone.due_on, self.action.state if self.action else None)


def progress_of(petitions: Iterable[Petition]) -> list[Progress]:
    """Four queries, however many petitions there are; all belong to one organizer."""
    petitions = list(petitions)
    keys = [petition.id for petition in petitions]
    if not keys:
        return []
    actions = {
        action.petition_id: action
        for action in db.session.scalars(sa.select(Action).where(Action.petition_id.in_(keys)))
    }
    milestones: dict[str, list[Milestone]] = {key: [] for key in keys}
    for milestone in db.session.scalars(
        sa.select(Milestone).where(Milestone.petition_id.in_(keys)).order_by(Milestone.position)
    ):
        milestones[milestone.petition_id].append(milestone)
    payouts: dict[str, list[Payout]] = {key: [] for key in keys}
    for payout in db.session.scalars(
        sa.select(Payout).where(Payout.petition_id.in_(keys)).order_by(Payout.proposed_at)
    ):
        payouts[payout.petition_id].append(payout)
    has_payee = db.session.get(Payee, petitions[0].organizer_id) is not None
    return [
        Progress(petition, actions.get(petition.id), milestones[petition.id], payouts[petition.id], has_payee)
        for petition in petitions
    ]
