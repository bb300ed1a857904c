"""Reading a group order for everybody: the table of prices, where the crowd stands, what it came to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.actions.duties import DELIVERY
from app.actions.models import Duty
from app.db import db
from app.petitions.showing import PetitionView, version_of
from app.pledges.kinds.base import Offer
from app.pledges.kinds.order import dearest, delivery_due, fewest, landed_cost
from app.pledges.kinds.prices import dearest_share, next_tier, price_at, whole_cases
from app.pledges.models import COUNTING, Pledge
from app.web.caching import snapshot

from .models import Shortage

COUNTED_MISSING = (Shortage.units, Shortage.refund, Shortage.given)


@dataclass(frozen=True)
class Tier:
    """One line of the table: from ``least`` to ``most`` units (None: and more), a unit costs ``price``."""

    least: int
    most: int | None
    price: int
    reached: bool


@dataclass(frozen=True)
class Outcome:
    """What it came to: one price, freight and duty as shared, units and people, how far delivery is.

    ``given_back`` went back for missing units, ``owed`` is what the organizer has still to pay for them.
    """

    price: int
    units: int
    people: int
    landed: int
    delivered: int
    missing: int
    given_back: int
    owed: int


@dataclass(frozen=True)
class OrderView:
    """A group order as everybody sees it; prices in minor units of ``offer.currency``.

    ``sure`` units are ordered whatever happens, ``wanted`` at most; ``expected`` is what would be bought now.
    ``price`` is None below the first line of the table, ``better`` the next line: from how many, at what.
    """

    offer: Offer
    tiers: tuple[Tier, ...]
    sure: int
    wanted: int
    expected: int
    price: int | None
    better: tuple[int, int] | None
    dearest: int
    fewest: int
    landed: int
    due: datetime | None
    outcome: Outcome | None
    points: tuple[int, ...]
    version: str

    @property
    def terms(self) -> Mapping[str, Any]:
        return self.offer.terms

    @property
    def lacking(self) -> int:
        """How many units the next better price still lacks."""
        return self.better[0] - self.expected if self.better else 0

    def share(self, units: int) -> int:
        """The most that one unit bears of freight and duty when so many are ordered."""
        return dearest_share(self.landed, units) if units else 0


def order_view(petition: PetitionView) -> OrderView | None:
    """The petition's group order, or None where it has none."""
    threshold = next((each for each in petition.thresholds if each.kind == "order"), None)
    if threshold is None or petition.currency is None:
        return None
    offer = Offer(threshold.target, petition.currency, threshold.terms, petition.deadline)
    return snapshot(
        ("order", petition.id, threshold.tally), lambda: read_order(petition.id, offer, threshold.tally)
    )


def read_order(petition_id: str, offer: Offer, sure: int) -> OrderView:
    table = offer.terms["tiers"]
    wanted = read_wanted(petition_id) if offer.terms.get("case") else sure
    outcome = read_outcome(petition_id)
    expected = outcome.units if outcome else whole_cases(sure, wanted, offer.terms.get("case"))
    ends = [least - 1 for least, _ in table[1:]] + [None]
    points = read_points(petition_id, len(offer.terms.get("pickups", ())))
    return OrderView(
        offer=offer,
        tiers=tuple(
            Tier(least, end, price, expected >= least)
            for (least, price), end in zip(table, ends, strict=True)
        ),
        sure=sure,
        wanted=wanted,
        expected=expected,
        price=outcome.price if outcome else price_at(table, expected),
        better=None if outcome else next_tier(table, expected),
        dearest=dearest(offer),
        fewest=fewest(offer),
        landed=landed_cost(offer.terms),
        due=delivery_due(offer.terms),
        outcome=outcome,
        points=points,
        version=version_of(offer, sure, wanted, outcome, points),
    )


def read_wanted(petition_id: str) -> int:
    """The most that everybody together would take."""
    most = sa.func.coalesce(Pledge.terms["max"].as_integer(), Pledge.amount)
    query = sa.select(sa.func.coalesce(sa.func.sum(most), 0)).where(*counts(petition_id))
    return int(db.session.scalar(query) or 0)


def read_points(petition_id: str, number: int) -> tuple[int, ...]:
    """How many units are picked up at each point, in their order; what was settled counts as settled."""
    point = Pledge.terms["pickup"].as_integer()
    units = sa.func.coalesce(Pledge.terms["got"].as_integer(), Pledge.amount)
    rows = db.session.execute(
        sa.select(point, sa.func.sum(units)).where(*counts(petition_id)).group_by(point)
    ).all()
    found = {int(place): int(total) for place, total in rows if place is not None}
    return tuple(found.get(place, 0) for place in range(1, number + 1))


def counts(petition_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return Pledge.petition_id == petition_id, Pledge.kind == "order", Pledge.state.in_(COUNTING)


def read_outcome(petition_id: str) -> Outcome | None:
    """What was settled, None before that."""
    row = db.session.execute(
        sa.select(
            sa.func.max(Pledge.terms["price"].as_integer()),
            sa.func.sum(Pledge.terms["got"].as_integer()),
            sa.func.count(),
            sa.func.sum(Pledge.terms["landed"].as_integer()),
        ).where(Pledge.petition_id == petition_id, Pledge.kind == "order", Pledge.charge > 0)
    ).one()
    if not row[0]:
        return None
    delivered = db.session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(Duty.amount), 0)).where(
            Duty.petition_id == petition_id,
            Duty.name == DELIVERY,
            sa.or_(Duty.state == "kept", Duty.kept_by_debtor_at.is_not(None)),
        )
    )
    missing = db.session.execute(
        sa.select(*(sa.func.coalesce(sa.func.sum(column), 0) for column in COUNTED_MISSING)).where(
            Shortage.petition_id == petition_id, Shortage.state == "agreed"
        )
    ).one()
    lost, refunds, given = map(int, missing)
    price, units, people, landed = map(int, row)
    return Outcome(price, units, people, landed, int(delivered or 0), lost, given, refunds - given)
