"""Letting a hold go."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.payments.door import Answer, Gateway

Hold = Callable[..., Answer]


def test_a_hold_is_let_go(hold: Hold, sandbox: Gateway) -> None:
    held = hold()
    answer = sandbox.release(hold=held.reference, key="r")

    assert answer == Answer("released", held.reference)
    assert sandbox.look_up(held.reference) == answer


def test_letting_go_twice_is_no_trouble(hold: Hold, sandbox: Gateway) -> None:
    held = hold()
    sandbox.release(hold=held.reference, key="r")

    assert sandbox.release(hold=held.reference, key="again") == Answer("released", held.reference)


@pytest.mark.parametrize("card", ["needs_auth", "declined_on_hold"])
def test_what_was_never_held_is_called_off(card: str, hold: Hold, sandbox: Gateway) -> None:
    answer = hold(card=card)

    assert sandbox.release(hold=answer.reference, key="r").status == "released"


def test_what_was_taken_cannot_be_let_go(hold: Hold, sandbox: Gateway) -> None:
    held = hold()
    sandbox.capture(hold=held.reference, amount=10_000, key="c")
    answer = sandbox.release(hold=held.reference, key="r")

    assert (answer.status, answer.code) == ("failed", "already_captured")
    assert sandbox.look_up(held.reference) == Answer("captured", held.reference, amount=10_000)


def test_an_unknown_hold_is_refused(sandbox: Gateway) -> None:
    assert sandbox.release(hold="hold_of_nobody", key="r").code == "unknown_hold"
