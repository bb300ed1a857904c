"""The monthly run: nobody twice, nobody skipped, whatever dies on the way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.actions.auditing import audit
from app.db import db, run_tx
from app.ledger.booking import balances
from app.pledges.models import Pledge
from app.subscribing import running
from app.subscribing.auditing import CHECKS
from app.subscribing.ending import cancel
from tests.world import World

from .months import bills, charged, day, months, subscribed, subscription, work_at


def differences() -> list[str]:
    return [*audit().differences, *(found for check in CHECKS for found in check())]


def test_a_month_is_charged_once_on_the_first_and_lies_in_the_escrow(world: World) -> None:
    petition, pledges = subscribed(world, [("alice", 10_000, "pm_ok"), ("bob", 5_000, "pm_ok")])
    work_at(world, day(-1, 24), day(-1, 30, 23))
    assert bills(pledges["alice"]) == []
    work_at(world, day(0, 1, 0), day(0, 1), day(0, 31, 23))
    assert bills(pledges["alice"]) == [(10_000, "paid")]
    assert bills(pledges["bob"]) == [(5_000, "paid")]
    assert balances(petition.id)["escrow"] == 15_000 == charged(world, petition)
    assert differences() == []


def test_caps_of_5_5_4_2_1_pay_3_three_times(world: World) -> None:
    patrons = [(f"p{n}", cap, "pm_ok") for n, cap in enumerate((5, 5, 4, 2, 1), start=1)]
    petition, pledges = subscribed(world, patrons, unit=1_000)
    work_at(world, day(-1, 24), day(0, 1))
    assert [months(pledge)[0] for pledge in pledges.values()] == [3_000, 3_000, 3_000, 0, 0]
    assert charged(world, petition) == 9_000


def test_a_patron_without_a_limit_pays_whatever_the_crowd_is_worth(world: World) -> None:
    patrons: list[tuple[str, int | None, str]] = [(f"p{n}", None, "pm_ok") for n in range(4)]
    petition, _ = subscribed(world, patrons, unit=1_000)
    work_at(world, day(-1, 24), day(0, 1))
    assert charged(world, petition) == 4 * 4_000


def test_set_up_at_the_end_of_a_month_is_charged_once_a_month(world: World) -> None:
    """31 January, 23:59 in Seoul; February has no such day."""
    began = day(1, 31, 23) + timedelta(minutes=59)
    petition, pledges = subscribed(world, [("alice", 10_000, "pm_ok")], began=began)
    moment = began
    while moment < day(4, 15):
        moment += timedelta(hours=61)
        work_at(world, moment)
    assert set(months(pledges["alice"])) == {2, 3, 4}
    assert bills(pledges["alice"]) == [(10_000, "paid")] * 3
    assert charged(world, petition) == 30_000


def test_a_worker_that_slept_for_a_month_makes_up_for_it_once(world: World) -> None:
    petition, pledges = subscribed(world, [("alice", 10_000, "pm_ok")])
    work_at(world, day(1, 3), day(1, 3, 10), day(1, 4))
    assert months(pledges["alice"]) == {0: 10_000, 1: 10_000}
    assert bills(pledges["alice"]) == [(10_000, "paid")] * 2
    work_at(world, day(2, 1))
    assert charged(world, petition) == 30_000


def test_a_run_that_dies_in_the_middle_goes_on_with_the_same_value(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    patrons = [(f"p{n}", 5, "pm_ok") for n in range(5)]
    petition, pledges = subscribed(world, patrons, unit=1_000)
    work_at(world, day(-1, 24))
    owe, calls = running.owe, []

    def die_at_the_third(pledge_id: str, month: int) -> bool:
        calls.append(pledge_id)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return owe(pledge_id, month)

    monkeypatch.setattr("app.subscribing.carefully.BATCH", 1)
    monkeypatch.setattr(running, "owe", die_at_the_third)
    with pytest.raises(KeyboardInterrupt):
        work_at(world, day(0, 1))
    monkeypatch.setattr(running, "owe", owe)
    run_tx(lambda: cancel(calls[2]))
    work_at(world, day(0, 1, 10), day(0, 1, 11))
    paid = sorted(bills(pledge) for pledge in pledges.values())
    assert paid == [[]] + [[(5_000, "paid")]] * 4
    assert charged(world, petition) == 20_000
    assert differences() == []


def test_one_poisoned_patron_stops_nobody_and_somebody_is_told(world: World) -> None:
    patrons = [(name, 10_000, "pm_ok") for name in ("alice", "bob", "junho")]
    petition, pledges = subscribed(world, patrons)
    world.person("moderator")
    run_tx(lambda: setattr(db.session.get_one(Pledge, pledges["bob"]), "payment_method_id", None))
    work_at(world, day(-1, 24), day(0, 1), day(0, 1, 10), day(0, 1, 12))
    assert bills(pledges["alice"]) == bills(pledges["junho"]) == [(10_000, "paid")]
    assert bills(pledges["bob"]) == [(10_000, "due")]
    assert subscription(pledges["bob"]).stuck_because == (
        f"charge: pledge {pledges['bob']} has no payment method or no person"
    )
    told = [letter.subject for letter in world.letters("moderator") if "stuck" in letter.subject]
    assert len(told) == 1
    assert charged(world, petition) == 20_000
