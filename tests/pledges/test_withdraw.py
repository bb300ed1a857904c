"""Taking a pledge back: free until the firing, impossible after it."""

from __future__ import annotations

import pytest

from app import clock
from app.db import run_tx
from app.errors import Refusal
from app.pledges.pledging import confirm, save_method, withdraw
from tests.pledges.promises import card, drafted, money, stored
from tests.world import World


def test_a_pledge_that_counted_counts_no_more(world: World) -> None:
    petition = world.petition()
    kept, pledge_id = world.pledge(petition, "bob", 7_000), world.pledge(petition, "minji", 10_000)
    assert run_tx(lambda: withdraw(pledge_id)) is True
    assert run_tx(lambda: withdraw(pledge_id)) is False
    assert (money(world, petition).tally, money(world, petition).contributors) == (7_000, 1)
    assert world.pledge_state(kept) == "ready"
    assert world.pledge_state(pledge_id) == "withdrawn"


def test_the_last_pledge_of_a_goal_unties_the_petition(world: World) -> None:
    petition = world.petition(signatures=1, goal=10_000)
    world.sign(petition, "junho")
    pledge_id = world.pledge(petition, "minji", 10_000)
    assert world.fresh(petition).tipped_at is not None
    run_tx(lambda: withdraw(pledge_id))
    assert world.fresh(petition).tipped_at is None
    assert world.fresh(petition).window_ends_at is None


def test_a_draft_leaves_without_touching_the_tally_and_stays_away(world: World) -> None:
    petition = world.petition()
    pledge, saved = drafted(petition), card()
    assert run_tx(lambda: withdraw(pledge.id)) is True
    assert run_tx(lambda: confirm(pledge.id)) is False
    assert run_tx(lambda: save_method(pledge.id, saved)) is False
    assert money(world, petition).tally == 0
    assert stored()[0].state == "withdrawn"


@pytest.mark.parametrize("state", ["frozen", "failing", "held", "captured"])
def test_after_the_firing_the_pledge_stays(world: World, state: str) -> None:
    petition = world.petition()
    pledge_id = world.pledge(petition, "minji", 10_000)

    def fire() -> None:
        world.fresh(petition).fired_at = clock.now()
        stored()[0].state = state

    run_tx(fire)
    with pytest.raises(Refusal) as refused:
        run_tx(lambda: withdraw(pledge_id))
    assert refused.value.status == 409
    assert world.pledge_state(pledge_id) == state
    assert money(world, petition).tally == 10_000
