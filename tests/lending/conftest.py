"""A clock that stands still, and a borrower."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from app import clock
from tests.lending.borrowing import Borrowing
from tests.world import World


@pytest.fixture
def later() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def borrowing(world: World, later: time_machine.Traveller) -> Borrowing:
    return Borrowing(world, later)
