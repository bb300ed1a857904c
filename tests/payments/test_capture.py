"""Taking what is held: at most once, never more."""

from __future__ import annotations

from collections.abc import Callable

from app.payments.door import Answer, Gateway

Hold = Callable[..., Answer]


def test_a_hold_is_taken(hold: Hold, sandbox: Gateway) -> None:
    held = hold(10_000)
    answer = sandbox.capture(hold=held.reference, amount=10_000, key="c")

    assert answer == Answer("captured", held.reference, amount=10_000)
    assert sandbox.look_up(held.reference) == answer


def test_a_part_may_be_taken_and_the_rest_is_let_go(hold: Hold, sandbox: Gateway) -> None:
    held = hold(12_000)
    sandbox.capture(hold=held.reference, amount=11_000, key="c")
    rest = sandbox.capture(hold=held.reference, amount=1_000, key="the rest")

    assert (rest.status, rest.code) == ("failed", "already_captured")
    assert sandbox.look_up(held.reference) == Answer("captured", held.reference, amount=11_000)


def test_more_than_the_hold_is_refused_and_the_hold_stays(hold: Hold, sandbox: Gateway) -> None:
    held = hold(10_000)
    answer = sandbox.capture(hold=held.reference, amount=10_001, key="c")

    assert (answer.status, answer.code, answer.amount) == ("failed", "amount_too_large", 0)
    assert sandbox.look_up(held.reference) == held


def test_a_second_capture_takes_nothing(hold: Hold, sandbox: Gateway) -> None:
    held = hold()
    sandbox.capture(hold=held.reference, amount=10_000, key="c")
    answer = sandbox.capture(hold=held.reference, amount=10_000, key="once more")

    assert (answer.status, answer.code) == ("failed", "already_captured")


def test_a_released_hold_cannot_be_taken(hold: Hold, sandbox: Gateway) -> None:
    held = hold()
    sandbox.release(hold=held.reference, key="r")
    answer = sandbox.capture(hold=held.reference, amount=10_000, key="c")

    assert (answer.status, answer.code) == ("failed", "released")


def test_a_declined_or_unknown_hold_cannot_be_taken(hold: Hold, sandbox: Gateway) -> None:
    declined = hold(card="declined_on_hold")

    assert sandbox.capture(hold=declined.reference, amount=1, key="c").code == "not_held"
    assert sandbox.capture(hold="hold_of_nobody", amount=1, key="d").code == "unknown_hold"
