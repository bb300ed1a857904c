"""Stopping: what the backers accepted is the organizer's, the rest is theirs, to the last won."""

from __future__ import annotations

from collections import Counter

import sqlalchemy as sa

from app import clock
from app.actions.auditing import audit
from app.actions.locking import lock_action
from app.actions.models import Action, Firing, Payout
from app.actions.paying import book_approval
from app.actions.refunding import refunds_decided
from app.actions.stopping import stop
from app.db import db, new_id, run_tx
from app.ledger.booking import balances, book
from app.ledger.entries import captured, paid_out
from app.petitions.models import Petition
from app.pledges.models import Pledge
from tests.actions.conftest import Fire
from tests.actions.stages import ALICE_AND_BOB as BOTH
from tests.actions.stages import approve_payouts, cast, claim_step, name_payee
from tests.world import World


def test_a_step_accepted_before_is_paid_although_a_later_one_is_rejected(world: World, fire: Fire) -> None:
    petition, (alice, bob), steps = fire(*BOTH, goal=30_000)
    claim_step(world, steps[0])
    cast(world, steps[0], True, "alice", "bob")
    claim_step(world, steps[1])
    cast(world, steps[1], False, "alice", "bob")
    world.work()
    assert world.action(petition).state == "stopped"
    assert {row.id: row.refunded for row in db.session.query(Pledge)} == {alice: 8_000, bob: 4_000}
    assert [(row.state, row.amount) for row in db.session.query(Payout)] == [("proposed", 18_000)]
    assert balances(petition.id)["escrow"] == 18_000
    assert audit().differences == []
    name_payee(world)
    approve_payouts(world)
    world.work()
    assert [row.state for row in db.session.query(Payout)] == ["paid"]
    assert set(balances(petition.id).values()) == {0}
    assert world.action(petition).state == "stopped"
    assert audit().differences == []


def test_money_that_no_accepted_step_explains_is_named(world: World, fire: Fire) -> None:
    petition, _, steps = fire(*BOTH, goal=30_000)
    claim_step(world, steps[0])
    cast(world, steps[0], True, "alice", "bob")
    claim_step(world, steps[1])
    cast(world, steps[1], False, "alice", "bob")
    world.work()
    run_tx(lambda: db.session.execute(sa.update(Payout).values(amount=17_999)))
    assert f"action {petition.id} is stopped, but 1 stay in escrow" in audit().differences


def test_276_backers_get_back_what_is_left_to_the_last_won(world: World) -> None:
    petition = world.petition(signatures=1, goal=2_760_000)
    first, moderator = world.plan(petition, 60, 40)[0], world.person("moderator")
    run_tx(lambda: spend_a_million(petition, first, moderator.id))

    def end() -> None:
        action = lock_action(petition.id)
        assert action is not None
        stop(action, reason="milestone_rejected")

    run_tx(end)
    back = refunds_decided(petition.id)
    assert Counter(back.values()) == {6_377: 224, 6_376: 52}
    assert sum(back.values()) == 1_760_000
    assert balances(petition.id)["escrow"] == 0


def spend_a_million(petition: Petition, step: str, moderator_id: str) -> None:
    """276 times 10,000 won captured, and 1,000,000 paid out for the first step."""
    at = clock.now()
    db.session.add(Firing(petition_id=petition.id, at=at, tallies={}))
    db.session.flush()
    db.session.add(
        Action(
            id=new_id(),
            petition_id=petition.id,
            state="underway",
            kind="gift",
            currency="KRW",
            goal=2_760_000,
            pledged=2_760_000,
            held_at_decision=2_760_000,
            started_at=at,
            collect_until=at,
            decided_at=at,
            underway_at=at,
            settled_at=at,
        )
    )
    for number in range(276):
        pledge = Pledge(
            id=new_id(),
            petition_id=petition.id,
            kind="gift",
            measure="money",
            amount=10_000,
            currency="KRW",
            cost=10_000,
            captured=10_000,
            mandate="",
            state="captured",
            email_key=f"key-{number}",
            name="",
            locale="ko",
            idempotency_key=f"key-{number}",
            created_at=at,
            captured_at=at,
            frozen_at=at,
        )
        db.session.add(pledge)
        book(captured(petition.id, pledge.id, "KRW", 10_000))
    assert petition.organizer_id is not None
    payout = Payout(
        id=new_id(),
        petition_id=petition.id,
        milestone_id=step,
        cause=f"milestone-{step}",
        amount=1_000_000,
        currency="KRW",
        state="paid",
        proposed_by=petition.organizer_id,
        proposed_at=at,
        approved_by=moderator_id,
        approved_at=at,
        paid_at=at,
    )
    db.session.add(payout)
    book_approval(payout)
    book(paid_out(petition.id, payout.id, "KRW", 1_000_000))
