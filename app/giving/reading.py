"""The thanks of an action: a list for the organizer's eyes, and sums for everybody's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.sql.functions import coalesce

from app.actions.models import Duty
from app.db import db
from app.pledges.models import Pledge
from app.web.caching import snapshot

from .models import Thanks
from .thanking import NAME, THANKABLE

ROWS_A_PAGE = 100


@dataclass(frozen=True)
class GiftLine:
    """One gift as its organizer sees it; ``amount`` in minor units of ``currency``.

    ``what`` was asked for, and ``to`` is where it goes; both empty where nothing was. ``name`` is empty for
    somebody who hid theirs and asked for nothing, and for somebody who was erased.
    """

    pledge_id: str
    name: str
    behalf: str
    amount: int
    currency: str
    what: str
    to: str
    due_at: datetime | None
    thanked_at: datetime | None


@dataclass(frozen=True)
class ThanksSum:
    """How many asked for one kind of thanks, to how many it was sent, and for how many it came too late."""

    what: str
    asked: int
    sent: int
    missed: int


@dataclass(frozen=True)
class PublicThanks:
    """``sums`` by kind of thanks; ``thanked`` of ``gifts`` were thanked for, with things or words."""

    sums: tuple[ThanksSum, ...]
    gifts: int
    thanked: int


def gift_lines(petition_id: str, *, owed: bool = False, page: int | None = None) -> list[GiftLine]:
    """The collected gifts, those that wait for what they asked for first; one page and one more, or all."""
    wants = sa.func.coalesce(Duty.id.is_not(None), sa.false())
    waits = sa.and_(Duty.id.is_not(None), Thanks.pledge_id.is_(None))
    query = (
        sa.select(Pledge, Duty.due_at, Thanks.at)
        .outerjoin(Duty, sa.and_(Duty.pledge_id == Pledge.id, Duty.name == NAME))
        .outerjoin(Thanks, Thanks.pledge_id == Pledge.id)
        .where(Pledge.petition_id == petition_id, Pledge.kind == "gift", Pledge.state.in_(THANKABLE))
        .order_by(sa.case((waits, 0), (wants, 1), else_=2), Pledge.captured_at, Pledge.id)
    )
    if owed:
        query = query.where(waits)
    if page is not None:
        query = query.limit(ROWS_A_PAGE + 1).offset((page - 1) * ROWS_A_PAGE)
    return [line_of(pledge, due_at, at) for pledge, due_at, at in db.session.execute(query)]


def line_of(pledge: Pledge, due_at: datetime | None, thanked_at: datetime | None) -> GiftLine:
    terms = pledge.terms
    unnamed = pledge.hide_name and "thanks" not in terms
    return GiftLine(
        pledge_id=pledge.id,
        name="" if unnamed else pledge.name,
        behalf="" if unnamed else terms.get("behalf", ""),
        amount=pledge.captured - pledge.refunded,
        currency=pledge.currency or "",
        what=terms.get("thanks", ""),
        to=terms.get("to", ""),
        due_at=due_at,
        thanked_at=thanked_at,
    )


def public_thanks(petition_id: str) -> PublicThanks:
    """The sums, kept for a moment."""
    return snapshot(("thanks", petition_id), lambda: read_thanks(petition_id))


def read_thanks(petition_id: str) -> PublicThanks:
    gifts, thanked = db.session.execute(
        sa.select(sa.func.count(), sa.func.count(Thanks.pledge_id))
        .select_from(Pledge)
        .outerjoin(Thanks, Thanks.pledge_id == Pledge.id)
        .where(Pledge.petition_id == petition_id, Pledge.kind == "gift", Pledge.state.in_(THANKABLE))
    ).one()
    what = Pledge.terms["thanks"].as_string()
    rows = db.session.execute(
        sa.select(
            what.label("what"),
            sa.func.count(),
            sa.func.count(Thanks.pledge_id),
            coalesce(sa.func.sum(sa.case((Duty.state == "broken", 1), else_=0)), 0),
            sa.func.min(Pledge.amount),
        )
        .join(Duty, sa.and_(Duty.pledge_id == Pledge.id, Duty.name == NAME))
        .outerjoin(Thanks, Thanks.pledge_id == Pledge.id)
        .where(Pledge.petition_id == petition_id, Duty.state != "waived")
        .group_by(what)
        .order_by(sa.func.min(Pledge.amount), what)
    )
    sums = tuple(ThanksSum(asked_for, asked, sent, int(missed)) for asked_for, asked, sent, missed, _ in rows)
    return PublicThanks(sums, gifts, thanked)


def thanked_at(pledge_id: str) -> datetime | None:
    """When a gift was thanked for, if it was."""
    return db.session.scalar(sa.select(Thanks.at).where(Thanks.pledge_id == pledge_id))
