"""A gateway to ask, and people's cards on it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count

import pytest

from app.payments.door import Answer, Gateway, gateway

KEYS = count(1)


@pytest.fixture
def sandbox(context: None) -> Gateway:
    return gateway()


@pytest.fixture
def fresh_key() -> Callable[[], str]:
    return lambda: f"key-{next(KEYS)}"


@pytest.fixture
def hold(sandbox: Gateway, fresh_key: Callable[[], str]) -> Callable[..., Answer]:
    """Hold an amount of won on a new card that behaves as told."""

    def place(amount: int = 10_000, *, card: str = "ok", currency: str = "KRW") -> Answer:
        method = sandbox.save_token(f"pm_{card}").reference
        return sandbox.hold(method=method, amount=amount, currency=currency, key=fresh_key())

    return place
