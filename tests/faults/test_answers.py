"""Answers that get lost, come too late or cannot be used: nobody pays for it, and nobody waits for ever."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine

from app.actions import calling, collecting, settling
from app.actions.collecting import learn_from_gateway
from app.actions.models import Attempt
from app.actions.stopping import stop
from app.db import db, run_tx
from app.ledger.booking import balances
from app.payments.door import Answer, GatewayTimeout
from app.payments.sandbox import moves
from app.payments.sandbox.gateway import Sandbox
from app.payments.sandbox.telling import Deliveries, delivering
from app.petitions.models import Petition
from app.pledges.models import Pledge
from tests.faults.conftest import AMOUNT, ROUNDS, Campaign, pledges_of, wait
from tests.faults.reckoning import troubles_at_the_end
from tests.races.crowd import all_at_once, errors
from tests.world import World


class TestACaptureWithoutAnAnswer:
    """The money is taken, the answer lost, and the backers end the action before anybody looks it up."""

    def lose_the_answer(self, world: World, campaign: Campaign, monkeypatch: pytest.MonkeyPatch) -> Petition:
        petition = campaign("pm_ok", "pm_ok", goal=2 * AMOUNT)
        capture, lost = Sandbox.capture, []

        def lose_one(self: Sandbox, **call: Any) -> Any:
            answer = capture(self, **call)
            if not lost:
                lost.append(answer)
                raise GatewayTimeout("lost")
            return answer

        monkeypatch.setattr(Sandbox, "capture", lose_one)
        world.work()
        assert sorted(pledge.state for pledge in pledges_of(petition)) == ["captured", "held"]

        run_tx(lambda: end(petition.id))
        return petition

    def test_is_found_and_given_back(
        self,
        world: World,
        later: time_machine.Traveller,
        campaign: Campaign,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        petition = self.lose_the_answer(world, campaign, monkeypatch)
        wait(world, later, 6)
        assert [pledge.state for pledge in pledges_of(petition)] == ["refunded", "refunded"]
        assert balances(petition.id)["clearing"] == 0
        assert troubles_at_the_end() == []

    def test_is_lost_when_the_hold_may_be_released_meanwhile(
        self,
        world: World,
        later: time_machine.Traveller,
        campaign: Campaign,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        petition = self.lose_the_answer(world, campaign, monkeypatch)
        [held] = [pledge for pledge in pledges_of(petition) if pledge.state == "held"]
        run_tx(lambda: settling.mark_released(db.session.get_one(Pledge, held.id)))
        monkeypatch.setattr(settling, "settle_hold", lambda *_: None)
        wait(world, later, 6)
        assert any("capture:" in trouble for trouble in troubles_at_the_end())


def test_an_answer_that_cannot_be_settled_stops_no_other(
    world: World, later: time_machine.Traveller, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
) -> None:
    petition = campaign("pm_ok", "pm_ok", "pm_ok", goal=2 * AMOUNT)
    poisoned = pledges_of(petition)[0].id
    mark_held = settling.mark_held

    def choke(action: Any, pledge: Any, reference: str) -> None:
        if pledge.id == poisoned:
            raise ValueError("this pledge cannot be settled")
        mark_held(action, pledge, reference)

    monkeypatch.setattr(settling, "mark_held", choke)
    world.work()
    assert world.action(petition).state == "collecting"
    wait(world, later, 14)
    assert world.action(petition).state == "underway"
    assert [pledge.state for pledge in pledges_of(petition)] == ["dropped", "captured", "captured"]
    monkeypatch.setattr(settling, "mark_held", mark_held)
    wait(world, later, 5)
    assert [pledge.state for pledge in pledges_of(petition)] == ["captured"] * 3
    assert troubles_at_the_end() == []


LAPSE = {
    "by message": lambda hold: (run_tx(lambda: moves.expire(hold)), learn_from_gateway(hold)),
    "by looking again": lambda _hold: None,
    "by the refused capture": lambda _hold: None,
}


@pytest.mark.parametrize("told", LAPSE)
def test_a_hold_that_lapsed_while_nobody_worked_is_placed_anew_whoever_says_so(
    world: World,
    later: time_machine.Traveller,
    campaign: Campaign,
    monkeypatch: pytest.MonkeyPatch,
    told: str,
) -> None:
    petition = campaign("pm_ok", "pm_declines_once", goal=2 * AMOUNT)
    world.work()
    lapsing = pledges_of(petition)[0].hold_reference or ""
    if told == "by the refused capture":
        monkeypatch.setattr(collecting, "look_again", lambda _petition_id: None)
    with delivering(Deliveries(copies=0)):
        later.shift(timedelta(days=8))
        LAPSE[told](lapsing)
        wait(world, later, 3)
    assert world.action(petition).state == "underway"
    assert [pledge.state for pledge in pledges_of(petition)] == ["captured", "captured"]
    assert pledges_of(petition)[0].hold_reference != lapsing
    assert troubles_at_the_end() == []


def test_the_last_retry_is_made_before_anybody_is_let_go(
    world: World, later: time_machine.Traveller, campaign: Campaign
) -> None:
    """Looks a few seconds late each time used to let everybody go at the very minute of the last retry."""
    petition = campaign("pm_ok", "pm_declined_on_hold", goal=2 * AMOUNT)
    world.work()
    for seconds in (63, 63, 55, 20):
        later.shift(timedelta(seconds=seconds))
        world.work()
    tries = db.session.query(Attempt).filter_by(subject_id=pledges_of(petition)[1].id).count()
    assert tries == 4
    assert world.action(petition).state == "released"


class TestACaptureDuringTheStop:
    """The answer to a capture is settled in the very moment in which the backers end the action."""

    def hold_and_stop(
        self, world: World, campaign: Campaign, monkeypatch: pytest.MonkeyPatch
    ) -> tuple[Petition, list[Any]]:
        petition = campaign("pm_ok", "pm_ok", goal=2 * AMOUNT)
        settle = calling.settle_together
        with monkeypatch.context() as patch:
            patch.setattr(calling, "settle_together", deaf_to_captures(settle))
            world.work()
        [first, second] = db.session.query(Attempt).filter_by(purpose="capture").order_by(Attempt.id)
        taken = [Answer("captured", attempt.reference or "", amount=AMOUNT) for attempt in (first, second)]
        run_tx(lambda: settling.settle(first.id, taken[0]))
        return petition, [
            partial(run_tx, partial(settling.settle, second.id, taken[1])),
            partial(run_tx, partial(end, petition.id)),
        ]

    @pytest.mark.parametrize("round_", range(3 * ROUNDS))
    def test_is_given_back_whoever_comes_first(
        self,
        world: World,
        later: time_machine.Traveller,
        campaign: Campaign,
        monkeypatch: pytest.MonkeyPatch,
        round_: int,
    ) -> None:
        petition, deeds = self.hold_and_stop(world, campaign, monkeypatch)
        assert errors(all_at_once(world.app, deeds[:: -1 if round_ % 2 else 1])) == []
        wait(world, later, 3)
        assert [pledge.state for pledge in pledges_of(petition)] == ["refunded", "refunded"]
        assert troubles_at_the_end() == []

    def test_stays_in_escrow_when_the_action_is_not_locked(
        self,
        world: World,
        later: time_machine.Traveller,
        campaign: Campaign,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        """What the settling read before the stop, and without a lock, is no longer so at its commit."""
        _petition, [settle_it, end_it] = self.hold_and_stop(world, campaign, monkeypatch)
        before = SimpleNamespace(state="underway", settled_at=None)
        monkeypatch.setattr(settling, "lock_action", lambda _petition_id: before)
        end_it()
        settle_it()
        wait(world, later, 3)
        assert any(f"but {AMOUNT} stay in escrow" in trouble for trouble in troubles_at_the_end())


def deaf_to_captures(settle: Callable[..., None]) -> Callable[..., None]:
    """The answers to captures do not arrive yet."""
    return lambda answers: settle([each for each in answers if each[1].status != "captured"])


def end(petition_id: str) -> None:
    action = collecting.lock_action(petition_id)
    assert action is not None
    stop(action, reason="milestone_rejected")
