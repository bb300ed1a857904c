"""Signatures and pledges by day, counted by the database; a day is a day in Seoul."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from app import clock
from app.clock import SEOUL
from app.db import db
from app.petitions.counting import day_in_seoul
from app.petitions.models import Petition, Signature, Threshold
from app.pledges.models import COUNTING, Pledge

MOST_DAYS = 400


@dataclass(frozen=True)
class Day:
    """What one day brought; ``amount`` is what was pledged towards the first pledge threshold."""

    day: date
    signatures: int
    pledges: int
    amount: int


def by_day(petition: Petition) -> list[Day]:
    """Every day from the first to the last with a signature or pledge, quiet ones included."""
    signatures = counted_by_day(
        Signature.validated_at, Signature.petition_id == petition.id, Signature.state == "validated"
    )
    pledges = counted_by_day(
        Pledge.ready_at,
        Pledge.petition_id == petition.id,
        Pledge.state.in_(COUNTING),
        amount=sa.case((Pledge.kind == petition.pledge_thresholds[0].kind, Pledge.amount), else_=0),
    )
    known = sorted(signatures.keys() | pledges.keys())[-MOST_DAYS:]
    if not known:
        return []
    first, last = date.fromisoformat(known[0]), date.fromisoformat(known[-1])
    if petition.state == "open":
        last = max(last, clock.now().astimezone(SEOUL).date())
    days = []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        key = day.isoformat()
        pledged, amount = pledges.get(key, (0, 0))
        days.append(Day(day, signatures.get(key, (0, 0))[0], pledged, amount))
    return days[-MOST_DAYS:]


def counted_by_day(
    moment: Any, *conditions: sa.ColumnElement[bool], amount: Any = None
) -> dict[str, tuple[int, int]]:
    """(count, sum of amounts) by day."""
    day = day_in_seoul(moment).label("day")
    total = sa.func.sum(amount) if amount is not None else sa.literal(0)
    rows = db.session.execute(
        sa.select(day, sa.func.count(), total).where(moment.is_not(None), *conditions).group_by(day)
    )
    return {str(key): (int(count), int(summed or 0)) for key, count, summed in rows}


def signatures_by_state(petition_id: str) -> dict[str, int]:
    """How many signatures are in each state."""
    rows = db.session.execute(
        sa.select(Signature.state, sa.func.count())
        .where(Signature.petition_id == petition_id)
        .group_by(Signature.state)
    )
    return {state: count for state, count in rows}  # noqa: C416 - rows are tuples, not pairs


def days_left(petition: Petition) -> int:
    """Days until the deadline, the last begun one counted; 0 once it is over."""
    if petition.deadline is None:
        return 0
    seconds = (petition.deadline - clock.now()).total_seconds()
    return max(0, -int(-seconds // 86400))


def needed_per_day(petition: Petition, threshold: Threshold) -> int:
    """How much each remaining day must bring so that this threshold holds in time, in its measure."""
    missing, days = max(0, threshold.target - threshold.tally), days_left(petition)
    return -(-missing // days) if days else missing
