"""Carrying announcements to their reactions: lease, react, finish; or retry later, or give up loudly."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
import structlog

from app import clock
from app.db import db, run_tx
from app.errors import Trouble

from .announcing import Announcement
from .sharing import Leased, Reaction, Reactions, react_together, take_some

BATCH = 100
LEASE = timedelta(minutes=5)
FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(hours=1)
MOST_ATTEMPTS = 20

log = structlog.get_logger()


def drain(reactions: Reactions, stopping: Callable[[], bool] = lambda: False) -> int:
    """React to everything due; return how many announcements were handled.

    Every reaction may run twice. One that fails is tried again with growing pauses and never stops
    the others. ``stopping`` is asked before each; what is left then is due at once for the next worker.
    """
    handled = 0
    while batch := run_tx(lease_batch):
        waiting, done = deque(batch), list[str]()
        while waiting and not stopping():
            taken = take_some(waiting, reactions)
            done += react_to(taken, reactions)
            handled += len(taken)
        run_tx(partial(finish, done))
        if waiting:
            hand_back([leased.id for leased in waiting])
            break
    return handled


def hand_back(announcement_ids: Sequence[str]) -> None:
    """Give up our lease on announcements we have not touched."""
    ours = sa.update(Announcement).where(Announcement.id.in_(announcement_ids))
    run_tx(lambda: db.session.execute(ours.values(due_at=clock.now(), attempts=Announcement.attempts - 1)))


def lease_batch() -> list[Leased]:
    """Take due announcements for ourselves until the lease is over."""
    moment = clock.now()
    due = (
        sa.select(Announcement)
        .where(Announcement.finished_at.is_(None), Announcement.due_at <= moment)
        .order_by(Announcement.due_at, Announcement.id)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    leased = db.session.scalars(due).all()
    for announcement in leased:
        announcement.due_at = moment + LEASE
        announcement.attempts += 1
    return [Leased(row.id, row.topic, row.payload, row.attempts) for row in leased]


def react_to(taken: Sequence[Leased], reactions: Reactions) -> list[str]:
    """React to announcements, together where they may and can; the ids of those that are done."""
    if len(taken) > 1 and react_together(taken, reactions):
        return [leased.id for leased in taken]
    return [leased.id for leased in taken if handle(leased, reactions.get(leased.topic, ()))]


def handle(leased: Leased, reactions: Sequence[Reaction]) -> bool:
    """Call every reaction; False when one failed and the announcement was put off."""
    try:
        for reaction in reactions:
            reaction(**leased.payload)
    except Exception as error:
        reason = repr(error)
        gave_up = leased.attempts >= MOST_ATTEMPTS or (isinstance(error, Trouble) and error.permanent)
        log.exception("reaction failed", topic=leased.topic, payload=leased.payload, gave_up=gave_up)
        run_tx(lambda: put_off(leased.id, leased.attempts, reason, permanent=gave_up))
        return False
    return True


def put_off(announcement_id: str, attempts: int, reason: str, *, permanent: bool) -> None:
    moment = clock.now()
    pause = min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)
    values: dict[str, Any] = {"last_error": reason[:2000], "due_at": moment + pause}
    if permanent:
        values |= {"finished_at": moment, "given_up_at": moment}
    db.session.execute(sa.update(Announcement).where(Announcement.id == announcement_id).values(**values))


def finish(announcement_ids: Sequence[str]) -> None:
    """Mark announcements done; a worker killed before this reacts to them again, which changes nothing."""
    db.session.execute(
        sa.update(Announcement)
        .where(Announcement.id.in_(announcement_ids))
        .values(finished_at=clock.now(), last_error=None)
    )
