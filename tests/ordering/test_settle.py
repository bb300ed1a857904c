"""Settling: one price on what was really held, the rest of every hold let go."""

from __future__ import annotations

from datetime import timedelta

import time_machine

from app.actions.auditing import audit
from app.actions.models import Duty
from app.db import db
from app.ledger.booking import balances
from app.ordering.auditing import CHECKS
from app.pledges.models import Pledge
from tests.ordering.conftest import Order
from tests.world import World

DAY = timedelta(days=1, seconds=1)


def differences() -> list[str]:
    return [*audit().differences, *(each for check in CHECKS for each in check())]


def pledge(pledge_id: str) -> Pledge:
    db.session.rollback()
    return db.session.get_one(Pledge, pledge_id, populate_existing=True)


def test_the_price_waits_for_the_last_card_and_follows_what_is_held(
    world: World, order: Order, later: time_machine.Traveller
) -> None:
    made = order(("alice", 2, "pm_ok", 1), ("bob", 4, "pm_ok", 2), ("junho", 5, "pm_declined_on_hold", 1))
    assert world.action(made.petition).state == "collecting"
    for _ in range(4):
        later.shift(DAY)
        world.work()
    action = world.action(made.petition)
    assert (action.state, action.held_at_decision) == ("underway", 6)
    alice, bob = (pledge(made.orders[name]) for name in ("alice", "bob"))
    assert (alice.cost, alice.captured, alice.terms["price"]) == (24_000, 22_000, 11_000)
    assert (bob.cost, bob.captured, bob.terms["got"]) == (48_000, 44_000, 4)
    assert pledge(made.orders["junho"]).captured == 0
    assert balances(made.petition.id)["escrow"] == 66_000
    assert [(duty.name, duty.amount) for duty in db.session.query(Duty).order_by(Duty.amount)] == [
        ("delivery", 2),
        ("delivery", 4),
    ]
    assert differences() == []


def test_freight_and_duty_are_shared_to_the_last_won(world: World, order: Order) -> None:
    made = order(
        ("alice", 2, "pm_ok", 1),
        ("bob", 1, "pm_ok", 2),
        tiers=[[1, 1_000]],
        trade="import",
        freight=80,
        duty=20,
    )
    assert [pledge(made.orders[name]).captured for name in ("alice", "bob")] == [2_067, 1_033]
    assert [pledge(made.orders[name]).cost for name in ("alice", "bob")] == [2_068, 1_034]
    assert differences() == []


def test_less_than_one_case_releases_everybody(world: World, order: Order) -> None:
    made = order(("alice", (2, 9), "pm_ok", 1), ("bob", (2, 8), "pm_ok", 2), case=20)
    assert world.action(made.petition).state == "released"
    assert {world.pledge_state(each) for each in made.orders.values()} == {"released"}
    assert balances(made.petition.id)["escrow"] == 0
    assert differences() == []


def test_whole_cases_go_round(world: World, order: Order) -> None:
    made = order(("alice", (2, 9), "pm_ok", 1), ("bob", (2, 8), "pm_ok", 2), case=5)
    assert [pledge(made.orders[name]).terms["got"] for name in ("alice", "bob")] == [8, 7]
    assert pledge(made.orders["alice"]).captured == 8 * 10_000
    assert differences() == []
