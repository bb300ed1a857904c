"""Beginning: what fails is told and tried again; what has ended before it could begin stays ended."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.actions.locking import lock_action
from app.actions.stopping import stop
from app.db import db, run_tx
from app.petitions.models import Petition
from app.pledges.models import Pledge
from app.subscribing import beginning
from app.subscribing.models import Subscription
from tests.world import World

from .months import DECEMBER, NOVEMBER, at, bills, day, subscribed, subscription, work_at

BOTH = [("alice", 10_000, "pm_ok"), ("bob", 5_000, "pm_ok")]


def begun() -> set[str]:
    db.session.rollback()
    return set(db.session.scalars(sa.select(Pledge.name).join(Subscription, Subscription.id == Pledge.id)))


def test_a_subscription_that_cannot_begin_is_told_rests_an_hour_and_begins_later(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.person("moderator")
    with monkeypatch.context() as trouble:
        trouble.setattr(beginning, "unit_of", lambda _offer: 1 // 0)
        _, pledges = subscribed(world, BOTH)
        assert begun() == set()
        work_at(world, NOVEMBER + timedelta(minutes=30))
        told = [letter for letter in world.letters("moderator") if "stuck" in letter.subject]
        assert len(told) == 2, "one letter for each, however often it is tried"
        assert "begin: integer division" in told[0].text
    work_at(world, NOVEMBER + timedelta(minutes=59))
    assert begun() == set(), "it rests for an hour"
    work_at(world, NOVEMBER + timedelta(minutes=61))
    assert begun() == {"Alice", "Bob"}
    assert subscription(pledges["alice"]).first_month == DECEMBER
    assert sum("subscription begins" in letter.subject for letter in world.letters("alice")) == 1
    work_at(world, day(-1, 24), day(0, 1))
    assert bills(pledges["alice"]) == [(10_000, "paid")]


def test_what_could_not_begin_before_the_action_stopped_never_begins(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as trouble:
        trouble.setattr(beginning, "unit_of", lambda _offer: 1 // 0)
        petition, pledges = subscribed(world, BOTH)
    with at(NOVEMBER + timedelta(minutes=5)):
        run_tx(lambda: end(petition))
        world.work()
    work_at(world, NOVEMBER + timedelta(hours=2), day(-1, 24), day(0, 1))
    assert begun() == set()
    assert world.pledge_state(pledges["alice"]) == "ended"
    ended = [letter for letter in world.letters("alice") if "has ended" in letter.subject]
    assert len(ended) == 1
    assert "receipts/" not in ended[0].text


def end(petition: Petition) -> None:
    action = lock_action(petition.id)
    assert action is not None
    stop(action, reason="milestone_rejected")
