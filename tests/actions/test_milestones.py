"""Milestones: claimed with evidence, voted on by the backers, paid out by two people."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from app.actions.auditing import audit
from app.actions.milestones import claim, vote
from app.actions.models import Milestone, Payout
from app.actions.payouts import approve
from app.db import db, run_tx
from app.errors import Refusal
from app.ledger.booking import balances
from app.payments.door import gateway
from app.payments.models import Payee
from app.pledges.models import Pledge
from app.points.lines import lines_of
from tests.actions.conftest import Fire
from tests.world import World

BOTH = (("alice", 20_000, "pm_ok"), ("bob", 10_000, "pm_ok"))


def name_payee(world: World) -> None:
    organizer = world.person("organizer")
    reference, label = gateway().save_payee(label="두레은행", number="110-222-333333")
    from app import clock

    run_tx(
        lambda: db.session.add(
            Payee(
                person_id=organizer.id,
                gateway="sandbox",
                reference=reference,
                label=label,
                saved_at=clock.now(),
            )
        )
    )


def claim_step(world: World, step: str) -> bool:
    organizer = world.person("organizer")
    return run_tx(lambda: claim(step, organizer.id, text="신호등을 세웠어요."))


def cast(world: World, step: str, name: str, accepts: bool) -> None:
    person = world.person(name)
    run_tx(lambda: vote(step, person.id, accepts))


def pay(world: World) -> None:
    moderator = world.person("moderator")
    for payout in db.session.query(Payout).filter_by(state="proposed").all():
        run_tx(lambda payout=payout: approve(payout.id, moderator.id))
    world.work()


def test_every_backer_in_favour_pays_the_share_and_then_delivers(
    world: World, later: time_machine.Traveller, fire: Fire
) -> None:
    petition, _, steps = fire(*BOTH, goal=30_000)
    name_payee(world)
    for step, escrow in zip(steps, (12_000, 0), strict=True):
        claim_step(world, step)
        cast(world, step, "alice", True)
        cast(world, step, "bob", True)
        pay(world)
        assert balances(petition.id)["escrow"] == escrow
    assert [payout.amount for payout in db.session.query(Payout).order_by(Payout.proposed_at)] == [
        18_000,
        12_000,
    ]
    world.work()
    assert world.action(petition).state == "delivered"
    assert world.fresh(petition).state == "closed"
    assert audit().differences == []


def test_silence_accepts(world: World, later: time_machine.Traveller, fire: Fire) -> None:
    _petition, _, steps = fire(*BOTH, goal=30_000)
    claim_step(world, steps[0])
    world.work()
    assert db.session.get_one(Milestone, steps[0]).state == "claimed"
    later.shift(timedelta(days=7, seconds=1))
    world.work()
    db.session.rollback()
    assert db.session.get_one(Milestone, steps[0]).state == "accepted"


def test_one_person_has_one_vote_and_may_change_it(world: World, fire: Fire) -> None:
    _petition, _, steps = fire(
        ("alice", 20_000, "pm_ok"), ("alice", 5_000, "pm_ok"), ("bob", 10_000, "pm_ok"), goal=30_000
    )
    claim_step(world, steps[0])
    cast(world, steps[0], "alice", False)
    cast(world, steps[0], "alice", True)
    assert db.session.get_one(Milestone, steps[0]).state == "claimed"
    cast(world, steps[0], "bob", True)
    db.session.rollback()
    assert db.session.get_one(Milestone, steps[0]).state == "accepted"


def test_rejection_gives_the_rest_back_in_proportion(world: World, fire: Fire) -> None:
    petition, (alice, bob), steps = fire(*BOTH, goal=30_000)
    name_payee(world)
    claim_step(world, steps[0])
    cast(world, steps[0], "alice", True)
    cast(world, steps[0], "bob", True)
    pay(world)
    claim_step(world, steps[1])
    cast(world, steps[1], "alice", False)
    cast(world, steps[1], "bob", False)
    world.work()
    assert world.action(petition).state == "stopped"
    refunds = {row.id: row.refunded for row in db.session.query(Pledge)}
    assert refunds == {alice: 8_000, bob: 4_000}
    assert set(balances(petition.id).values()) == {0}
    world.work()
    assert audit().differences == []


def test_only_backers_vote(world: World, fire: Fire) -> None:
    _petition, _, steps = fire(*BOTH, goal=30_000)
    claim_step(world, steps[0])
    with pytest.raises(Refusal):
        cast(world, steps[0], "minji", False)


def test_a_step_waits_for_the_one_before(world: World, fire: Fire) -> None:
    _petition, _, steps = fire(*BOTH, goal=30_000)
    with pytest.raises(Refusal):
        claim_step(world, steps[1])


def test_whoever_proposed_a_payout_cannot_approve_it(world: World, fire: Fire) -> None:
    _petition, _, steps = fire(*BOTH, goal=30_000)
    name_payee(world)
    claim_step(world, steps[0])
    cast(world, steps[0], "alice", True)
    cast(world, steps[0], "bob", True)
    payout = db.session.query(Payout).one()
    with pytest.raises(Refusal):
        run_tx(lambda: approve(payout.id, payout.proposed_by))
    world.work()
    assert world.fresh(payout).state == "proposed"


def test_both_sides_earn_the_same_from_a_delivered_pledge(world: World, fire: Fire) -> None:
    _petition, _, steps = fire(("alice", 30_000, "pm_ok"), goal=30_000)
    name_payee(world)
    for step in steps:
        claim_step(world, step)
        cast(world, step, "alice", True)
        pay(world)
    world.work()
    alice = sum(line.mp for line in lines_of(world.person("alice").id))
    organizer = sum(
        line.mp for line in lines_of(world.person("organizer").id) if line.reason == "milestone_organized"
    )
    assert alice == organizer == 5477
