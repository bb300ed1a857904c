"""Holding money on a saved card."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.money import NotMoney
from app.payments.door import Answer, Gateway

Hold = Callable[..., Answer]


def test_a_good_card_is_held_for_the_whole_amount(hold: Hold, sandbox: Gateway) -> None:
    answer = hold(30_000)

    assert (answer.status, answer.code, answer.amount) == ("held", None, 30_000)
    assert sandbox.look_up(answer.reference) == answer


@pytest.mark.parametrize(
    ("card", "code"), [("declined_on_hold", "card_declined"), ("insufficient_funds", "insufficient_funds")]
)
def test_a_bad_card_is_declined_each_time(
    card: str, code: str, sandbox: Gateway, fresh_key: Callable[[], str]
) -> None:
    method = sandbox.save_token(f"pm_{card}").reference

    for _day in range(4):
        answer = sandbox.hold(method=method, amount=10_000, currency="KRW", key=fresh_key())

        assert (answer.status, answer.code, answer.amount) == ("declined", code, 0)
        assert sandbox.look_up(answer.reference) == answer


def test_a_card_that_declines_once_works_the_next_day(sandbox: Gateway, fresh_key: Callable[[], str]) -> None:
    method = sandbox.save_token("pm_declines_once").reference
    answers = [
        sandbox.hold(method=method, amount=10_000, currency="KRW", key=fresh_key()).status
        for _day in range(3)
    ]

    assert answers == ["declined", "held", "held"]


def test_a_method_nobody_saved_is_declined(sandbox: Gateway) -> None:
    answer = sandbox.hold(method="pm_of_nobody", amount=10_000, currency="KRW", key="k")

    assert (answer.status, answer.code) == ("declined", "unknown_method")


def test_an_account_to_pay_out_to_is_no_method_to_hold_money_on(sandbox: Gateway) -> None:
    payee, _label = sandbox.save_payee(label="한솔", number="110-123-456789")
    answer = sandbox.hold(method=payee, amount=10_000, currency="KRW", key="k")

    assert (answer.status, answer.code) == ("declined", "unknown_method")


def test_a_card_may_ask_its_holder_first(hold: Hold, sandbox: Gateway) -> None:
    answer = hold(card="needs_auth")

    assert (answer.status, answer.code, answer.amount) == ("needs_auth", "authentication_required", 0)
    assert sandbox.capture(hold=answer.reference, amount=1, key="c").code == "not_held"


@pytest.mark.parametrize("amount", [0, -1, 10**12 + 1, True, 10.0])
def test_an_amount_that_is_none_is_never_sent(amount: int, sandbox: Gateway) -> None:
    method = sandbox.save_token("pm_ok").reference

    with pytest.raises(ValueError, match="no amount"):
        sandbox.hold(method=method, amount=amount, currency="KRW", key="k")
    assert sandbox.find("k") is None


def test_an_unknown_currency_is_never_sent(sandbox: Gateway) -> None:
    with pytest.raises(NotMoney):
        sandbox.hold(method="pm", amount=1, currency="XXX", key="k")


def test_a_hold_expires_after_seven_days(hold: Hold, sandbox: Gateway) -> None:
    start = datetime(2026, 11, 30, 12, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as clock:
        answer = hold()
        clock.move_to(start + timedelta(days=7, seconds=-1))
        assert sandbox.look_up(answer.reference) == answer

        clock.move_to(start + timedelta(days=7))
        assert sandbox.look_up(answer.reference) == Answer("released", answer.reference, "expired")
        refused = sandbox.capture(hold=answer.reference, amount=10_000, key="late")

    assert (refused.status, refused.code) == ("failed", "expired")
