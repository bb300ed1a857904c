"""The purse behind the gateways' door: set aside, taken, let go, given back, each once."""

from __future__ import annotations

from typing import Any

import pytest

from app.errors import Refusal
from app.payments.door import ForgedMessage, Gateway, KeyReused, gateway
from app.purses.gateway import purse_method
from tests.purses.pockets import fill, purse_of
from tests.world import World


class Pocket:
    """Minji's purse with 30,000 won in it."""

    def __init__(self, world: World) -> None:
        self.person_id = world.person("minji").id
        fill(world.petition(), **{self.person_id: 30_000})
        self.door: Gateway = gateway("purse")
        self.method = purse_method(self.person_id).reference

    def hold(self, amount: int, key: str, **changes: Any) -> Any:
        return self.door.hold(
            **{"method": self.method, "amount": amount, "currency": "KRW", "key": key} | changes
        )

    def left(self) -> tuple[int, int]:
        """All that is in it, and what may be used."""
        balance = purse_of(self.person_id)
        return balance.total, balance.free


@pytest.fixture
def pocket(world: World) -> Pocket:
    return Pocket(world)


def test_a_hold_sets_aside_and_a_capture_takes(pocket: Pocket) -> None:
    held = pocket.hold(20_000, "h")
    assert (held.status, pocket.left()) == ("held", (30_000, 10_000))
    taken = pocket.door.capture(hold=held.reference, amount=15_000, key="c")
    assert (taken.status, taken.amount, pocket.left()) == ("captured", 15_000, (15_000, 15_000))
    assert pocket.door.look_up(held.reference) == pocket.door.find("h") == taken


def test_more_than_is_left_is_declined(pocket: Pocket) -> None:
    pocket.hold(20_000, "h")
    declined = pocket.hold(10_001, "more")
    assert (declined.status, declined.code) == ("declined", "insufficient_funds")
    assert pocket.door.find("more") == declined
    assert pocket.hold(10_000, "rest").status == "held"
    assert pocket.left() == (30_000, 0)


def test_a_hold_let_go_may_be_used_again(pocket: Pocket) -> None:
    held = pocket.hold(30_000, "h")
    assert pocket.door.release(hold=held.reference, key="r").status == "released"
    assert pocket.door.release(hold=held.reference, key="again").status == "released"
    assert pocket.door.capture(hold=held.reference, amount=1, key="late").code == "released"
    assert pocket.left() == (30_000, 30_000)


def test_what_was_taken_comes_back_in_parts_and_never_more(pocket: Pocket) -> None:
    held = pocket.hold(10_000, "h")
    assert pocket.door.refund(hold=held.reference, amount=1, key="early").code == "not_captured"
    pocket.door.capture(hold=held.reference, amount=10_000, key="c")
    back = pocket.door.refund(hold=held.reference, amount=6_377, key="one")
    assert pocket.door.look_up(back.reference) == pocket.door.find("one") == back
    assert pocket.door.refund(hold=held.reference, amount=3_624, key="two").code == "amount_too_large"
    assert pocket.left() == (26_377, 26_377)
    assert pocket.door.refund(hold=held.reference, amount=3_623, key="three").status == "refunded"
    assert pocket.left() == (30_000, 30_000)


def test_a_charge_is_hold_and_capture_in_one(pocket: Pocket) -> None:
    charge = pocket.door.charge(method=pocket.method, amount=30_000, currency="KRW", key="c")
    assert (charge.status, pocket.left()) == ("captured", (0, 0))
    poor = pocket.door.charge(method=pocket.method, amount=1, currency="KRW", key="d")
    assert (poor.status, poor.code) == ("declined", "insufficient_funds")
    assert pocket.door.refund(hold=charge.reference, amount=30_000, key="r").status == "refunded"


def test_the_same_key_moves_nothing_twice(pocket: Pocket) -> None:
    first = {pocket.hold(20_000, "h") for _ in range(3)}
    assert len(first) == 1
    hold = first.pop().reference
    assert len({pocket.door.capture(hold=hold, amount=20_000, key="c") for _ in range(3)}) == 1
    assert len({pocket.door.refund(hold=hold, amount=5_000, key="r") for _ in range(3)}) == 1
    assert pocket.left() == (15_000, 15_000)
    with pytest.raises(KeyReused):
        pocket.hold(20_001, "h")


@pytest.mark.parametrize("strange", ["", "purse_", "purse_nobody", "pm_ok"])
def test_what_is_no_purse_is_declined(pocket: Pocket, strange: str) -> None:
    assert pocket.hold(1, "h", method=strange).code == "unknown_method"
    assert pocket.door.look_up(strange) is None
    assert pocket.door.capture(hold=strange, amount=1, key="c").code == "unknown_hold"
    assert pocket.door.release(hold=strange, key="r").code == "unknown_hold"
    assert pocket.door.find("unknown") is None


def test_a_purse_is_a_purse_of_its_currency(pocket: Pocket) -> None:
    assert pocket.hold(1, "h", currency="USD").code == "insufficient_funds"


@pytest.mark.parametrize("amount", [0, -1, True, 10**12 + 1])
def test_no_amount_is_a_fault_of_the_caller(pocket: Pocket, amount: int) -> None:
    with pytest.raises(ValueError, match="no amount"):
        pocket.hold(amount, "h")


def test_a_purse_has_no_pages_and_sends_no_messages(pocket: Pocket) -> None:
    with pytest.raises(Refusal):
        pocket.door.save_token("purse")
    with pytest.raises(ForgedMessage):
        pocket.door.verify_webhook(b"{}", {})
    assert pocket.door.pay_out(payee="x", amount=1, currency="KRW", key="p").status == "failed"
