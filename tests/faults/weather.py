"""A gateway in bad weather: calls never arrive, or much too late; answers get lost, or make no sense."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any

import pytest

from app.payments.door import GatewayTimeout
from app.payments.sandbox.gateway import Sandbox

ASKING = ("hold", "capture", "release", "refund", "pay_out")
LOOKING = ("find", "look_up")


class Weather:
    """Faults by dice: of every call to the gateway, ``badness`` in a hundred go wrong, until it clears."""

    def __init__(self, seed: int, badness: int) -> None:
        self.dice, self.badness = random.Random(seed), badness
        self.late: list[Callable[[], Any]] = []
        self.faults = 0

    def hang_over(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in (*ASKING, *LOOKING):
            monkeypatch.setattr(Sandbox, name, self.disturb(getattr(Sandbox, name), asking=name in ASKING))

    def clear(self) -> None:
        self.badness = 0
        self.arrive()

    def arrive(self) -> None:
        """Calls delayed on their way reach the gateway now, when nobody waits for their answer."""
        late, self.late = self.late, []
        for call in late:
            with suppress(GatewayTimeout):
                call()

    def disturb(self, original: Callable[..., Any], *, asking: bool) -> Callable[..., Any]:
        @wraps(original)
        def call(*args: Any, **kwargs: Any) -> Any:
            if self.dice.randrange(100) >= self.badness:
                return original(*args, **kwargs)
            self.faults += 1
            fault = self.dice.choice(
                ("lost", "unanswered", "broken", "late") if asking else ("lost", "broken")
            )
            if fault == "unanswered":
                original(*args, **kwargs)
            if fault == "late":
                self.late.append(lambda: original(*args, **kwargs))
            if fault == "broken":
                raise RuntimeError("the gateway spoke gibberish")
            raise GatewayTimeout("the gateway did not answer")

        return call
