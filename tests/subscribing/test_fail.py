"""A charge that fails, small sums, and money whose answer comes late."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.db import run_tx
from app.payments.door import gateway
from app.subscribing.changing import change_method
from app.subscribing.ending import cancel
from tests.world import World

from .months import at, bills, charged, day, months, own_bill, subscribed, subscription, work_at


def test_a_failed_charge_of_the_1st_is_tried_five_times_more_and_the_sixth_failure_ends_it(
    world: World,
) -> None:
    petition, pledges = subscribed(world, [("alice", 10_000, "pm_declined_on_hold"), ("bob", 5_000, "pm_ok")])
    work_at(world, day(-1, 24), day(0, 1))
    tries = []
    for number in range(1, 21):
        before = own_bill(pledges["alice"]).failures
        work_at(world, day(0, number, 12))
        tries += [number] * (own_bill(pledges["alice"]).failures - before)
    assert tries == [3, 5, 10, 15, 20]
    assert bills(pledges["alice"]) == [(10_000, "unpaid")]
    assert subscription(pledges["alice"]).ended_because == "unpaid"
    assert world.pledge_state(pledges["alice"]) == "ended"
    letters = [letter.subject for letter in world.letters("alice")]
    assert sum("A monthly charge failed" in subject for subject in letters) == 5
    assert sum("has ended" in subject for subject in letters) == 1
    work_at(world, day(0, 25), day(1, 1))
    assert bills(pledges["bob"]) == [(5_000, "paid")] * 2
    assert charged(world, petition) == 10_000


def test_a_second_try_and_another_card_pay_what_failed(world: World) -> None:
    """Alice's card works at the second try; Bob saves another card, and it is tried at once."""
    patrons = [("alice", 10_000, "pm_declines_once"), ("bob", 5_000, "pm_declined_on_hold")]
    _, pledges = subscribed(world, patrons)
    work_at(world, day(-1, 24), day(0, 1))
    saved = gateway().save_token("pm_ok")
    with at(day(0, 2)):
        assert run_tx(lambda: change_method(pledges["bob"], saved))
        assert not run_tx(lambda: change_method(pledges["bob"], saved))
    work_at(world, day(0, 2))
    assert bills(pledges["bob"]) == [(5_000, "paid")]
    assert bills(pledges["alice"]) == [(10_000, "due")]
    work_at(world, day(0, 3))
    assert bills(pledges["alice"]) == [(10_000, "paid")]
    assert subscription(pledges["alice"]).runs


def test_small_sums_are_carried_on_until_the_fee_is_under_a_tenth(world: World) -> None:
    """The fee is 100 won: 300, 600 and 900 are too little, 1,200 is enough. Bob cancels at 600."""
    petition, pledges = subscribed(world, [("alice", 300, "pm_ok"), ("bob", 300, "pm_ok")])
    for month in range(4):
        work_at(world, day(month - 1, 26), day(month, 1))
        assert bills(pledges["alice"]) == ([] if month < 3 else [(1_200, "paid")])
        if month == 1:
            with at(day(month, 2)):
                run_tx(lambda: cancel(pledges["bob"]))
    assert months(pledges["alice"]) == dict.fromkeys(range(4), 300)
    assert bills(pledges["bob"]) == []
    assert charged(world, petition) == 1_200


def test_months_that_waited_for_a_failing_charge_are_charged_with_the_next(world: World) -> None:
    """A try that was late lets the next one be late; meanwhile the next month begins."""
    petition, pledges = subscribed(world, [("alice", 10_000, "pm_declined_on_hold")])
    work_at(world, day(-1, 24), day(0, 28), day(1, 1, 9))
    assert own_bill(pledges["alice"]).state == "due"
    saved = gateway().save_token("pm_ok")
    with at(day(1, 2)):
        run_tx(lambda: change_method(pledges["alice"], saved))
    work_at(world, day(1, 2, 10), day(1, 2, 11))
    assert bills(pledges["alice"]) == [(10_000, "paid"), (10_000, "paid")]
    assert charged(world, petition) == 20_000


def test_money_whose_answer_was_lost_is_paid_even_after_the_end(world: World) -> None:
    """The answer comes when the patron has cancelled: what was taken is marked as paid, and nothing more."""
    petition, pledges = subscribed(world, [("alice", 10_000, "pm_timeout_after_success")])
    work_at(world, day(-1, 24), day(0, 1))
    assert bills(pledges["alice"]) == [(10_000, "charging")]
    with at(day(0, 1, 9)):
        run_tx(lambda: cancel(pledges["alice"]))
    assert bills(pledges["alice"]) == [(10_000, "charging")]
    work_at(world, day(0, 1, 9) + timedelta(minutes=5), day(1, 1))
    assert bills(pledges["alice"]) == [(10_000, "paid")]
    assert charged(world, petition) == 10_000


def test_nothing_is_charged_for_an_action_that_never_began(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Money and months: the gift falls short, so the months never begin."""
    from app.petitions.launching import OfferWish
    from tests.subscribing.months import FIXED, NOVEMBER

    with at(NOVEMBER):
        offers = (OfferWish("gift", "money", 20_000), OfferWish("recurring", "money", 1, FIXED))
        petition = world.petition(signatures=1, offers=offers)
        world.pledge(petition, "bob", 20_000, "pm_declined_on_hold")
        pledge_id = world.pledge(petition, "alice", 5_000, "pm_ok", "recurring")
        world.sign(petition, "minji")
    for number in range(6):
        with at(NOVEMBER + timedelta(days=number, hours=2)):
            world.work()
    assert world.action(petition).state == "released"
    assert world.pledge_state(pledge_id) == "released"
    work_at(world, day(0, 1), day(1, 1))
    assert charged(world, petition) == 0
