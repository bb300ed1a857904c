"""Whatever is asked in whatever order, the sandbox's own books hold."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from app.db import run_tx
from app.payments.door import Answer, GatewayTimeout, gateway
from app.payments.sandbox import moves
from app.payments.sandbox.cards import CARDS

AMOUNTS = st.integers(1, 50)


class Till(RuleBasedStateMachine):
    """A model of what must be true of each hold: its amount, what was taken and given back."""

    runs = 0
    holds = Bundle("holds")

    def __init__(self) -> None:
        super().__init__()
        Till.runs += 1
        self.asked = 0
        self.sums: dict[str, int] = {}
        self.taken: dict[str, int] = {}
        self.given: dict[str, int] = {}
        self.ended: set[str] = set()

    def key(self) -> str:
        self.asked += 1
        return f"run-{Till.runs}-{self.asked}"

    def twice(self, call: Any, **parameters: Any) -> Answer:
        """Ask, ask again with the same key: the answers agree, and the second moves nothing."""
        key = self.key()
        try:
            first: Answer = call(**parameters, key=key)
        except GatewayTimeout:
            first = call(**parameters, key=key)
        assert call(**parameters, key=key) == first
        return first

    @rule(target=holds, amount=AMOUNTS, card=st.sampled_from(CARDS))
    def hold(self, amount: int, card: Any) -> Any:
        method = gateway().save_token(f"pm_{card.behaviour}").reference
        answer = self.twice(gateway().hold, method=method, amount=amount, currency="KRW")
        self.sums[answer.reference] = amount if answer.status == "held" else 0
        if answer.status == "needs_auth":
            return answer.reference
        return answer.reference if answer.status == "held" else multiple()

    @rule(hold=holds, amount=AMOUNTS)
    def capture(self, hold: str, amount: int) -> None:
        answer = self.twice(gateway().capture, hold=hold, amount=amount)
        allowed = amount <= self.sums[hold] and hold not in self.taken and hold not in self.ended
        assert (answer.status == "captured") == allowed
        if allowed:
            self.taken[hold] = answer.amount

    @rule(hold=holds)
    def release(self, hold: str) -> None:
        answer = self.twice(gateway().release, hold=hold)
        assert (answer.status == "released") == (hold not in self.taken)
        if answer.status == "released":
            self.ended.add(hold)

    @rule(hold=holds, amount=AMOUNTS)
    def refund(self, hold: str, amount: int) -> None:
        answer = self.twice(gateway().refund, hold=hold, amount=amount)
        left = self.taken.get(hold, 0) - self.given.get(hold, 0)
        assert (answer.status == "refunded") == (amount <= left)
        self.given[hold] = self.given.get(hold, 0) + answer.amount

    @rule(hold=holds)
    def confirm(self, hold: str) -> None:
        if run_tx(lambda: moves.confirm(hold)):
            found = gateway().look_up(hold)
            assert found is not None
            self.sums[hold] = found.amount

    @invariant()
    def nothing_is_overdrawn(self) -> None:
        for hold, taken in self.taken.items():
            assert 0 <= self.given.get(hold, 0) <= taken <= self.sums[hold]
            assert gateway().look_up(hold) == Answer("captured", hold, amount=taken)


@pytest.mark.usefixtures("context")
def test_never_overdrawn_in_any_order(app: Flask) -> None:
    run_state_machine_as_test(
        Till,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
