"""What a moderator watches: who waits, and which networks and domains send most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.actions.models import Action, Milestone, Payout
from app.db import db, on_postgres
from app.mail.models import Letter
from app.outbox.announcing import Announcement
from app.petitions.models import Petition, Signature
from app.petitions.searching import containing

MOST_SHOWN = 8


@dataclass(frozen=True)
class Sender:
    """A network (as a keyed hash) or a mail domain, and how many signatures came from it."""

    name: str
    signatures: int


def waiting_petitions() -> list[Petition]:
    """Petitions in moderation, the longest waiting first."""
    return list(
        db.session.scalars(
            sa.select(Petition)
            .where(Petition.state == "moderation")
            .order_by(Petition.submitted_at, Petition.id)
        )
    )


def hidden_petitions() -> list[Petition]:
    return list(
        db.session.scalars(
            sa.select(Petition).where(Petition.state == "hidden").order_by(Petition.opened_at, Petition.id)
        )
    )


def found_petitions(query: str) -> list[Petition]:
    """Up to 20 petitions in any state that contain ``query``, the newest first."""
    condition = containing(query)
    if condition is None:
        return []
    return list(
        db.session.scalars(
            sa.select(Petition).where(condition).order_by(Petition.created_at.desc(), Petition.id).limit(20)
        )
    )


def proposed_payouts() -> list[tuple[Payout, Milestone | None, Petition]]:
    """Payouts nobody has approved yet, the oldest first; no step where all goes out at once."""
    rows = db.session.execute(
        sa.select(Payout, Milestone, Petition)
        .outerjoin(Milestone, Milestone.id == Payout.milestone_id)
        .join(Petition, Petition.id == Payout.petition_id)
        .where(Payout.state == "proposed")
        .order_by(Payout.proposed_at, Payout.id)
    )
    return [(payout, milestone, petition) for payout, milestone, petition in rows]


@dataclass(frozen=True)
class Loose:
    """What fell through: orphaned actions, letters and work that were given up."""

    orphans: int
    letters: int
    work: int


def loose_ends() -> Loose:
    def count(column: sa.ColumnElement[bool]) -> int:
        return db.session.scalar(sa.select(sa.func.count()).where(column)) or 0

    return Loose(
        orphans=count(Action.state == "orphaned"),
        letters=count(Letter.given_up_at.is_not(None)),
        work=count(Announcement.given_up_at.is_not(None)),
    )


def busiest_networks(petition_id: str) -> list[Sender]:
    """The networks with more than one signature, the busiest first."""
    return busiest(petition_id, Signature.network)


def busiest_domains(petition_id: str) -> list[Sender]:
    """The mail domains with more than one signature, the busiest first."""
    address = sa.func.lower(Signature.email)
    if on_postgres():
        return busiest(petition_id, sa.func.split_part(address, "@", 2))
    return busiest(petition_id, sa.func.substr(address, sa.func.instr(address, "@") + 1))


def busiest(petition_id: str, source: Any) -> list[Sender]:
    name, signatures = source.label("name"), sa.func.count().label("signatures")
    rows = db.session.execute(
        sa.select(name, signatures)
        .where(Signature.petition_id == petition_id, Signature.email.is_not(None), source.is_not(None))
        .group_by(name)
        .having(signatures > 1)
        .order_by(signatures.desc(), name)
        .limit(MOST_SHOWN)
    )
    return [Sender(found, count) for found, count in rows]
