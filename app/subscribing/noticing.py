"""Noticing: a week before a month begins everybody's sum is worked out and, where it grows, told.

What was told is the most that is taken for that month, whatever happens until it begins.
"""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from app import clock
from app.actions.locking import lock_action
from app.db import db, insert_unless_there, new_id, polite_insert
from app.outbox import announce
from app.pledges.kinds.months import in_good_time

from .models import Due, Round
from .standing import offer_to_subscribe, patrons_of, sum_of, unit_of, value_of


def tell_month(petition_id: str, month: int) -> bool:
    """Work out what each patron pays for a month, once; False when that was done. Call inside a transaction.

    Where it is too late to cancel, nobody's sum is higher than the last one was.
    """
    lock_action(petition_id)
    at = clock.now()
    if not insert_unless_there(
        Round, {"id": new_id(), "petition_id": petition_id, "month": month, "told_at": at}
    ):
        return False
    unit = unit_of(offer_to_subscribe(petition_id))
    patrons = patrons_of(petition_id, month=month)
    value, earlier = value_of(patrons, unit), last_sums(petition_id)
    rows = []
    for patron in patrons:
        before = earlier.get(patron.id)
        told = sum_of(patron, value, unit)
        if before is not None and not in_good_time(month, at):
            told = min(told, before)
        due = {"id": new_id(), "pledge_id": patron.id, "petition_id": petition_id, "month": month}
        rows.append(due | {"told": told, "told_at": at})
        if told > (before or 0):
            announce("month_told", due_id=due["id"], before=before)
    if rows:
        db.session.execute(polite_insert(Due, db.session.get_bind().dialect.name), rows)
    return True


def last_sums(petition_id: str) -> Mapping[str, int]:
    """What each patron owed for their last month, in minor units, by pledge id."""
    last = (
        sa.select(Due.pledge_id, sa.func.max(Due.month).label("month"))
        .where(Due.petition_id == petition_id)
        .group_by(Due.pledge_id)
        .subquery()
    )
    rows = db.session.execute(
        sa.select(Due.pledge_id, sa.func.coalesce(Due.owed, Due.told)).join(
            last, sa.and_(last.c.pledge_id == Due.pledge_id, last.c.month == Due.month)
        )
    )
    return {pledge_id: int(owed) for pledge_id, owed in rows}
