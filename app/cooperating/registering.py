"""The register of members: who holds how many units, read from the pledges that were collected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.actions.models import Action
from app.db import db
from app.petitions.models import Petition
from app.pledges.kinds.cooperative import Rules, rules_of
from app.pledges.models import Pledge
from app.pledges.wording import offer_of

from .models import Leaving

KIND = "share"
PAID = ("captured", "part_refunded")
WORKING = ("underway", "delivered")


@dataclass(frozen=True)
class Member:
    """A line of the register. ``number`` never changes; ``name`` is empty once the person was erased.

    ``paid_in`` in minor units; ``leaves_at`` is when a member who asked to leave is to be paid back.
    """

    number: int
    person_id: str
    name: str
    hidden: bool
    joined_at: datetime
    units: int
    paid_in: int
    leaves_at: datetime | None = None


@dataclass(frozen=True)
class Cooperative:
    """A co-operative that has begun: its rules and its members in the order they joined."""

    petition: Petition
    action: Action
    currency: str
    rules: Rules
    members: tuple[Member, ...]

    @property
    def units(self) -> int:
        return sum(member.units for member in self.members)

    @property
    def equity(self) -> int:
        """The paid-in capital, in minor units."""
        return sum(member.paid_in for member in self.members)

    @property
    def staying(self) -> list[Member]:
        """Those who have not asked to leave."""
        return [member for member in self.members if member.leaves_at is None]

    @property
    def voters(self) -> list[str]:
        """Who has a vote: every member (person id) except those who erased themselves."""
        return [member.person_id for member in self.members if member.name]

    @property
    def works(self) -> bool:
        """Whether it is neither being founded nor wound up."""
        return self.action.state in WORKING

    def member(self, person_id: str) -> Member | None:
        return next((member for member in self.members if member.person_id == person_id), None)


def cooperative_of(petition: Petition) -> Cooperative | None:
    """The co-operative that a petition became; None before, and where it is none."""
    action = db.session.scalar(sa.select(Action).where(Action.petition_id == petition.id))
    if action is None or action.kind != KIND or action.underway_at is None:
        return None
    offer = offer_of(petition, KIND)
    return Cooperative(
        petition, action, offer.currency, rules_of(offer.terms), tuple(read_register(petition.id))
    )


def read_register(petition_id: str) -> list[Member]:
    """The members, one line a person, whoever has left omitted; numbers count everybody who ever joined."""
    pledges = db.session.scalars(
        sa.select(Pledge)
        .where(Pledge.petition_id == petition_id, Pledge.kind == KIND, Pledge.state.in_(PAID))
        .order_by(Pledge.ready_at, Pledge.id)
    ).all()
    leaving = {
        each.person_id: each
        for each in db.session.scalars(
            sa.select(Leaving).where(Leaving.petition_id == petition_id, Leaving.taken_back_at.is_(None))
        )
    }
    own: dict[str, list[Pledge]] = {}
    for pledge in pledges:
        own.setdefault(pledge.person_id or pledge.id, []).append(pledge)
    return [
        line(number, person_id, held, leaving.get(person_id))
        for number, (person_id, held) in enumerate(own.items(), start=1)
        if person_id not in leaving or leaving[person_id].paid_at is None
    ]


def line(number: int, person_id: str, pledges: Sequence[Pledge], leaving: Leaving | None) -> Member:
    """One member's line from all their pledges."""
    first = pledges[0]
    return Member(
        number=number,
        person_id=person_id,
        name=first.name,
        hidden=any(pledge.hide_name for pledge in pledges),
        joined_at=first.captured_at or first.created_at,
        units=sum(units_of(pledge) for pledge in pledges),
        paid_in=sum(pledge.captured - pledge.refunded for pledge in pledges),
        leaves_at=leaving.due_at if leaving else None,
    )


def units_of(pledge: Pledge) -> int:
    """How many units a collected pledge got."""
    return int(pledge.terms.get("got", pledge.amount))
