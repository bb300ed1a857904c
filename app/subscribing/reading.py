"""Reading a petition's subscriptions: for everybody, and for the organizer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from app import clock
from app.actions.models import Payout
from app.db import db
from app.petitions.counting import day_in_seoul
from app.petitions.showing import version_of
from app.pledges.kinds.months import month_of, read, starts_at, written
from app.pledges.models import Pledge
from app.web.caching import snapshot

from .models import OPEN, Bill, Due, Round, Subscription
from .standing import offer_to_subscribe, patrons_of, sum_of, unit_of, value_of


@dataclass(frozen=True)
class MonthRow:
    """One month: what came in and by how many, what waits or is carried on, what the organizer got.

    Amounts in minor units. ``payout`` is the state of the month's payout, None before there is one.
    """

    month: int
    value: int
    payers: int
    came_in: int
    open: int
    carried: int
    payout: str | None
    paid_out: int


@dataclass(frozen=True)
class Overview:
    """The subscriptions of a petition. ``unit`` is None where everybody pays an amount of their own.

    ``value`` is what each would pay today in minor units, ``income`` what all would pay together; ``months``
    have the latest last. ``stuck`` are subscriptions something went wrong with.
    """

    currency: str
    unit: int | None
    patrons: int
    payers: int
    paused: int
    ended: int
    stuck: int
    value: int
    income: int
    came_in: int
    months: tuple[MonthRow, ...]
    version: str

    @property
    def running(self) -> bool:
        """Whether anybody's subscription still runs or rests."""
        return bool(self.patrons + self.paused)


def overview(petition_id: str) -> Overview:
    """How a petition's subscriptions stand, kept for a moment."""
    return snapshot(("subscriptions", petition_id), lambda: read_overview(petition_id))


def read_overview(petition_id: str) -> Overview:
    offer = offer_to_subscribe(petition_id)
    unit, patrons = unit_of(offer), patrons_of(petition_id)
    value = value_of(patrons, unit)
    sums = [sum_of(patron, value, unit) for patron in patrons]
    paused, ended, stuck = db.session.execute(
        sa.select(
            sa.func.count(sa.case((sa.and_(resting(), Subscription.ended_at.is_(None)), 1))),
            sa.func.count(Subscription.ended_at),
            sa.func.count(sa.case((Subscription.ended_at.is_(None), Subscription.stuck_at))),
        ).where(Subscription.petition_id == petition_id)
    ).one()
    months = read_months(petition_id)
    facts = (
        len(patrons),
        sum(1 for owed in sums if owed),
        int(paused),
        int(ended),
        int(stuck),
        value * (unit or 0),
        sum(sums),
        sum(row.came_in for row in months),
    )
    return Overview(offer.currency, unit, *facts, months, version_of(facts, months))


def resting() -> sa.ColumnElement[bool]:
    return Subscription.paused_at.is_not(None)


def read_months(petition_id: str) -> tuple[MonthRow, ...]:
    """Every month that was told or in which money came in, the earliest first."""
    values: dict[int, int] = {
        month: int(value or 0)
        for month, value in db.session.execute(
            sa.select(Round.month, Round.value).where(
                Round.petition_id == petition_id, Round.month <= month_of(clock.now())
            )
        )
    }
    paid, waiting = read_paid(petition_id), read_waiting(petition_id)
    carried = {
        month: int(total or 0)
        for month, total in db.session.execute(
            sa.select(Due.month, sa.func.sum(Due.owed))
            .where(
                Due.petition_id == petition_id,
                Due.owed > 0,
                Due.bill_id.is_(None),
                Due.waived_at.is_(None),
            )
            .group_by(Due.month)
        )
    }
    payouts = {
        cause: (state, amount)
        for cause, state, amount in db.session.execute(
            sa.select(Payout.cause, Payout.state, Payout.amount).where(
                Payout.petition_id == petition_id, Payout.cause.startswith("month-")
            )
        )
    }
    rows = []
    for month in sorted(values.keys() | paid.keys()):
        payers, came_in = paid.get(month, (0, 0))
        state, out = payouts.get(f"month-{petition_id}-{written(month)}", (None, 0))
        rows.append(
            MonthRow(
                month=month,
                value=values.get(month, 0),
                payers=payers,
                came_in=came_in,
                open=waiting.get(month, 0),
                carried=carried.get(month, 0),
                payout=state,
                paid_out=int(out),
            )
        )
    return tuple(rows)


def read_paid(petition_id: str) -> dict[int, tuple[int, int]]:
    """How many bills were paid in a month of Seoul, and what they came to in minor units."""
    month = sa.func.substr(day_in_seoul(Bill.paid_at), 1, 7).label("month")
    rows = db.session.execute(
        sa.select(month, sa.func.count(), sa.func.sum(Bill.amount))
        .where(
            Bill.petition_id == petition_id,
            Bill.state == "paid",
            Bill.paid_at.is_not(None),
            Bill.given_back_at.is_(None),
        )
        .group_by(month)
    )
    return {read(text): (int(number), int(total)) for text, number, total in rows}


def read_waiting(petition_id: str) -> dict[int, int]:
    """What is still tried, in minor units, by the month it was billed for."""
    rows = db.session.execute(
        sa.select(Bill.month, sa.func.sum(Bill.amount))
        .where(Bill.petition_id == petition_id, Bill.state.in_(OPEN))
        .group_by(Bill.month)
    )
    return {month: int(total) for month, total in rows}


@dataclass(frozen=True)
class PatronRow:
    """One patron on the organizer's desk; amounts in minor units. ``state`` is a word for a badge."""

    name: str
    hide_name: bool
    promised: int | None
    state: str
    months_paid: int
    paid: int
    began: str


def patrons_page(petition_id: str, page: int, size: int) -> tuple[Sequence[PatronRow], bool]:
    """One page of patrons in the order they began, and whether there are more. Pages count from 1."""
    unit = unit_of(offer_to_subscribe(petition_id))
    paid = (
        sa.select(Bill.pledge_id, sa.func.count().label("number"), sa.func.sum(Bill.amount).label("total"))
        .where(Bill.petition_id == petition_id, Bill.state == "paid", Bill.given_back_at.is_(None))
        .group_by(Bill.pledge_id)
        .subquery()
    )
    failing = sa.exists().where(Bill.pledge_id == Subscription.id, Bill.state.in_(OPEN), Bill.failures > 0)
    rows = db.session.execute(
        sa.select(Subscription, Pledge.name, Pledge.hide_name, paid.c.number, paid.c.total, failing)
        .join(Pledge, Pledge.id == Subscription.id)
        .outerjoin(paid, paid.c.pledge_id == Subscription.id)
        .where(Subscription.petition_id == petition_id)
        .order_by(Subscription.began_at, Subscription.id)
        .offset((page - 1) * size)
        .limit(size + 1)
    ).all()
    found = [
        PatronRow(
            name=name,
            hide_name=hide_name,
            promised=promised_by(patron, unit),
            state=state_of(patron, failing=bool(fails)),
            months_paid=int(number or 0),
            paid=int(total or 0),
            began=written(month_of(starts_at(patron.first_month))),
        )
        for patron, name, hide_name, number, total, fails in rows
    ]
    return found[:size], len(found) > size


def promised_by(patron: Subscription, unit: int | None) -> int | None:
    """The own amount or limit in minor units; None without a limit."""
    if unit is None:
        return patron.amount
    return None if patron.cap is None else patron.cap * unit


def state_of(patron: Subscription, *, failing: bool = False) -> str:
    """The word that the badge of a subscription knows."""
    if patron.ended_at is not None:
        return "ended"
    if patron.paused_at is not None:
        return "paused"
    return "failing" if failing else "active"
