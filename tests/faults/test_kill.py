"""The worker killed with -9, at random and at each step: nothing is charged twice, nothing is lost."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from app import clock
from app.db import db
from app.pledges.models import Pledge
from tests.faults.conftest import AMOUNT, MIXED, ROUNDS, Campaign, Cast
from tests.faults.mortal import CRASH_POINTS, Nursery
from tests.faults.reckoning import troubles_at_the_end, troubles_on_the_way
from tests.world import World

pytestmark = pytest.mark.races

A_WHILE = timedelta(minutes=20)
MOST_CALM_LIVES = 15


class Torment:
    """Lives of the worker one after the other on one database, people acting in between."""

    def __init__(self, world: World, nursery: Nursery, later: time_machine.Traveller, cast: Cast) -> None:
        self.world, self.nursery, self.later, self.cast = world, nursery, later, cast
        self.deaths = 0

    def live(self, **end: Any) -> str:
        """One life, then the people's turn; where the life was killed, if it was."""
        db.session.rollback()
        killed_at = self.nursery.live(self.url, clock.now(), **end)
        self.deaths += bool(killed_at)
        self.later.shift(A_WHILE)
        self.cast.act()
        return killed_at

    @property
    def url(self) -> str:
        return str(self.world.app.config["DURE"].database_url)

    def finish(self, **habits: Any) -> None:
        """Let it work in peace until the action is over and nothing is left to do."""
        for _life in range(MOST_CALM_LIVES):
            if self.cast.is_over():
                break
            self.live(**habits)
        self.live(**habits)


def states() -> Counter[str]:
    db.session.rollback()
    db.session.expire_all()
    return Counter(db.session.scalars(sa.select(Pledge.state)))


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_killed_at_random_moments(
    world: World, nursery: Nursery, later: time_machine.Traveller, campaign: Campaign, round_: int
) -> None:
    petition = campaign(*MIXED * 5, goal=AMOUNT * 24)
    torment = Torment(world, nursery, later, Cast(world, petition.id))
    luck = random.Random(round_)
    while torment.deaths < 5:
        torment.live(seconds=luck.uniform(0.1, 0.8))
        assert troubles_on_the_way() == []
    torment.finish()
    assert troubles_at_the_end() == []
    assert states() == {"captured": 30, "dropped": 10}
    assert world.action(petition).state == "delivered"


EACH_STEP = {f"{point}/{when}" for point in CRASH_POINTS for when in ("before", "after")}
MOST_CAMPAIGNS = 9
FEW = ("pm_ok", "pm_timeout_after_success", "pm_declines_once", "pm_declined_on_hold", "pm_needs_auth")


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_killed_before_and_after_each_step(
    world: World, nursery: Nursery, later: time_machine.Traveller, campaign: Campaign, round_: int
) -> None:
    """Delivered, stopped and released campaigns in turn, until every step has been the last of some life."""
    luck = random.Random(round_)
    left = set(EACH_STEP)
    for number in range(MOST_CAMPAIGNS):
        petition = campaign(*FEW, goal=AMOUNT * (5 if number % 3 == 2 else 2))
        torment = Torment(world, nursery, later, Cast(world, petition.id, rejects=number % 3 and 2))
        while left and not torment.cast.is_over():
            steps = [(*step.split("/"), luck.choice((1, 2))) for step in sorted(left)]
            killed_at = torment.live(steps=steps, looks=3)
            left.discard(killed_at)
            assert troubles_on_the_way() == [], f"killed at {killed_at}"
        torment.finish()
        assert troubles_at_the_end() == []
        if not left:
            break
    assert left == set()


def test_with_fresh_keys_the_same_torment_finds_double_charges(
    world: World, nursery: Nursery, later: time_machine.Traveller, campaign: Campaign
) -> None:
    petition = campaign(*["pm_ok"] * 6, goal=AMOUNT * 6)
    torment = Torment(world, nursery, later, Cast(world, petition.id))
    for point in ("hold", "capture", "pay out"):
        lives = (torment.live(steps=[(point, "after", 1)], fresh_keys=True) for _life in range(4))
        assert f"{point}/after" in lives
    torment.finish(fresh_keys=True)
    found = " ".join(troubles_at_the_end())
    assert "has 10000 reserved for ever" in found
    assert "were paid out of" in found
