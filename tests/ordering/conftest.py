"""A group order that was collected: boxes of tangerines at two pick-up points."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from app import clock
from app.clock import SEOUL
from app.petitions.launching import OfferWish
from app.petitions.models import Petition
from tests.world import World

TIERS = [[1, 12_000], [5, 11_000], [10, 10_000]]


@dataclass(frozen=True)
class Ordered:
    """The petition, its orders by name, its steps, and where everybody is."""

    petition: Petition
    orders: dict[str, str]
    steps: list[str]


Order = Callable[..., Ordered]


@pytest.fixture
def later() -> Iterator[time_machine.Traveller]:
    """The clock stands still; ``later.shift(timedelta(…))`` moves it."""
    with time_machine.travel(clock.now(), tick=False) as traveller:
        yield traveller


def terms(**changes: Any) -> dict[str, Any]:
    delivery = (clock.now() + timedelta(days=40)).astimezone(SEOUL).date().isoformat()
    return {
        "item": "감귤 5kg 한 상자",
        "trade": "direct",
        "origin": "제주 서귀포, 김씨네 귤밭",
        "tiers": TIERS,
        "case": None,
        "freight": 0,
        "duty": 0,
        "limit": None,
        "pickups": ["성수동 도서관, 토요일 10–12시", "망원시장, 일요일 14–16시"],
        "delivery": delivery,
    } | changes


@pytest.fixture
def order(world: World, later: time_machine.Traveller) -> Order:
    """Fire a group order with these pledges (name, units or (least, most), token, pick-up point)."""

    def ordered(
        *pledges: tuple[Any, ...], target: int = 3, shares: tuple[int, ...] = (60, 40), **changes: Any
    ) -> Ordered:
        petition = world.petition(
            signatures=1, offers=(OfferWish("order", "units", target, terms(**changes)),)
        )
        steps = world.plan(petition, *shares)
        orders = {}
        for name, wanted, token, pickup in pledges:
            least, most = wanted if isinstance(wanted, tuple) else (wanted, None)
            sizes = {"min": least, "max": most} if most else {"quantity": least}
            orders[name] = world.pledge(petition, name, least, token, "order", pickup=pickup, **sizes)
        world.sign(petition, "minji")
        later.shift(timedelta(hours=1, seconds=1))
        world.work()
        return Ordered(petition, orders, steps)

    return ordered
