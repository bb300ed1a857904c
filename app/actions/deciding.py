"""Deciding: is what could be held enough? Then all is captured; otherwise all is released."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app import clock
from app.db import db
from app.outbox import announce
from app.petitions.models import Petition
from app.petitions.tallying import record
from app.pledges.models import Pledge

from .models import Action, Attempt


def decide(petition_id: str) -> str | None:
    """The verdict, ``underway`` or ``released``; None while it is still open. Call inside a transaction.

    Held at least the goal, and every pledge tried once: underway. Not enough after the last retry, or
    nobody left to wait for: released.
    """
    action = db.session.scalars(
        sa.select(Action)
        .where(Action.petition_id == petition_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if action.decided_at is not None:
        return "released" if action.state == "released" else "underway"
    held, untried, failing, in_flight = count_pledges(petition_id)
    at = clock.now()
    if untried or in_flight:
        return None
    if held >= action.goal:
        start_work(action, held)
        return "underway"
    if failing and at < action.collect_until:
        return None
    release_all(action, held)
    return "released"


def count_pledges(petition_id: str) -> tuple[int, int, int, int]:
    """(sum held, number untried, number failing, number of attempts in flight)."""

    def when(state: str, value: Any) -> sa.ColumnElement[int]:
        return sa.func.coalesce(sa.func.sum(sa.case((Pledge.state == state, value), else_=0)), 0)

    held, untried, failing = db.session.execute(
        sa.select(when("held", Pledge.amount), when("frozen", 1), when("failing", 1)).where(
            Pledge.petition_id == petition_id, Pledge.state.in_(("held", "frozen", "failing"))
        )
    ).one()
    in_flight = db.session.scalar(
        sa.select(sa.func.count()).where(
            Attempt.petition_id == petition_id, Attempt.purpose == "hold", Attempt.state == "started"
        )
    )
    return int(held), int(untried), int(failing), int(in_flight or 0)


def start_work(action: Action, held: int) -> None:
    at = clock.now()
    action.state, action.decided_at, action.underway_at, action.held_at_decision = "underway", at, at, held
    record(action.petition_id, "underway", at, cause="underway", held=held)
    announce("action_underway", petition_id=action.petition_id)


def release_all(action: Action, held: int) -> None:
    at = clock.now()
    action.state, action.decided_at, action.released_at, action.held_at_decision = "released", at, at, held
    db.session.execute(
        sa.update(Pledge)
        .where(Pledge.petition_id == action.petition_id, Pledge.state == "failing")
        .values(state="dropped", next_try_at=None)
    )
    close_petition(action.petition_id)
    record(action.petition_id, "released", at, cause="released", held=held)
    announce("action_released", petition_id=action.petition_id)


def close_petition(petition_id: str) -> None:
    """An action that is over closes its petition."""
    db.session.execute(
        sa.update(Petition)
        .where(Petition.id == petition_id, Petition.state == "open")
        .values(state="closed", closed_at=clock.now())
    )


def settle_if_finished(petition_id: str) -> bool:
    """Note that no pledge waits for the gateway any more; drop those whose time is over."""
    from .settling import drop
    from .stopping import refunds_owed

    action = db.session.scalars(
        sa.select(Action).where(Action.petition_id == petition_id).with_for_update()
    ).one()
    open_states = ("frozen", "failing", "held")
    waiting = db.session.scalars(
        sa.select(Pledge).where(Pledge.petition_id == petition_id, Pledge.state.in_(open_states)).limit(1000)
    ).all()
    if action.decided_at is None:
        return False
    if action.state != "underway" or clock.now() >= action.collect_until:
        for pledge in waiting:
            if pledge.state == "failing":
                drop(pledge)
        waiting = [pledge for pledge in waiting if pledge.state in open_states]
    in_flight = db.session.scalar(
        sa.select(sa.func.count()).where(Attempt.petition_id == petition_id, Attempt.state == "started")
    )
    if waiting or in_flight or refunds_owed(petition_id):
        return False
    action.settled_at = clock.now()
    return True
