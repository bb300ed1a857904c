"""The pack list: who gets how many units at which pick-up point, for the organizer alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from app.actions.duties import DELIVERY
from app.actions.models import Duty
from app.db import db
from app.petitions.masking import mask_name
from app.petitions.models import Petition
from app.pledges.models import Pledge

from .models import OPEN, Shortage

ROWS_A_PAGE = 100


@dataclass(frozen=True)
class PackLine:
    """One order to hand over. ``code`` is what the buyer shows; ``units`` are owed still, ``got`` were paid.

    ``state`` is waiting, marked, reported, contested, kept or missing.
    """

    pledge_id: str
    code: str
    name: str
    pickup: int
    got: int
    units: int
    state: str
    marked_at: datetime | None


@dataclass(frozen=True)
class PointTally:
    """One pick-up point: its number from 1, its words, its orders and units, and how many wait."""

    number: int
    words: str
    orders: int
    units: int
    waiting: int


def code_of(pledge_id: str) -> str:
    """What the buyer says at the pick-up point: six characters of the pledge's id."""
    return pledge_id[-6:].upper()


def pack_lines(
    petition_id: str, pickup: int | None = None, *, page: int | None = None, pledge_id: str | None = None
) -> list[PackLine]:
    """The orders of one pick-up point, or of all, by name and code; one more than a page of them."""
    point = Pledge.terms["pickup"].as_integer()
    open_state = (
        sa.select(sa.func.min(Shortage.state))
        .where(Shortage.pledge_id == Pledge.id, Shortage.state.in_(OPEN))
        .scalar_subquery()
    )
    query = (
        sa.select(Pledge, Duty, open_state)
        .join(Duty, sa.and_(Duty.pledge_id == Pledge.id, Duty.name == DELIVERY))
        .where(Pledge.petition_id == petition_id, Pledge.kind == "order")
        .order_by(point, Pledge.name, Pledge.id)
    )
    if pledge_id is not None:
        query = query.where(Pledge.id == pledge_id)
    if pickup is not None:
        query = query.where(point == pickup)
    if page is not None:
        query = query.offset((page - 1) * ROWS_A_PAGE).limit(ROWS_A_PAGE + 1)
    return [line_of(*row) for row in db.session.execute(query)]


def pack_line(petition_id: str, pledge_id: str) -> PackLine | None:
    """One order of the list, None where there is no such order."""
    return next(iter(pack_lines(petition_id, pledge_id=pledge_id)), None)


def line_of(pledge: Pledge, delivery: Duty, reported: str | None) -> PackLine:
    return PackLine(
        pledge_id=pledge.id,
        code=code_of(pledge.id),
        name=_("(name hidden)") if pledge.hide_name else mask_name(pledge.name),
        pickup=int(pledge.terms.get("pickup") or 1),
        got=int(pledge.terms["got"]),
        units=delivery.amount,
        state=reported or state_of(delivery),
        marked_at=delivery.kept_by_debtor_at,
    )


def state_of(delivery: Duty) -> str:
    """Where a delivery stands: waiting, marked, kept or missing."""
    if delivery.state == "open":
        return "marked" if delivery.kept_by_debtor_at else "waiting"
    return "kept" if delivery.state == "kept" else "missing"


def point_tallies(petition: Petition) -> list[PointTally]:
    """Every pick-up point with what is handed over there."""
    threshold = petition.threshold_of("order")
    points: Sequence[str] = threshold.terms.get("pickups", ()) if threshold else ()
    place = Pledge.terms["pickup"].as_integer()
    unmarked = sa.and_(Duty.state == "open", Duty.kept_by_debtor_at.is_(None))
    rows = db.session.execute(
        sa.select(
            place,
            sa.func.count(),
            sa.func.sum(Duty.amount),
            sa.func.sum(sa.case((unmarked, 1), else_=0)),
        )
        .join(Duty, sa.and_(Duty.pledge_id == Pledge.id, Duty.name == DELIVERY))
        .where(Pledge.petition_id == petition.id, Pledge.kind == "order")
        .group_by(place)
    ).all()
    found = {int(number or 1): tuple(map(int, rest)) for number, *rest in rows}
    return [
        PointTally(number, words, *found.get(number, (0, 0, 0)))
        for number, words in enumerate(points, start=1)
    ]
