"""Patrons, and a clock that is moved from month to month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

import sqlalchemy as sa

from app import clock
from app.actions.payouts import pay_due
from app.clock import SEOUL
from app.db import db, run_tx
from app.outbox import drain
from app.payments.charging import run_charges
from app.payments.models import Charge
from app.petitions.launching import OfferWish
from app.petitions.models import Petition
from app.reactions import REACTIONS
from app.subscribing.changing import lift_limit
from app.subscribing.models import Bill, Due, Subscription
from app.subscribing.passing_on import pass_on_due
from app.subscribing.sweeping import sweep as look_after_months
from tests.world import World

NOVEMBER = datetime(2026, 11, 10, 12, tzinfo=SEOUL)
DECEMBER = 2026 * 12 + 11
FIXED = {"mode": "fixed"}


def day(month: int, number: int, hour: int = 9) -> datetime:
    """A moment in Seoul; months count on from December 2026."""
    year, index = divmod(DECEMBER + month, 12)
    return datetime(year, index + 1, number, hour, tzinfo=SEOUL)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    with clock.standing_at(moment):
        yield


def work_at(world: World, *moments: datetime) -> None:
    """At each of these moments the worker does what concerns months and payouts, and what follows from it."""
    db.session.rollback()
    for moment in moments:
        with at(moment):
            for step in (look_after_months, run_charges, pass_on_due, pay_due):
                step()
                drain(REACTIONS)
    db.session.expire_all()


def subscribed(
    world: World,
    patrons: Sequence[tuple[str, int | None, str]],
    *,
    unit: int | None = None,
    began: datetime = NOVEMBER,
) -> tuple[Petition, dict[str, str]]:
    """An action with these patrons (name, amount or cap in units, card), and their pledges by name."""
    with at(began - timedelta(days=2)):
        terms = FIXED if unit is None else {"mode": "crowdmatched", "unit": unit}
        offer = OfferWish("recurring", "money" if unit is None else "units", 1, terms)
        petition = world.petition(signatures=1, offers=(offer,))
        pledges = {
            name: world.pledge(petition, name, size or 1, card, "recurring")
            if unit is None
            else world.pledge(petition, name, 1, card, "recurring", cap=size or 1, most=(size or 1) * unit)
            for name, size, card in patrons
        }
        world.sign(petition, "minji")
    with at(began):
        world.work()
    for name, size, _card in patrons:
        if size is None:
            run_tx(lambda name=name: lift_limit(pledges[name]))  # type: ignore[misc]
    assert world.action(petition).state == "underway"
    return petition, pledges


def subscription(pledge_id: str) -> Subscription:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Subscription, pledge_id)


def bills(pledge_id: str) -> list[tuple[int, str]]:
    """What was billed to somebody, and what became of it."""
    db.session.rollback()
    db.session.expire_all()
    rows = db.session.scalars(sa.select(Bill).where(Bill.pledge_id == pledge_id).order_by(Bill.month)).all()
    return [(bill.amount, bill.state) for bill in rows]


def months(pledge_id: str) -> dict[int, int | None]:
    """What somebody owes by month, counted from December 2026."""
    db.session.rollback()
    db.session.expire_all()
    rows = db.session.scalars(sa.select(Due).where(Due.pledge_id == pledge_id)).all()
    return {due.month - DECEMBER: due.owed for due in rows}


def charged(world: World, petition: Petition) -> int:
    """What the gateway took for this petition, as the gateway itself says."""
    db.session.rollback()
    return sum(
        charge.amount
        for charge in db.session.scalars(
            sa.select(Charge).where(Charge.owner == petition.id, Charge.state == "done")
        )
    )


def own_bill(pledge_id: str) -> Bill:
    """The last bill of somebody."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(
        sa.select(Bill).where(Bill.pledge_id == pledge_id).order_by(Bill.month.desc()).limit(1)
    ).one()
