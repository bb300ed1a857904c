"""Thanking: an organizer marks what was sent, or simply says thanks; each gift is thanked for once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa

from app import clock
from app.actions.duties import break_off, keep, waive
from app.actions.models import Action, Duty
from app.db import db, insert_unless_there, lock
from app.outbox import announce
from app.outbox.sweeping import commit_each, find_ids
from app.petitions.models import Petition
from app.pledges.models import Pledge
from app.points.awarding import award
from app.points.models import PointRow
from app.points.rules import THANKS_A_WEEK, THANKS_GIVEN_MP, THANKS_RECEIVED_MP
from app.points.standing import settle_level

from .models import Thanks

THANKABLE = ("captured", "part_refunded")
NAME = "thanks"
"""The name of the duty that a gift with thanks brings with it."""
A_WEEK = timedelta(days=7)
GRACE = timedelta(days=30)
"""How long after its day a thanks may still be sent before it counts as not kept."""


def thank(petition_id: str, organizer_id: str, pledge_ids: Iterable[str]) -> int:
    """Mark these gifts as thanked for; returns how many had not been before. Call inside a transaction.

    Gifts of other petitions, and what is no gift that was collected, are left aside.
    """
    petition = lock(Petition, petition_id)
    if petition.organizer_id != organizer_id:
        return 0
    wanted = [pledge_id for pledge_id in pledge_ids if is_id(pledge_id)]
    pledges = db.session.scalars(
        sa.select(Pledge)
        .where(
            Pledge.petition_id == petition_id,
            Pledge.id.in_(wanted),
            Pledge.kind == "gift",
            Pledge.state.in_(THANKABLE),
        )
        .order_by(Pledge.captured_at, Pledge.id)
    ).all()
    return sum(thank_for(pledge, organizer_id) for pledge in pledges)


def is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def thank_for(pledge: Pledge, organizer_id: str) -> bool:
    """Note the thanks, keep the duty if there is one, tell the giver, and give both their points."""
    values = {
        "pledge_id": pledge.id,
        "petition_id": pledge.petition_id,
        "by_id": organizer_id,
        "what": pledge.terms.get("thanks", ""),
        "at": clock.now(),
    }
    if not insert_unless_there(Thanks, values):
        return False
    for duty in open_duties(Duty.pledge_id == pledge.id):
        keep(duty)
    announce("gift_thanked", pledge_id=pledge.id)
    reward(pledge, organizer_id)
    return True


def reward(pledge: Pledge, organizer_id: str) -> None:
    """Points for a thanks after a settled interaction, both sides; so many a week from one person."""
    if pledge.person_id is None or pledge.person_id == organizer_id:
        return
    lately = db.session.scalar(
        sa.select(sa.func.count())
        .select_from(PointRow)
        .where(
            PointRow.person_id == organizer_id,
            PointRow.reason == "thanks_given",
            PointRow.at > clock.now() - A_WEEK,
        )
    )
    if (lately or 0) >= THANKS_A_WEEK:
        return
    sides = (
        (organizer_id, pledge.person_id, "thanks_given", THANKS_GIVEN_MP),
        (pledge.person_id, organizer_id, "thanks_received", THANKS_RECEIVED_MP),
    )
    for person_id, other_id, reason, mp in sides:
        award(
            person_id,
            reason=reason,
            cause=f"thanks:{pledge.id}",
            class_="care",
            mp=mp,
            counterparty_id=other_id,
            petition_id=pledge.petition_id,
            light=True,
        )
        settle_level(person_id)


def open_duties(*conditions: sa.ColumnElement[bool]) -> list[Duty]:
    """Thanks still owed, under these conditions, locked."""
    return list(
        db.session.scalars(
            sa.select(Duty)
            .where(Duty.kind == "gift", Duty.name == NAME, Duty.state == "open", *conditions)
            .order_by(Duty.id)
            .with_for_update()
        )
    )


def let_go(petition_id: str) -> int:
    """An action that was stopped owes no thanks any more; call inside a transaction."""
    duties = open_duties(Duty.petition_id == petition_id)
    for duty in duties:
        waive(duty)
    return len(duties)


def break_overdue() -> int:
    """Thanks that were not sent by the end of the days of grace were not kept; how many there were."""
    overdue = sa.select(Duty.id).where(
        Duty.kind == "gift",
        Duty.name == NAME,
        Duty.state == "open",
        Duty.due_at <= clock.now() - GRACE,
        sa.exists().where(Action.petition_id == Duty.petition_id, Action.state != "stopped"),
    )
    return commit_each(find_ids(overdue), break_one)


def break_one(duty_id: str) -> bool:
    duty = lock(Duty, duty_id)
    if duty.state != "open":
        return False
    break_off(duty)
    return True
