"""Fixtures of the actions' tests: a clock that stands still, and an action underway."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine

from app import clock
from app.petitions.models import Petition
from tests.world import World

Fire = Callable[..., tuple[Petition, list[str], list[str]]]


@pytest.fixture
def later() -> Iterator[time_machine.Traveller]:
    """The clock stands still; ``later.shift(timedelta(…))`` moves it."""
    with time_machine.travel(clock.now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def fire(world: World, later: time_machine.Traveller) -> Fire:
    """Fire a petition with these pledges; returns it with the ids of its pledges and milestones."""

    def fired(
        *pledges: tuple[str, int, str], goal: int, shares: tuple[int, ...] = (60, 40)
    ) -> tuple[Petition, list[str], list[str]]:
        petition = world.petition(signatures=1, goal=goal)
        steps = world.plan(petition, *shares)
        ids = [world.pledge(petition, name, amount, token) for name, amount, token in pledges]
        world.sign(petition, "minji")
        later.shift(timedelta(hours=1, seconds=1))
        world.work()
        return petition, ids, steps

    return fired
