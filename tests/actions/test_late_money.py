"""Money that is taken when nobody has a use for it any more goes back; meanwhile the books say so."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app.actions import straying
from app.actions.auditing import audit
from app.actions.collecting import learn_from_gateway
from app.actions.models import Attempt
from app.db import db, run_tx
from app.ledger.booking import balances, book
from app.ledger.entries import captured
from app.payments.door import Answer, gateway
from app.payments.sandbox import moves
from app.pledges.models import Pledge
from tests.actions.conftest import Fire
from tests.actions.stages import approve_payouts, cast, claim_step, name_payee, pay_step
from tests.world import World

PLEDGES = (("alice", 20_000, "pm_ok"), ("bob", 10_000, "pm_needs_auth"))


def deliver(world: World, later: time_machine.Traveller, fire: Fire) -> tuple[str, str]:
    """An action delivered without Bob, who never confirmed; its petition and his pledge."""
    petition, (_alice, bob), steps = fire(*PLEDGES, goal=20_000)
    name_payee(world)
    for _day in range(5):
        later.shift(timedelta(days=1, minutes=1))
        world.work()
    for step in steps:
        pay_step(world, step, "alice")
    world.work()
    assert (world.action(petition).state, world.pledge_state(bob)) == ("delivered", "dropped")
    return petition.id, bob


def test_money_taken_after_the_delivery_goes_back(
    world: World, later: time_machine.Traveller, fire: Fire, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hold that was not called off: somebody at the gateway takes the money, and its message tells us."""
    monkeypatch.setattr(straying, "stray_holds", lambda _action: sa.select(Attempt).where(sa.false()))
    petition_id, bob = deliver(world, later, fire)
    hold = db.session.get_one(Pledge, bob).hold_reference
    assert hold is not None
    run_tx(lambda: moves.confirm(hold))
    run_tx(lambda: moves.capture(hold, 10_000))
    learn_from_gateway(hold)
    world.work()
    world.work()
    assert world.pledge_state(bob) == "refunded"
    assert set(balances(petition_id).values()) == {0}
    assert audit().differences == []


def test_a_hold_never_confirmed_is_called_off_with_the_delivery(
    world: World, later: time_machine.Traveller, fire: Fire
) -> None:
    _petition_id, bob = deliver(world, later, fire)
    hold = db.session.scalars(sa.select(Attempt.reference).where(Attempt.subject_id == bob)).first()
    assert hold is not None
    assert gateway().look_up(hold) == Answer("released", hold)
    assert not run_tx(lambda: moves.confirm(hold))
    assert audit().differences == []


def test_the_books_name_what_a_delivered_action_keeps(
    world: World, later: time_machine.Traveller, fire: Fire
) -> None:
    petition_id, bob = deliver(world, later, fire)
    run_tx(lambda: book(captured(petition_id, bob, "KRW", 10_000)))
    assert any("is delivered, but 10000 stay in escrow" in said for said in audit().differences)


def test_money_taken_after_the_last_step_was_accepted_goes_back_in_proportion(
    world: World, later: time_machine.Traveller, fire: Fire
) -> None:
    petition, (alice, bob), steps = fire(*PLEDGES, goal=20_000)
    name_payee(world)
    for _day in range(5):
        later.shift(timedelta(days=1, minutes=1))
        world.work()
    pay_step(world, steps[0], "alice")
    claim_step(world, steps[1])
    cast(world, steps[1], True, "alice")
    hold = db.session.get_one(Pledge, bob).hold_reference
    assert hold is not None
    run_tx(lambda: moves.confirm(hold))
    run_tx(lambda: moves.capture(hold, 10_000))
    learn_from_gateway(hold)
    assert balances(petition.id)["escrow"] == 18_000
    approve_payouts(world)
    world.work()
    world.work()
    assert world.action(petition).state == "delivered"
    assert {row.id: row.refunded for row in db.session.query(Pledge)} == {alice: 6_667, bob: 3_333}
    assert set(balances(petition.id).values()) == {0}
    assert audit().differences == []
