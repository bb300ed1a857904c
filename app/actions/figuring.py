"""Figuring: what the public books say of each action's money, added up anew at every read.

Money that moved comes from the postings alone; what is promised or reserved has not moved yet and comes
from the pledges themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields

import sqlalchemy as sa

from app.db import db
from app.ledger.booking import totals
from app.pledges.models import COUNTING, Pledge


@dataclass(frozen=True)
class Figures:
    """Minor units of one currency, of one petition or of several.

    ``pledged`` is what counts towards thresholds, ``held`` what is reserved on cards now; ``captured``,
    ``paid_out`` and ``refunded`` are turnover since the beginning. ``payouts_due`` and ``refunds_due`` are
    decided and on their way; they are part of ``in_escrow``. ``backers`` counts people, once per petition.
    """

    currency: str
    pledged: int = 0
    held: int = 0
    captured: int = 0
    paid_out: int = 0
    refunded: int = 0
    payouts_due: int = 0
    refunds_due: int = 0
    backers: int = 0

    @property
    def in_escrow(self) -> int:
        """What has been captured and neither paid out nor given back."""
        return self.captured - self.paid_out - self.refunded

    def __add__(self, other: Figures) -> Figures:
        """The sum of two figures.

        Raises:
            ValueError: they are in different currencies.
        """
        if self.currency != other.currency:
            raise ValueError(f"{self.currency} and {other.currency} do not add up")
        sums = {
            field.name: getattr(self, field.name) + getattr(other, field.name)
            for field in fields(self)
            if field.name != "currency"
        }
        return Figures(self.currency, **sums)


def add_up(figures: Iterable[Figures]) -> dict[str, Figures]:
    """The sums by currency, in the order of their codes."""
    sums: dict[str, Figures] = {}
    for each in figures:
        sums[each.currency] = sums.get(each.currency, Figures(each.currency)) + each
    return dict(sorted(sums.items()))


def figures_of(petition_id: str, currency: str) -> Figures:
    """The figures of one action: two queries."""
    return figures_by_petition([petition_id]).get((petition_id, currency), Figures(currency))


def figures_by_petition(petition_ids: Iterable[str] | None = None) -> dict[tuple[str, str], Figures]:
    """Figures by (petition, currency), of these petitions or of all: two queries however many they are."""
    ids = None if petition_ids is None else list(petition_ids)
    promised = read_pledges(ids)
    moved = totals(ids)
    return {
        key: Figures(key[1], **promised.get(key, {}), **turnover(moved.get(key, {})))
        for key in promised.keys() | moved.keys()
    }


def turnover(causes: Mapping[str, int]) -> dict[str, int]:
    """What the causes of the journals say about money that moved or is about to.

    What an organizer paid back for missing units is taken off what was paid out. A month of a subscription
    is collected like a pledge, and what of it goes back into purses is refunded.
    """

    def moved(cause: str) -> int:
        return causes.get(cause, 0)

    return {
        "captured": moved("capture") + moved("month"),
        "paid_out": moved("payout") - moved("missing"),
        "refunded": moved("refund") + moved("month_back"),
        "payouts_due": moved("payout_due") - moved("payout_called_off") - moved("payout"),
        "refunds_due": moved("refund_due") - moved("refund"),
    }


def read_pledges(petition_ids: list[str] | None) -> dict[tuple[str, str], dict[str, int]]:
    query = (
        sa.select(
            Pledge.petition_id,
            Pledge.currency,
            sa.func.sum(Pledge.cost - Pledge.tip).label("pledged"),
            sa.func.sum(sa.case((Pledge.state == "held", Pledge.cost), else_=0)).label("held"),
            sa.func.count(sa.distinct(Pledge.person_id)).label("backers"),
        )
        .where(
            Pledge.currency.is_not(None),
            sa.or_(Pledge.state.in_(COUNTING), Pledge.frozen_at.is_not(None)),
        )
        .group_by(Pledge.petition_id, Pledge.currency)
    )
    if petition_ids is not None:
        query = query.where(Pledge.petition_id.in_(petition_ids))
    return {
        (row.petition_id, row.currency): {
            "pledged": int(row.pledged),
            "held": int(row.held),
            "backers": row.backers,
        }
        for row in db.session.execute(query)
    }
