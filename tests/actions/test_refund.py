"""Refunds part by part: what is missing goes back while the work goes on, and everything adds up."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from app.actions.auditing import audit
from app.actions.locking import lock_action
from app.actions.models import Milestone, Payout
from app.actions.refunding import owe_back, refunds_owed
from app.db import db, lock, run_tx
from app.ledger.booking import balances
from app.payments.door import Answer
from app.payments.sandbox.gateway import Sandbox
from app.petitions.models import Petition
from app.pledges.models import Pledge
from app.points.models import PointRow
from tests.actions.conftest import Fire
from tests.actions.stages import ALICE_AND_BOB as BOTH
from tests.actions.stages import approve_payouts, cast, claim_step, name_payee, pay_step
from tests.world import World


def give_back(petition: Petition, pledge_id: str, amount: int, part: str) -> int:
    def decide() -> int:
        action = lock_action(petition.id)
        assert action is not None
        return owe_back(action, lock(Pledge, pledge_id), amount, part=part)

    return run_tx(decide)


def pledge(pledge_id: str) -> Pledge:
    db.session.rollback()
    return db.session.get_one(Pledge, pledge_id, populate_existing=True)


def test_a_pledge_is_refunded_in_several_parts(world: World, fire: Fire) -> None:
    petition, (alice, bob), _ = fire(*BOTH, goal=30_000)
    assert give_back(petition, alice, 5_000, "missing-1") == 5_000
    world.work()
    assert (pledge(alice).state, pledge(alice).refunded) == ("part_refunded", 5_000)
    assert give_back(petition, alice, 2_000, "missing-2") == 2_000
    assert give_back(petition, alice, 2_000, "missing-2") == 0
    world.work()
    assert pledge(alice).refunded == 7_000
    assert give_back(petition, alice, 99_000, "missing-3") == 13_000
    world.work()
    assert (pledge(alice).state, pledge(alice).refunded) == ("refunded", 20_000)
    assert pledge(bob).refunded == 0
    assert balances(petition.id)["escrow"] == 10_000
    assert world.action(petition).state == "underway"
    assert audit().differences == []


def test_points_stand_for_what_was_not_given_back(world: World, fire: Fire) -> None:
    petition, (alice, _bob), _ = fire(*BOTH, goal=30_000)
    for part in ("one", "two"):
        give_back(petition, alice, 5_000, part)
        world.work()
    rows = db.session.query(PointRow).filter(PointRow.cause.startswith(f"pledge:{alice}:")).all()
    voided = {row.voids for row in db.session.query(PointRow).all()}
    assert [row.cause for row in rows if row.id not in voided and not row.voids] == [f"pledge:{alice}:10000"]


def test_a_refused_part_is_tried_again_and_holds_up_no_step(
    world: World, fire: Fire, later: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    petition, (alice, bob), steps = fire(*BOTH, goal=30_000)
    name_payee(world)
    pay_step(world, steps[0], "alice", "bob")
    closed, refund = pledge(alice).hold_reference, Sandbox.refund

    def refuse_one(self: Sandbox, *, hold: str, amount: int, key: str) -> Answer:
        if hold == closed:
            return Answer("failed", hold, code="closed")
        return refund(self, hold=hold, amount=amount, key=key)

    monkeypatch.setattr(Sandbox, "refund", refuse_one)
    give_back(petition, alice, 5_000, "one")
    give_back(petition, bob, 1_000, "one")
    world.work()
    assert (pledge(alice).refunded, pledge(bob).refunded) == (0, 1_000)
    claim_step(world, steps[1])
    monkeypatch.setattr(Sandbox, "refund", refund)
    later.shift(timedelta(hours=1, minutes=1))
    world.work()
    assert pledge(alice).refunded == 5_000
    assert not refunds_owed(petition.id)


def test_tranches_come_out_of_what_was_not_given_back(world: World, fire: Fire) -> None:
    petition, (alice, _bob), steps = fire(*BOTH, goal=30_000)
    name_payee(world)
    pay_step(world, steps[0], "alice", "bob")
    give_back(petition, alice, 5_000, "one")
    world.work()
    pay_step(world, steps[1], "alice", "bob")
    db.session.rollback()
    assert [row.amount for row in db.session.query(Payout).order_by(Payout.id)] == [18_000, 7_000]
    assert world.action(petition).state == "delivered"
    assert set(balances(petition.id).values()) == {0}
    assert audit().differences == []


def test_a_payout_nobody_approved_makes_room(world: World, fire: Fire) -> None:
    petition, (alice, bob), steps = fire(*BOTH, goal=30_000)
    name_payee(world)
    pay_step(world, steps[0], "alice", "bob")
    claim_step(world, steps[1])
    cast(world, steps[1], True, "alice", "bob")
    assert give_back(petition, alice, 5_000, "one") == 5_000
    approve_payouts(world)
    assert give_back(petition, bob, 5_000, "one") == 0
    world.work()
    db.session.rollback()
    assert [row.amount for row in db.session.query(Payout).order_by(Payout.id)] == [18_000, 7_000]
    assert audit().differences == []


def test_stopping_gives_back_in_proportion_to_what_is_still_in_it(world: World, fire: Fire) -> None:
    petition, (alice, bob), steps = fire(*BOTH, goal=30_000)
    name_payee(world)
    pay_step(world, steps[0], "alice", "bob")
    give_back(petition, alice, 10_000, "one")
    claim_step(world, steps[1])
    cast(world, steps[1], False, "alice", "bob")
    world.work()
    assert db.session.get_one(Milestone, steps[1]).state == "rejected"
    assert (pledge(alice).refunded, pledge(bob).refunded) == (11_000, 1_000)
    assert set(balances(petition.id).values()) == {0}
    assert audit().differences == []
