"""What a pledge is worth in points, and who gave."""

from __future__ import annotations

import sqlalchemy as sa

from app import money
from app.actions.models import Action
from app.db import Id, Moment, db, run_tx
from app.outbox.sweeping import find_ids
from app.petitions.models import Petition
from app.pledges.kinds.base import Promise
from app.pledges.models import Pledge
from app.pledges.pledging import kind_of
from app.pledges.wording import offer_of
from app.points import rules
from app.points.standing import settle_level

BATCH = 200
WON_PER_MAJOR = {"KRW": 1, "JPY": 9, "USD": 1350, "EUR": 1500, "GBP": 1750}
"""What a pledge counts in won for points alone; fixed, so that scores never depend on a market."""
GIVEN = ("captured", "part_refunded", "kept")


def in_won(minor: int, currency: str | None) -> int:
    """An amount as points count it."""
    if currency is None:
        return 0
    return int(money.to_major(minor, currency) * WON_PER_MAJOR[currency])


def net_won(pledge: Pledge) -> int:
    """What was given, in won: money that was taken and not paid back, or work as its hours count."""
    if pledge.state == "kept":
        return work_won(pledge, int(pledge.terms.get("done", 0)))
    return in_won(pledge.captured - pledge.refunded, pledge.currency)


def work_won(pledge: Pledge, amount: int) -> int:
    """``amount`` of a promise of work, in the pledge's measure, in won."""
    petition = db.session.get_one(Petition, pledge.petition_id)
    promise = Promise(amount, None, pledge.terms)
    return rules.hours_as_won(kind_of(pledge).minutes(promise, offer_of(petition, pledge.kind)))


def effort_of(pledge: Pledge) -> int:
    """What this pledge adds to its giver's effort in this action, in mp: pledges add up before the root.

    They add up in the order in which they were taken, for points are given in that order, once.
    """
    taken = sa.tuple_(Pledge.captured_at, Pledge.id)
    before = db.session.scalars(
        sa.select(Pledge).where(
            Pledge.petition_id == pledge.petition_id,
            Pledge.person_id == pledge.person_id,
            Pledge.state.in_(GIVEN),
            taken < sa.tuple_(sa.literal(pledge.captured_at, Moment), sa.literal(pledge.id, Id)),
        )
    )
    return rules.effort_increment(sum(net_won(other) for other in before), net_won(pledge))


def is_funded(petition_id: str) -> bool:
    state = db.session.scalar(sa.select(Action.state).where(Action.petition_id == petition_id))
    return state in {"underway", "delivered"}


def given_pledges(petition_id: str) -> list[str]:
    return find_ids(
        sa.select(Pledge.id)
        .where(Pledge.petition_id == petition_id, Pledge.state.in_(GIVEN), Pledge.person_id.is_not(None))
        .order_by(Pledge.id)
    )


def settle_organizer(petition_id: str) -> None:
    def write() -> None:
        organizer_id = db.session.get_one(Petition, petition_id).organizer_id
        if organizer_id is not None:
            settle_level(organizer_id)

    run_tx(write)
