"""What the calendar does for deeds: reminders, silence that decides, an end when everything stops."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from app import clock
from app.actions.duties import waive
from app.actions.models import Duty
from app.actions.settling import mark_released
from app.db import db, lock, run_tx
from app.outbox import announce
from app.outbox.sweeping import commit_batches, commit_each, find_ids
from app.pledges.kinds.deed import DEED
from app.pledges.models import Pledge

from .postponing import MORNING, plan_reminders, put_off_all
from .returning import settle_return, silent_returns
from .saying import settle_one, silent_deeds

BATCH = 200


def begin(petition_id: str) -> None:
    """The action is underway: plan the reminders of every deed and of everything lent, once.

    Places that were taken already may lie after the day on which the promises fall due.
    """
    run_tx(lambda: put_off_all(petition_id))
    duties = db.session.scalars(
        sa.select(Duty.id)
        .where(Duty.petition_id == petition_id, Duty.kind == "deed", Duty.state == "open")
        .order_by(Duty.id)
    ).all()
    last = db.session.scalar(
        sa.select(sa.func.max(Duty.due_at)).where(
            Duty.petition_id == petition_id, Duty.kind == "deed", Duty.name == DEED
        )
    )
    db.session.rollback()
    if last is not None:
        run_tx(lambda: announce("deeds_due", due_at=last - MORNING, petition_id=petition_id))
    commit_batches(duties, remind_of, BATCH)


def remind_of(duty_ids: Sequence[str]) -> None:
    for duty in db.session.scalars(sa.select(Duty).where(Duty.id.in_(duty_ids))).all():
        plan_reminders(duty)


def look_after() -> int:
    """Let silence decide what it can by now; returns how many deeds and returns changed."""
    now = clock.now()
    deeds, returns = silent_deeds(now), silent_returns(now)
    db.session.rollback()
    return commit_each(deeds, settle_one) + commit_each(returns, settle_return)


def let_go(petition_id: str) -> int:
    """The action was stopped: nobody has to do anything any more; returns how many deeds were open.

    What was lent stays to be brought back.
    """
    open_deeds = (
        sa.select(Duty.id)
        .where(Duty.petition_id == petition_id, Duty.kind == "deed", Duty.name == DEED, Duty.state == "open")
        .order_by(Duty.id)
    )
    return commit_each(find_ids(open_deeds), let_go_one)


def let_go_one(duty_id: str) -> bool:
    duty = db.session.get(Duty, duty_id)
    if duty is None or duty.pledge_id is None:
        return False
    pledge = lock(Pledge, duty.pledge_id)
    duty = lock(Duty, duty_id)
    if duty.state != "open" or pledge.state != "frozen":
        return False
    waive(duty)
    mark_released(pledge)
    return True
