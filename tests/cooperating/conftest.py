"""A clock that stands still in spring 2026; ``later.shift(timedelta(…))`` moves it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.cooperating.societies import SPRING


@pytest.fixture
def later() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(SPRING, tick=False) as traveller:
        yield traveller
