"""What the worker looks after: beginnings, months to tell and to run, bills to charge, money to pass on."""

from __future__ import annotations

import sqlalchemy as sa
import structlog

from app import clock
from app.db import db, run_tx
from app.pledges.kinds.months import month_of, told_month

from .beginning import begin_left_over
from .billing import charge_due
from .models import Round, Subscription
from .noticing import tell_month
from .passing_on import pass_on_due
from .running import run_month

log = structlog.get_logger()


def sweep() -> None:
    """Everything that is due in any subscription; what it did before it does not do again."""
    begin_left_over()
    run_due_months()
    charge_due()
    pass_on_due()


def run_due_months() -> None:
    """Tell and run, month after month, what has not been; trouble with one petition stops no other."""
    for petition_id, months in due_months().items():
        try:
            for month in months:
                catch_up(petition_id, month)
        except Exception:
            log.exception("a month could not be run", petition=petition_id)


def catch_up(petition_id: str, month: int) -> None:
    run_tx(lambda: tell_month(petition_id, month))
    if month <= month_of(clock.now()):
        run_month(petition_id, month)


def due_months() -> dict[str, list[int]]:
    """By petition the months that are due to be told or run, the earliest first: none is left out."""
    now = clock.now()
    last_told = (
        sa.select(Round.petition_id, sa.func.max(Round.month).label("month"))
        .group_by(Round.petition_id)
        .subquery()
    )
    rows = db.session.execute(
        sa.select(
            Subscription.petition_id,
            sa.func.min(Subscription.first_month),
            sa.func.max(last_told.c.month),
        )
        .outerjoin(last_told, last_told.c.petition_id == Subscription.petition_id)
        .where(Subscription.ended_at.is_(None))
        .group_by(Subscription.petition_id)
    ).all()
    unfinished = db.session.execute(
        sa.select(Round.petition_id, Round.month)
        .where(Round.run_at.is_(None), Round.month <= month_of(now))
        .order_by(Round.month)
    ).all()
    db.session.rollback()
    found: dict[str, list[int]] = {}
    for petition_id, month in unfinished:
        found.setdefault(petition_id, []).append(month)
    for petition_id, first, told in rows:
        untold = range(max(first, (told or 0) + 1), told_month(now) + 1)
        found.setdefault(petition_id, []).extend(untold)
    return {petition_id: months for petition_id, months in found.items() if months}
