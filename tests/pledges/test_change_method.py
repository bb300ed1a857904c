"""Another payment method: the way a failing pledge is mended."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.db import db, run_tx
from app.outbox import Announcement
from app.pledges.pledging import change_method
from tests.pledges.promises import card, money, stored
from tests.world import World


def repairs() -> int:
    return db.session.scalar(
        sa.select(sa.func.count()).select_from(Announcement).where(Announcement.topic == "pledge_repaired")
    )


@pytest.mark.parametrize("state", ["failing", "dropped"])
def test_a_pledge_that_failed_is_tried_again_with_the_new_method(world: World, state: str) -> None:
    pledge_id, saved = world.pledge(world.petition(), "minji", 10_000), card()
    before = stored()[0].payment_method_id
    run_tx(lambda: setattr(stored()[0], "state", state))
    assert run_tx(lambda: change_method(pledge_id, saved)) is True
    assert run_tx(lambda: change_method(pledge_id, saved)) is False
    pledge = stored()[0]
    assert pledge.state == "failing"
    assert pledge.next_try_at is not None
    assert pledge.payment_method_id != before
    assert repairs() == 1


def test_a_pledge_that_counts_takes_another_method_without_counting_again(world: World) -> None:
    petition = world.petition()
    pledge_id, saved = world.pledge(petition, "minji", 10_000), card()
    assert run_tx(lambda: change_method(pledge_id, saved)) is True
    assert stored()[0].state == "ready"
    assert money(world, petition).tally == 10_000
    assert repairs() == 0


@pytest.mark.parametrize("state", ["draft", "withdrawn", "frozen", "held", "captured", "released"])
def test_in_any_other_state_the_method_stays(world: World, state: str) -> None:
    pledge_id, saved = world.pledge(world.petition(), "minji", 10_000), card()
    before = stored()[0].payment_method_id
    run_tx(lambda: setattr(stored()[0], "state", state))
    assert run_tx(lambda: change_method(pledge_id, saved)) is False
    assert (stored()[0].state, stored()[0].payment_method_id) == (state, before)
