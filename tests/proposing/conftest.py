"""A clock that stands still; ``later.shift(timedelta(…))`` moves it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from app import clock


@pytest.fixture
def later() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        yield traveller
