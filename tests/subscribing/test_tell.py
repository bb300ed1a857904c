"""What is told before a month, and that it is never more in the end."""

from __future__ import annotations

import pytest

from app.db import run_tx
from app.subscribing.changing import lift_limit, pause, resume
from app.subscribing.ending import cancel
from tests.world import World

from .months import at, bills, day, months, subscribed, work_at

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def subjects(world: World, name: str) -> list[str]:
    return [letter.subject for letter in world.letters(name)]


def test_a_week_before_the_first_month_everybody_is_told_the_amount(world: World) -> None:
    _, pledges = subscribed(world, [("alice", 10_000, "pm_ok"), ("bob", 10_000, "pm_ok")])
    run_tx(lambda: pause(pledges["bob"]))
    assert "Your subscription begins" in subjects(world, "alice")[-1]
    work_at(world, day(-1, 23, 23))
    assert "a month" not in subjects(world, "alice")[-1]
    work_at(world, day(-1, 24, 1))
    assert subjects(world, "alice")[-1] == "From December 1, 2026 you pay ₩10,000 a month"
    work_at(world, day(-1, 25))
    assert subjects(world, "alice").count("From December 1, 2026 you pay ₩10,000 a month") == 1
    assert not any("you pay" in subject for subject in subjects(world, "bob"))


def test_an_amount_that_grows_is_told_with_time_to_get_out(world: World) -> None:
    """One who had paused comes back: the others would pay 3,000 instead of 2,000."""
    _, pledges = subscribed(world, [(name, 9, "pm_ok") for name in ("alice", "bob", "junho")], unit=1_000)
    run_tx(lambda: pause(pledges["junho"]))
    work_at(world, day(-1, 24), day(0, 1))
    assert months(pledges["alice"]) == {0: 2_000}
    run_tx(lambda: resume(pledges["junho"]))
    work_at(world, day(0, 25))
    assert subjects(world, "alice")[-1] == "Your amount grows on January 1, 2027 to ₩3,000"
    with at(day(0, 26)):
        run_tx(lambda: cancel(pledges["bob"]))
    work_at(world, day(1, 1))
    assert months(pledges["alice"])[1] == 2_000
    assert not any("grows" in subject for subject in subjects(world, "junho"))


def test_nobody_pays_more_than_was_told_even_when_more_come(world: World) -> None:
    _, pledges = subscribed(world, [(name, 9, "pm_ok") for name in ("alice", "bob", "junho")], unit=1_000)
    run_tx(lambda: pause(pledges["junho"]))
    work_at(world, day(-1, 24))
    run_tx(lambda: resume(pledges["junho"]))
    work_at(world, day(0, 1))
    assert months(pledges["alice"]) == {0: 2_000}
    assert months(pledges["junho"]) == {}


def test_nobody_whose_limit_was_too_low_pays_unawares_when_the_value_falls(world: World) -> None:
    """Caps 9, 9, 9, 2: worth 3; when one leaves it is worth 2, but 준호 was told that nothing is due."""
    patrons = [("alice", 9, "pm_ok"), ("bob", 9, "pm_ok"), ("minsu", 9, "pm_ok"), ("junho", 2, "pm_ok")]
    _, pledges = subscribed(world, patrons, unit=1_000)
    work_at(world, day(-1, 24))
    with at(day(-1, 26)):
        run_tx(lambda: cancel(pledges["bob"]))
    work_at(world, day(0, 1))
    assert months(pledges["junho"]) == {0: 0}
    assert months(pledges["alice"]) == {0: 2_000}
    work_at(world, day(0, 26), day(1, 1))
    assert subjects(world, "junho").count("From 2027년 1월 1일 you pay ₩2,000 a month") == 1
    assert bills(pledges["junho"]) == [(2_000, "paid")]


def test_told_too_late_an_amount_does_not_grow(world: World) -> None:
    """The worker slept until the last day: nobody could have got out, so nobody pays more."""
    _, pledges = subscribed(world, [(name, 2, "pm_ok") for name in ("alice", "bob", "junho")], unit=1_000)
    work_at(world, day(-1, 24), day(0, 1))
    assert months(pledges["alice"]) == {0: 2_000}
    for pledge in pledges.values():
        run_tx(lambda pledge=pledge: lift_limit(pledge))  # type: ignore[misc]
    work_at(world, day(0, 31), day(1, 1))
    assert months(pledges["alice"]) == {0: 2_000, 1: 2_000}
    work_at(world, day(1, 25), day(2, 1))
    assert months(pledges["alice"])[2] == 3_000
