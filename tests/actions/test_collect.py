"""Collecting: hold everybody, then capture everybody or nobody."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from app.actions.auditing import audit
from app.actions.models import Attempt
from app.db import db
from app.ledger.booking import balances
from app.payments.door import Answer
from app.payments.sandbox.gateway import Sandbox
from app.payments.sandbox.models import SandboxObject
from tests.actions.conftest import Fire
from tests.world import World


def test_all_held_all_captured(world: World, later: time_machine.Traveller, fire: Fire) -> None:
    petition, (alice, bob), _ = fire(("alice", 20_000, "pm_ok"), ("bob", 10_000, "pm_ok"), goal=30_000)
    assert world.action(petition).state == "underway"
    assert [world.pledge_state(alice), world.pledge_state(bob)] == ["captured", "captured"]
    assert {kind: held for kind, held in balances(petition.id).items() if held} == {
        "clearing": 30_000,
        "escrow": 30_000,
    }
    assert audit().differences == []


def test_one_declined_and_the_rest_not_enough_releases_all(
    world: World, later: time_machine.Traveller, fire: Fire
) -> None:
    petition, (alice, bob), _ = fire(
        ("alice", 20_000, "pm_ok"), ("bob", 10_000, "pm_declined_on_hold"), goal=30_000
    )
    assert world.action(petition).state == "collecting"
    assert world.pledge_state(bob) == "failing"
    for _ in range(3):
        later.shift(timedelta(days=1, seconds=1))
        world.work()
    assert world.action(petition).state == "released"
    assert [world.pledge_state(alice), world.pledge_state(bob)] == ["released", "dropped"]
    assert balances(petition.id)["clearing"] == 0
    assert db.session.query(SandboxObject).filter(SandboxObject.captured > 0).count() == 0
    assert world.fresh(petition).state == "closed"
    assert audit().differences == []


def test_one_declined_but_enough_held_goes_on(
    world: World, later: time_machine.Traveller, fire: Fire
) -> None:
    petition, (alice, bob), _ = fire(
        ("alice", 30_000, "pm_ok"), ("bob", 10_000, "pm_declined_on_hold"), goal=30_000
    )
    assert world.action(petition).state == "underway"
    assert world.pledge_state(alice) == "captured"
    for _ in range(4):
        later.shift(timedelta(days=1, seconds=1))
        world.work()
    assert world.pledge_state(bob) == "dropped"
    assert world.action(petition).settled_at is not None
    assert db.session.query(Attempt).filter_by(subject_id=bob).count() == 4


def test_a_time_out_after_success_charges_once(
    world: World, later: time_machine.Traveller, fire: Fire
) -> None:
    _petition, (alice,), _ = fire(("alice", 30_000, "pm_timeout_after_success"), goal=30_000)
    for _ in range(5):
        later.shift(timedelta(minutes=3))
        world.work()
    assert world.pledge_state(alice) == "captured"
    assert [row.captured for row in db.session.query(SandboxObject).filter_by(kind="hold")] == [30_000]
    assert audit().differences == []


def test_a_card_that_needs_the_person_waits_for_them(
    world: World, later: time_machine.Traveller, fire: Fire
) -> None:
    petition, (alice,), _ = fire(("alice", 30_000, "pm_needs_auth"), goal=30_000)
    assert world.pledge_state(alice) == "failing"
    later.shift(timedelta(days=1, seconds=1))
    world.work()
    assert db.session.query(Attempt).filter_by(subject_id=alice).count() == 1
    later.shift(timedelta(days=3))
    world.work()
    assert world.action(petition).state == "released"


def test_if_not_one_hold_can_be_captured_the_action_is_let_go(
    world: World, later: time_machine.Traveller, fire: Fire, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lose(self: Sandbox, *, hold: str, amount: int, key: str) -> Answer:
        return Answer("failed", hold, "expired")

    monkeypatch.setattr(Sandbox, "capture", lose)
    petition, pledges, _ = fire(("alice", 20_000, "pm_ok"), ("bob", 10_000, "pm_ok"), goal=30_000)
    assert world.action(petition).state == "underway"
    for _day in range(5):
        later.shift(timedelta(days=1, minutes=1))
        world.work()
    action = world.action(petition)
    assert (action.state, world.fresh(petition).state) == ("released", "closed")
    assert action.settled_at is not None
    assert [world.pledge_state(pledge) for pledge in pledges] == ["dropped", "dropped"]
    assert [letter.subject for letter in world.letters("organizer")][-1].startswith("Nothing could be")
    assert "not one card" in world.letters("minji")[-1].text
    assert audit().differences == []
