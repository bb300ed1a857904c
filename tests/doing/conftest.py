"""Fixtures of the deeds' tests: a clock that stands still, and people who promised."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from app import clock
from app.petitions.launching import OfferWish
from app.petitions.models import Petition
from tests.world import World

Begin = Callable[..., tuple[Petition, list[str]]]
TERMS: dict[str, dict[str, Any]] = {
    "hours": {"what": "hours", "deed": "개울을 치워요", "within": 10},
    "people": {"what": "people", "deed": "개울을 치워요", "within": 10, "hours_each": 3},
    "things": {"what": "things", "deed": "고쳐 쓰는 카페를 열어요", "within": 10, "back": 5},
}


@pytest.fixture
def later() -> Iterator[time_machine.Traveller]:
    """The clock stands still; ``later.shift(timedelta(…))`` moves it."""
    with time_machine.travel(clock.now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def ask(world: World) -> Callable[..., Petition]:
    """A petition that asks for deeds alone."""

    def asked(what: str = "hours", target: int = 8, **changes: Any) -> Petition:
        measure = "hours" if what == "hours" else "units"
        return world.petition(
            signatures=1, offers=(OfferWish("deed", measure, target, TERMS[what]),), **changes
        )

    return asked


@pytest.fixture
def begin(world: World, later: time_machine.Traveller, ask: Callable[..., Petition]) -> Begin:
    """The action underway, with these promises (name, amount, own terms) coming together."""

    def begun(*promises: tuple[str, int, dict[str, Any]] | tuple[str, int], what: str = "hours") -> Any:
        petition = ask(what, sum(promise[1] for promise in promises))
        ids = [
            world.pledge(
                petition,
                promise[0],
                promise[1],
                token="",
                kind="deed",
                **({"what": what} | (promise[2] if len(promise) == 3 else {})),
            )
            for promise in promises
        ]
        world.sign(petition, "minji")
        later.shift(timedelta(hours=1, seconds=1))
        world.work()
        return world.fresh(petition), ids

    return begun
