"""Listing actions for everybody: those whose petition can be read, the latest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.db import db
from app.petitions.models import PUBLIC_STATES, Petition
from app.petitions.showing import version_of
from app.web.caching import snapshot

from .figuring import Figures, figures_by_petition
from .models import Action


@dataclass(frozen=True)
class ListedAction:
    """What a list says of an action; ``goal`` is in the measure of ``kind``."""

    slug: str
    title: str
    state: str
    kind: str | None
    goal: int
    currency: str
    started_at: datetime
    figures: Figures


@dataclass(frozen=True)
class FoundActions:
    """One part of the list, and how many there are in all; ``version`` names both."""

    items: tuple[ListedAction, ...]
    total: int
    version: str


def list_actions(state: str, *, limit: int, offset: int) -> FoundActions:
    """Actions in this state (``all``: in any), kept for a moment: four queries however many they are."""
    return snapshot(("actions", state, limit, offset), lambda: read_actions(state, limit, offset))


def read_actions(state: str, limit: int, offset: int) -> FoundActions:
    in_state = sa.true() if state == "all" else Action.state == state
    wanted = Petition.state.in_(PUBLIC_STATES) & in_state
    listed = sa.select(Action.petition_id).join(Petition, Petition.id == Action.petition_id).where(wanted)
    total = db.session.scalar(sa.select(sa.func.count()).select_from(listed.subquery())) or 0
    rows = db.session.execute(
        sa.select(
            Action.petition_id,
            Petition.slug,
            Petition.title,
            Action.state,
            Action.kind,
            Action.goal,
            Action.currency,
            Action.started_at,
        )
        .join(Petition, Petition.id == Action.petition_id)
        .where(wanted)
        .order_by(Action.started_at.desc(), Action.id.desc())
        .limit(limit)
        .offset(offset)
    ).all()
    figures = figures_by_petition([row.petition_id for row in rows]) if rows else {}
    items = tuple(
        ListedAction(
            slug=row.slug,
            title=row.title,
            state=row.state,
            kind=row.kind,
            goal=row.goal,
            currency=row.currency,
            started_at=row.started_at,
            figures=figures.get((row.petition_id, row.currency), Figures(row.currency)),
        )
        for row in rows
    )
    return FoundActions(items, total, version_of(items, total))
