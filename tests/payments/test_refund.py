"""Giving back, never more than was taken."""

from __future__ import annotations

from collections.abc import Callable

from app.payments.door import Answer, Gateway

Hold = Callable[..., Answer]


def test_a_part_and_then_the_rest_are_given_back(hold: Hold, sandbox: Gateway) -> None:
    held = hold(10_000)
    sandbox.capture(hold=held.reference, amount=10_000, key="c")
    first = sandbox.refund(hold=held.reference, amount=6_377, key="f1")
    second = sandbox.refund(hold=held.reference, amount=3_623, key="f2")

    assert [first.status, second.status] == ["refunded", "refunded"]
    assert [first.amount, second.amount] == [6_377, 3_623]
    assert first.reference not in {second.reference, held.reference}
    assert sandbox.look_up(first.reference) == first


def test_one_won_too_many_is_refused(hold: Hold, sandbox: Gateway) -> None:
    held = hold(10_000)
    sandbox.capture(hold=held.reference, amount=9_000, key="c")
    sandbox.refund(hold=held.reference, amount=6_000, key="f1")
    answer = sandbox.refund(hold=held.reference, amount=3_001, key="f2")

    assert (answer.status, answer.code, answer.amount) == ("failed", "amount_too_large", 0)
    assert sandbox.refund(hold=held.reference, amount=3_000, key="f3").status == "refunded"


def test_nothing_is_given_back_that_was_not_taken(hold: Hold, sandbox: Gateway) -> None:
    held = hold()

    assert sandbox.refund(hold=held.reference, amount=1, key="f1").code == "not_captured"
    assert sandbox.refund(hold="hold_of_nobody", amount=1, key="f2").code == "unknown_hold"


def test_a_refund_cannot_be_refunded(hold: Hold, sandbox: Gateway) -> None:
    held = hold()
    sandbox.capture(hold=held.reference, amount=10_000, key="c")
    given = sandbox.refund(hold=held.reference, amount=5_000, key="f1")

    assert sandbox.refund(hold=given.reference, amount=1, key="f2").code == "unknown_hold"
