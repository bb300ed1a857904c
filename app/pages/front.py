"""What the front page shows: eight queries, kept for a moment."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa

from app import clock
from app.actions.models import Action
from app.db import db
from app.people.models import Person
from app.petitions.browsing import ListedPetition, Search, nearness, ordered, read_rows, with_thresholds
from app.petitions.models import PUBLIC_STATES, Petition, Threshold
from app.petitions.showing import version_of
from app.web.caching import snapshot

FEW = 3
NEW = 6
NEAR = 500
"""Per mille of its furthest threshold from which a petition is nearly there."""


@dataclass(frozen=True)
class Totals:
    """Live totals; ``pledged`` is (currency, minor units), the largest sum of all currencies first."""

    people: int
    pledged: tuple[tuple[str, int], ...]
    actions: int


@dataclass(frozen=True)
class Front:
    """The front page: one petition large, then those near, new, and turned into actions."""

    featured: ListedPetition | None
    near: tuple[ListedPetition, ...]
    new: tuple[ListedPetition, ...]
    fired: tuple[ListedPetition, ...]
    totals: Totals
    version: str


def front() -> Front:
    return snapshot(("front",), read_front)


def read_front() -> Front:
    running = (Petition.state == "open") & Petition.fired_at.is_(None) & (Petition.deadline >= clock.now())
    gathering = running & Petition.tipped_at.is_(None) & (nearness() >= NEAR)
    fired = Petition.state.in_(PUBLIC_STATES) & Petition.id.in_(
        sa.select(Action.petition_id).where(carried())
    )
    near = read_rows(gathering, ordered(Search(sort="near")), limit=FEW + 1)
    new = read_rows(running, ordered(Search(sort="new")), limit=NEW + FEW + 1)
    featured = read_rows(running, ordered(Search()), limit=1)
    became = read_rows(fired, (Petition.fired_at.desc(), Petition.id.desc()), limit=FEW)
    rows = list({row.id: row for row in (*featured, *near, *new, *became)}.values())
    shown = {row.id: row for row in with_thresholds(rows)}
    near = [row for row in near if row.id != featured[0].id][:FEW]
    above = {row.id for row in (*featured, *near)}
    content = (
        shown[featured[0].id] if featured else None,
        tuple(shown[row.id] for row in near),
        tuple(shown[row.id] for row in new if row.id not in above)[:NEW],
        tuple(shown[row.id] for row in became),
        read_totals(),
    )
    return Front(*content, version=version_of(content))


def carried() -> sa.ColumnElement[bool]:
    """Actions whose pledges were not all let go, and that nobody stopped."""
    return Action.state.not_in(("released", "stopped"))


def read_totals() -> Totals:
    people, actions = db.session.execute(
        sa.select(
            sa.select(sa.func.count())
            .select_from(Person)
            .where(Person.erased_at.is_(None))
            .scalar_subquery(),
            sa.select(sa.func.count()).select_from(Action).where(carried()).scalar_subquery(),
        )
    ).one()
    pledged = db.session.execute(
        sa.select(Threshold.currency, sa.func.sum(Threshold.tally).label("pledged"))
        .join(Petition, Petition.id == Threshold.petition_id)
        .where(Threshold.measure == "money", Threshold.tally > 0, Petition.state.in_(PUBLIC_STATES))
        .group_by(Threshold.currency)
        .order_by(sa.desc("pledged"))
    )
    return Totals(people, tuple((row.currency, int(row.pledged)) for row in pledged), actions)
