"""Everybody at one purse at once, and a worker that dies between taking and noting it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask

from app.db import db, run_tx
from app.errors import Refusal
from app.ledger.booking import balances
from app.payments.door import Answer, gateway
from app.purses import balances as reading
from app.purses import moves, paying_out
from app.purses.balances import Balance, balance_of
from app.purses.gateway import purse_method
from tests.purses.pockets import differences, fill, purse_of, with_account
from tests.races.crowd import all_at_once, errors
from tests.world import World

AT_ONCE = 8


def hold(person_id: str, amount: int, key: str) -> Answer:
    method = purse_method(person_id).reference
    return gateway("purse").hold(method=method, amount=amount, currency="KRW", key=key)


def race_for(app: Flask, person_id: str) -> list[str]:
    """Eight holds of all there is, released together; how they ended."""
    db.session.rollback()
    deeds = [lambda number=number: hold(person_id, 10_000, f"h{number}") for number in range(AT_ONCE)]
    answers = all_at_once(app, deeds)  # type: ignore[arg-type]
    assert errors(answers) == []
    return sorted(answer.status for answer in answers if isinstance(answer, Answer))


def test_holds_at_once_on_one_balance_set_it_aside_once(world: World, app: Flask) -> None:
    minji = world.person("minji").id
    fill(world.petition(), **{minji: 10_000})
    assert race_for(app, minji) == ["declined"] * (AT_ONCE - 1) + ["held"]
    assert (purse_of(minji).total, purse_of(minji).free) == (10_000, 0)


def test_a_hold_and_a_payout_at_once_never_use_the_same_won(world: World, app: Flask) -> None:
    minji = with_account(world, "minji")
    fill(world.petition(), **{minji: 10_000})
    db.session.rollback()

    def take_out() -> str:
        try:
            run_tx(lambda: paying_out.ask_payout(minji, 10_000, "KRW", form_key="k"))
        except Refusal:
            return "declined"
        return "held"

    ends = all_at_once(app, [take_out, lambda: hold(minji, 10_000, "h").status] * 2)
    assert errors(ends) == []
    assert purse_of(minji).free == 0


@contextmanager
def reading_without_lock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What a purse would be if each looked at it before the other had written."""
    seen: dict[str, Balance] = {}

    def read_once(person_id: str, currency: str) -> Balance:
        return seen.setdefault(person_id, balance_of(person_id, currency))

    with monkeypatch.context() as patch:
        patch.setattr(moves, "lock_purse", read_once)
        yield


def test_without_the_lock_the_same_won_is_promised_again(
    world: World, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: the race is lost, and the audit says so."""
    minji = world.person("minji").id
    fill(world.petition(), **{minji: 10_000})
    with reading_without_lock(monkeypatch):
        hold(minji, 10_000, "one")
        hold(minji, 10_000, "two")
    assert reading.balance_of(minji, "KRW").free == -10_000
    assert any("set aside" in sentence for sentence in differences())


def test_a_death_between_capture_and_noting_it_costs_nothing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gateway took the money in a transaction of its own; whoever asked again hears that it did."""
    minji = world.person("minji").id
    fill(world.petition(), **{minji: 10_000})
    reference = hold(minji, 10_000, "h").reference
    door = gateway("purse")
    taken = door.capture(hold=reference, amount=10_000, key="c")  # and here the caller dies
    assert (purse_of(minji).total, door.find("c")) == (0, taken)
    assert door.capture(hold=reference, amount=10_000, key="c") == taken
    assert purse_of(minji).total == 0


def test_a_death_inside_the_capture_leaves_the_hold(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    minji = world.person("minji").id
    fill(world.petition(), **{minji: 10_000})
    reference, door = hold(minji, 10_000, "h").reference, gateway("purse")

    def die(_booking: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(moves, "book", die)
        with pytest.raises(KeyboardInterrupt):
            door.capture(hold=reference, amount=10_000, key="c")
    assert (door.find("c"), purse_of(minji).total) == (None, 10_000)
    assert door.capture(hold=reference, amount=10_000, key="c").status == "captured"
    assert purse_of(minji).total == 0
    assert balances(minji)["purse"] == 0
