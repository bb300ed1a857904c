"""The gateway misbehaves by dice, the people do as they like: the books hold at every step and end whole."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app.actions import calling, collecting
from app.db import db, run_tx
from app.payments.door import gateway
from app.payments.sandbox import moves
from app.payments.sandbox.models import SandboxObject
from app.payments.sandbox.telling import Deliveries, delivering
from app.petitions.models import Petition
from app.pledges.models import Pledge
from app.pledges.pledging import change_method
from tests.faults.conftest import AMOUNT, MIXED, ROUNDS, Campaign, Cast
from tests.faults.reckoning import troubles_at_the_end, troubles_on_the_way
from tests.faults.weather import Weather
from tests.world import World

TOKENS = (*MIXED, "pm_needs_auth", "pm_insufficient_funds")
STEPS = 8
PAUSES = (timedelta(seconds=20), timedelta(seconds=61), timedelta(minutes=3), timedelta(minutes=11))
CALM = timedelta(minutes=12)
SURE = 6 * AMOUNT
"""What these cards certainly come to, however bad the weather."""

FEW = ("pm_ok", "pm_timeout_after_success", "pm_declines_once", "pm_needs_auth", "pm_needs_auth")
POLICIES = {
    "once": Deliveries(),
    "all of it, twice": Deliveries(copies=2, everything=True),
    "backwards": Deliveries(copies=2, everything=True, backwards=True),
    "late": Deliveries(everything=True, delay=timedelta(minutes=7)),
    "never": Deliveries(copies=0),
}


def confirm_or_refuse(dice: random.Random) -> None:
    """Somebody answers their bank."""
    db.session.rollback()
    waiting = db.session.scalars(
        sa.select(SandboxObject.reference)
        .where(SandboxObject.status == "needs_auth")
        .order_by(SandboxObject.reference)
    ).all()
    for hold in waiting:
        if dice.random() < 0.3:
            verdict: Callable[[str], bool] = dice.choice((moves.confirm, moves.confirm, moves.decline))
            run_tx(lambda hold=hold, verdict=verdict: verdict(hold))


def mend(dice: random.Random) -> None:
    """Somebody saves another card."""
    db.session.rollback()
    failing = db.session.scalars(
        sa.select(Pledge.id).where(Pledge.state.in_(("failing", "dropped"))).order_by(Pledge.id)
    ).all()
    for pledge in failing:
        if dice.random() < 0.15:
            saved = gateway().save_token(dice.choice(("pm_ok", "pm_needs_auth", "pm_declined_on_hold")))
            run_tx(lambda pledge=pledge, saved=saved: change_method(pledge, saved))


def calm_down(world: World, later: time_machine.Traveller, cast: Cast) -> None:
    """Good weather until everything is over, but not so long that forgotten holds would lapse."""
    for _day in range(20):
        later.shift(CALM)
        world.work()
        if cast.is_over():
            break
        cast.act()
    for _look in range(2):
        later.shift(CALM)
        world.work()


@pytest.mark.parametrize("seed", range(4 * ROUNDS))
def test_whatever_the_gateway_does(
    world: World,
    later: time_machine.Traveller,
    campaign: Campaign,
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
) -> None:
    dice = random.Random(seed)
    goal = dice.choice((4 * AMOUNT, SURE, 9 * AMOUNT))
    petition = campaign(*TOKENS, goal=goal)
    cast = Cast(world, petition.id, rejects=dice.choice((0, 1, 2)))
    weather = Weather(seed, badness=dice.choice((10, 35, 60)))
    weather.hang_over(monkeypatch)
    with delivering(dice.choice(list(POLICIES.values()))):
        for _step in range(STEPS):
            world.work()
            assert troubles_on_the_way() == []
            confirm_or_refuse(dice)
            mend(dice)
            cast.act()
            weather.arrive()
            later.shift(dice.choice(PAUSES))
        weather.clear()
        calm_down(world, later, cast)
    assert weather.faults
    assert cast.is_over()
    assert troubles_at_the_end() == []


def test_without_looking_up_and_stored_keys_it_goes_wrong(
    world: World,
    later: time_machine.Traveller,
    campaign: Campaign,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    petition = campaign(*TOKENS, goal=4 * AMOUNT)
    cast = Cast(world, petition.id)
    weather = Weather(1, badness=60)
    weather.hang_over(monkeypatch)
    monkeypatch.setattr(calling, "ask", ask_anew(calling.ask))
    for _step in range(STEPS):
        world.work()
        cast.act()
        weather.arrive()
        later.shift(timedelta(minutes=3))
    weather.clear()
    calm_down(world, later, cast)
    assert troubles_at_the_end() != []


def ask_anew(original: Callable[..., object]) -> Callable[..., object]:
    """Every attempt is made as if it were the first, under a key of its own."""
    from dataclasses import replace
    from uuid import uuid4

    return lambda call: original(replace(call, key=uuid4().hex, resumed=False))


def final_states(petition: Petition) -> list[str]:
    db.session.rollback()
    db.session.expire_all()
    return list(
        db.session.scalars(
            sa.select(Pledge.state).where(Pledge.petition_id == petition.id).order_by(Pledge.id)
        )
    )


def test_the_end_does_not_depend_on_the_messages(
    world: World, later: time_machine.Traveller, campaign: Campaign
) -> None:
    """Once, twice, backwards, late, never: the same pledges end the same way."""
    ends = {}
    for name, policy in POLICIES.items():
        petition = campaign(*FEW, goal=3 * AMOUNT)
        with delivering(policy):
            world.work()
            [first, second] = db.session.scalars(
                sa.select(Pledge.hold_reference)
                .where(Pledge.petition_id == petition.id, Pledge.failure == "needs_auth")
                .order_by(Pledge.id)
            ).all()
            run_tx(lambda hold=first: moves.confirm(hold or ""))
            run_tx(lambda hold=second: moves.decline(hold or ""))
            for _minute in range(5):
                later.shift(timedelta(seconds=90))
                world.work()
            calm_down(world, later, Cast(world, petition.id))
        ends[name] = final_states(petition)
    for name, states in ends.items():
        assert states == ends["once"], name
    assert ends["once"].count("captured") == 4
    assert troubles_at_the_end() == []


def test_without_looking_again_a_message_that_never_comes_loses_a_pledge(
    world: World, later: time_machine.Traveller, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(collecting, "look_again", lambda _petition_id: None)
    petition = campaign("pm_ok", "pm_needs_auth", goal=AMOUNT)
    with delivering(POLICIES["never"]):
        world.work()
        hold = db.session.scalar(sa.select(Pledge.hold_reference).where(Pledge.failure == "needs_auth"))
        run_tx(lambda: moves.confirm(hold or ""))
        calm_down(world, later, Cast(world, petition.id))
    assert final_states(petition) == ["captured", "dropped"]
