"""How subscriptions stand: who takes part, what they are worth, what each owes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import sqlalchemy as sa
from flask import current_app

from app.db import db, lock
from app.petitions.models import Petition, Threshold
from app.pledges.kinds.base import Offer
from app.pledges.kinds.recurring import CROWDMATCHED, crowd_value, units_owed
from app.pledges.wording import offer_of

from .models import OPEN, Bill, Due, Round, Subscription


def lock_subscription(pledge_id: str) -> Subscription:
    """The subscription, afresh and kept from others; whatever moves its money takes it first.

    Raises:
        LookupError: there is none.
    """
    return lock(Subscription, pledge_id)


def offer_to_subscribe(petition_id: str) -> Offer:
    """What a petition offers its patrons.

    Raises:
        LookupError: it takes no subscriptions.
    """
    return offer_of(db.session.get_one(Petition, petition_id), "recurring")


def is_closed(petition_id: str) -> bool:
    """Whether the organizer collects no more."""
    closed = sa.exists().where(
        Threshold.petition_id == petition_id,
        Threshold.kind == "recurring",
        Threshold.closed_at.is_not(None),
    )
    return bool(db.session.scalar(sa.select(closed)))


def last_told(petition_id: str) -> int:
    """The last month whose sums were told; 0 before the first."""
    query = sa.select(sa.func.max(Round.month)).where(Round.petition_id == petition_id)
    return db.session.scalar(query) or 0


def unit_of(offer: Offer) -> int | None:
    """What each pays for each person who takes part, in minor units; None where amounts are people's own."""
    return int(offer.terms["unit"]) if offer.terms.get("mode") == CROWDMATCHED else None


def value_of(patrons: Iterable[Subscription], unit: int | None) -> int:
    """The units that each of these patrons owes; 0 where everybody pays an amount of their own."""
    return 0 if unit is None else crowd_value(patron.cap for patron in patrons)


def sum_of(patron: Subscription, value: int, unit: int | None) -> int:
    """What a patron owes for a month of this value, in minor units."""
    if unit is None:
        return patron.amount or 0
    return units_owed(patron.cap, value) * unit


def patrons_of(petition_id: str, *, month: int | None = None) -> list[Subscription]:
    """Those who take part now, or for ``month``: neither paused nor ended."""
    query = sa.select(Subscription).where(
        Subscription.petition_id == petition_id,
        Subscription.ended_at.is_(None),
        Subscription.paused_at.is_(None),
    )
    if month is not None:
        query = query.where(Subscription.first_month <= month)
    return list(db.session.scalars(query.order_by(Subscription.id)))


def open_bill(pledge_id: str) -> Bill | None:
    """The bill that is being charged, or waits to be tried again; there is one at most."""
    return db.session.scalar(sa.select(Bill).where(Bill.pledge_id == pledge_id, Bill.state.in_(OPEN)))


def carried(pledge_id: str) -> list[Due]:
    """Months that are owed and in no bill yet, the earliest first."""
    return list(
        db.session.scalars(
            sa.select(Due)
            .where(Due.pledge_id == pledge_id, Due.owed > 0, Due.bill_id.is_(None), Due.waived_at.is_(None))
            .order_by(Due.month)
        )
    )


def fee_of_a_charge(currency: str) -> int:
    """What one charge costs us, in minor units, as the operator set it."""
    fees: dict[str, int] = current_app.config["DURE"].charge_fee
    return fees.get(currency, 0)


def owing(months: Iterable[Due]) -> int:
    """What these months come to."""
    return sum(due.owed or 0 for due in months)


def waive(pledge_id: str, at: datetime) -> None:
    """What is owed and in no bill is not asked for any more; a month that was only told comes to nothing."""
    db.session.execute(
        sa.update(Due).where(Due.pledge_id == pledge_id, Due.owed.is_(None)).values(owed=0, waived_at=at)
    )
    db.session.execute(
        sa.update(Due)
        .where(Due.pledge_id == pledge_id, Due.owed > 0, Due.bill_id.is_(None), Due.waived_at.is_(None))
        .values(waived_at=at)
    )
