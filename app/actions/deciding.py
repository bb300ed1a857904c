"""Deciding: is what could be held enough? Then what is owed is captured; otherwise all is released."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app import clock
from app.db import db
from app.outbox import announce
from app.petitions.launching import close
from app.petitions.models import Petition
from app.petitions.tallying import record
from app.pledges import kinds
from app.pledges.kinds.base import Held, Kind, Promise, Settlement
from app.pledges.models import Pledge
from app.pledges.pledging import kind_of
from app.pledges.wording import offer_of

from .duties import duties_of, plan_common_duties, plan_duties, waive
from .locking import lock_action
from .models import Action, Attempt
from .paying import propose_disbursement
from .refunding import refunds_owed
from .settling import drop, mark_released
from .straying import has_strays

LEAST_PATIENCE = timedelta(minutes=10)


@dataclass(frozen=True)
class Standing:
    """How far the holds are: ``held`` in the measure of what is collected, the rest numbers of pledges.

    ``untried`` were never asked; ``in_flight`` were asked, and their answer may still come. ``failing`` ones
    wait for their next try or for their person; ``retrying`` are those of them that a try is planned for.
    """

    held: int
    untried: int
    in_flight: int
    failing: int
    retrying: int


def decide(petition_id: str) -> str | None:
    """The verdict, ``underway`` or ``released``; None while it is still open. Call inside a transaction.

    Held at least the goal, and every pledge tried once: underway. Not enough after the last retry, or
    nobody left to wait for: released. A pledge whose answer never comes holds the others up no longer
    than :func:`patience`.
    """
    action = lock_action(petition_id)
    if action is None:
        raise LookupError(f"no action of {petition_id}")
    if action.decided_at is not None:
        return "released" if action.state == "released" else "underway"
    now = stand(petition_id)
    if now.untried or now.in_flight:
        return None
    kind = kinds.find(action.kind or "")
    waits = bool(now.retrying or (now.failing and clock.now() < action.collect_until))
    if now.held >= action.goal and not (waits and kind is not None and kind.waits_for_all):
        settlement = None if kind is None or kind.counts_by_sum else settle_up(action, kind)
        if settlement is None or settlement.enough:
            start_work(action, now.held)
            return "underway"
    if waits:
        return None
    release_all(action, now.held)
    return "released"


def settle_up(action: Action, kind: Kind) -> Settlement:
    """Ask the kind who pays what of all that is held, and write it on the pledges if it is enough."""
    pledges = db.session.scalars(
        sa.select(Pledge)
        .where(Pledge.petition_id == action.petition_id, Pledge.kind == kind.name, Pledge.state == "held")
        .order_by(Pledge.ready_at, Pledge.id)
    ).all()
    held = [
        Held(each.id, each.person_id or each.id, Promise(each.amount, each.currency, each.terms))
        for each in pledges
    ]
    petition = db.session.get_one(Petition, action.petition_id)
    settlement = kind.settle(offer_of(petition, kind.name), held)
    if settlement.enough:
        for pledge in pledges:
            charge = settlement.charges.get(pledge.id, 0)
            pledge.charge = charge + pledge.tip if charge else 0
            if got := settlement.terms.get(pledge.id):
                pledge.terms = {**pledge.terms, **got}
        db.session.flush()
    return settlement


def patience() -> timedelta:
    """How long an answer that does not come is waited for: one pause between tries, at least."""
    return max(timedelta(seconds=current_app.config["DURE"].retry_seconds), LEAST_PATIENCE)


def still_tries(petition_id: str) -> bool:
    """Whether a planned try or an open answer is still waited for."""
    now = stand(petition_id)
    return bool(now.untried or now.in_flight or now.retrying)


def stand(petition_id: str) -> Standing:
    """Count an action's holds."""

    def when(condition: Any, value: Any) -> sa.ColumnElement[int]:
        return sa.func.coalesce(sa.func.sum(sa.case((condition, value), else_=0)), 0)

    asked = sa.exists().where(Attempt.subject_id == Pledge.id, unanswered_hold())
    row = db.session.execute(
        sa.select(
            when(Pledge.state == "held", Pledge.amount),
            when(sa.and_(Pledge.state == "frozen", ~asked), 1),
            when(sa.and_(asked, ~waits_in_vain()), 1),
            when(Pledge.state == "failing", 1),
            when(sa.and_(Pledge.state == "failing", Pledge.next_try_at.is_not(None), ~asked), 1),
        ).where(
            Pledge.petition_id == petition_id,
            Pledge.cost > 0,
            Pledge.state.in_(("held", "frozen", "failing")),
        )
    ).one()
    return Standing(*map(int, row))


def unanswered_hold() -> sa.ColumnElement[bool]:
    return sa.and_(Attempt.purpose == "hold", Attempt.state == "started")


def waits_in_vain() -> sa.ColumnElement[bool]:
    """A pledge whose hold was asked for so long ago that nobody waits for the answer any more."""
    return sa.exists().where(
        Attempt.subject_id == Pledge.id, unanswered_hold(), Attempt.started_at <= clock.now() - patience()
    )


def start_work(action: Action, held: int) -> None:
    at = clock.now()
    action.state, action.decided_at, action.underway_at, action.held_at_decision = "underway", at, at, held
    release_the_superfluous(action)
    begin_without_money(action, at)
    record(action.petition_id, "underway", at, cause="underway", held=held)
    announce("action_underway", petition_id=action.petition_id)


def release_the_superfluous(action: Action) -> None:
    """Where the kind said who pays what, nobody else is tried any more: they are let go without a fault."""
    kind = kinds.find(action.kind or "")
    if kind is None or kind.counts_by_sum:
        return
    for pledge in db.session.scalars(
        sa.select(Pledge).where(Pledge.petition_id == action.petition_id, Pledge.state == "failing")
    ).all():
        mark_released(pledge)


def begin_without_money(action: Action, at: datetime) -> None:
    """Pledges that nothing is held for: those that last begin, and what they owe is written down."""
    petition = db.session.get_one(Petition, action.petition_id)
    for pledge in db.session.scalars(
        sa.select(Pledge).where(
            Pledge.petition_id == action.petition_id, Pledge.cost == 0, Pledge.state == "frozen"
        )
    ).all():
        kind = kind_of(pledge)
        if kind.lasts:
            pledge.state = "active"
        plan_duties(petition, pledge, at)
    if (collected := kinds.find(action.kind or "")) is None or collected.release != "disbursement":
        plan_common_duties(petition, at)


def release_untaken(action: Action) -> bool:
    """Let an action go whose holds stood and of which not one could be captured; False where money came.

    What began beside the collecting (subscriptions, deeds) is ended by those who began it.
    """
    captured = sa.exists().where(Pledge.petition_id == action.petition_id, Pledge.captured > 0)
    if action.state != "underway" or action.kind is None or db.session.scalar(sa.select(captured)):
        return False
    at = clock.now()
    action.state, action.released_at = "released", at
    for duty in duties_of(action.petition_id):
        if duty.state == "open" and duty.pledge_id is None:
            waive(duty)
    close(action.petition_id)
    record(action.petition_id, "released", at, cause="released", held=0, taken=0)
    announce("action_released", petition_id=action.petition_id)
    return True


def release_all(action: Action, held: int) -> None:
    at = clock.now()
    action.state, action.decided_at, action.released_at, action.held_at_decision = "released", at, at, held
    db.session.execute(
        sa.update(Pledge)
        .where(Pledge.petition_id == action.petition_id, Pledge.state == "failing")
        .values(state="dropped", next_try_at=None)
    )
    for pledge in db.session.scalars(
        sa.select(Pledge).where(
            Pledge.petition_id == action.petition_id, Pledge.cost == 0, Pledge.state == "frozen"
        )
    ).all():
        mark_released(pledge)
    close(action.petition_id)
    record(action.petition_id, "released", at, cause="released", held=held)
    announce("action_released", petition_id=action.petition_id)


def settle_if_finished(petition_id: str) -> bool:
    """Note that nothing waits for the gateway any more; drop those whose time is over."""
    action = lock_action(petition_id)
    if action is None or action.decided_at is None or action.settled_at is not None:
        return False
    drop_hopeless(action)
    waiting = sa.exists().where(
        Pledge.petition_id == petition_id,
        Pledge.cost > 0,
        Pledge.state.in_(("frozen", "failing", "held")),
    )
    in_flight = sa.exists().where(
        Attempt.petition_id == petition_id,
        Attempt.state == "started",
        sa.or_(
            Attempt.purpose.in_(("capture", "release", "refund")),
            sa.and_(unanswered_hold(), Attempt.started_at > clock.now() - patience()),
        ),
    )
    if db.session.scalar(sa.select(sa.or_(waiting, in_flight))) or refunds_owed(petition_id):
        return False
    if has_strays(action) or release_untaken(action):
        return False
    action.settled_at = clock.now()
    propose_disbursement(action)
    return True


def drop_hopeless(action: Action) -> None:
    """Drop the pledges of a decided action that nothing more is tried for."""
    given_up = Pledge.state == "failing"
    if action.state == "underway":
        if clock.now() < action.collect_until:
            return
        given_up = sa.and_(given_up, Pledge.next_try_at.is_(None))
    asked = sa.exists().where(Attempt.subject_id == Pledge.id, unanswered_hold())
    hopeless = sa.or_(
        sa.and_(given_up, ~asked),
        sa.and_(Pledge.cost > 0, Pledge.state.in_(("frozen", "failing")), waits_in_vain()),
    )
    for pledge in db.session.scalars(
        sa.select(Pledge).where(Pledge.petition_id == action.petition_id, hopeless).limit(1000)
    ).all():
        drop(pledge)
    db.session.flush()
