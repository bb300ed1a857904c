"""What a patron does between the notice and the first of the month."""

from __future__ import annotations

import pytest

from app.db import db, run_tx
from app.pages.me import erase_everywhere
from app.pledges.models import Pledge
from app.subscribing.changing import pause, resume, set_amount
from app.subscribing.ending import cancel
from tests.world import World

from .months import at, bills, charged, day, months, subscribed, subscription, work_at

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

NAMES = ("alice", "bob", "junho", "minsu", "jieun")


def test_until_the_first_everything_can_be_changed(world: World) -> None:
    """Alice pauses, Bob cancels, 준호 pays more, minsu pays less, jieun is erased."""
    petition, pledges = subscribed(world, [(name, 10_000, "pm_ok") for name in NAMES])
    erased = db.session.get_one(Pledge, pledges["jieun"]).person_id or ""
    work_at(world, day(-1, 24))
    with at(day(-1, 30, 23)):
        assert run_tx(lambda: pause(pledges["alice"]))
        assert not run_tx(lambda: pause(pledges["alice"]))
        assert run_tx(lambda: cancel(pledges["bob"]))
        assert not run_tx(lambda: cancel(pledges["bob"]))
        assert run_tx(lambda: set_amount(pledges["junho"], 20_000))
        assert run_tx(lambda: set_amount(pledges["minsu"], 2_000))
        assert not run_tx(lambda: set_amount(pledges["minsu"], 2_000))
        run_tx(lambda: erase_everywhere(erased))
    work_at(world, day(0, 1))
    assert [bills(pledges[name]) for name in NAMES] == [
        [],
        [],
        [(20_000, "paid")],
        [(2_000, "paid")],
        [],
    ]
    assert charged(world, petition) == 22_000
    assert world.pledge_state(pledges["bob"]) == "ended"
    assert subscription(pledges["jieun"]).ended_because == "erased"
    with at(day(0, 10)):
        assert run_tx(lambda: resume(pledges["alice"]))
        assert not run_tx(lambda: resume(pledges["alice"]))
    work_at(world, day(0, 26), day(1, 1))
    assert months(pledges["alice"]) == {0: 0, 1: 10_000}
    assert bills(pledges["bob"]) == bills(pledges["jieun"]) == []
