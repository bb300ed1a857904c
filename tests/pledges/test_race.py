"""Everybody at once: each pledge once, each amount once, and the goal reached once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.db import db, lock, run_tx
from app.errors import Refusal
from app.outbox import Announcement
from app.petitions.models import Petition, Threshold
from app.pledges.links import letter_token
from app.pledges.models import Pledge
from app.pledges.pledging import confirm, contribution, freeze, save_method, withdraw
from tests.pledges.promises import FILLED_IN, address, card, drafted, money, stored
from tests.world import World

AT_ONCE = 12


def at_once(app: Flask, works: list[Callable[[], Any]]) -> list[Any]:
    """Let every work start at the same moment, each in a context of its own."""
    barrier = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        with app.app_context():
            barrier.wait()
            try:
                return work()
            finally:
                db.session.remove()

    db.session.rollback()
    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def announced(topic: str) -> int:
    return (
        db.session.scalar(
            sa.select(sa.func.count()).select_from(Announcement).where(Announcement.topic == topic)
        )
        or 0
    )


def test_one_form_sent_many_times_at_once_is_one_pledge(world: World, app: Flask) -> None:
    petition = world.petition()
    path, fields = address(petition), FILLED_IN | {"key": "double click"}
    answers = at_once(
        app, [lambda: app.test_client().post(path, data=fields).status_code for _ in range(AT_ONCE)]
    )
    assert set(answers) == {303}
    assert len(stored()) == 1
    assert announced("pledge_made") == 1


def test_a_button_pressed_many_times_at_once_counts_once(world: World, app: Flask) -> None:
    petition = world.petition()
    pledge, saved = drafted(petition), card()
    run_tx(lambda: save_method(pledge.id, saved))
    path = f"/pledges/{letter_token(pledge)}"
    answers = at_once(app, [lambda: app.test_client().post(path).status_code for _ in range(AT_ONCE)])
    assert set(answers) == {200}
    assert (money(world, petition).tally, money(world, petition).contributors) == (10_000, 1)
    assert announced("pledge_ready") == 1


def test_confirming_and_saving_at_the_same_moment_counts_once(world: World, app: Flask) -> None:
    petition = world.petition(goal=10_000 * AT_ONCE)
    pledges = [drafted(petition, f"{n}", email=f"p{n}@example.org").id for n in range(AT_ONCE // 2)]
    works: list[Callable[[], Any]] = []
    for pledge_id in pledges:
        saved = card()
        works.append(lambda pledge_id=pledge_id: run_tx(lambda: confirm(pledge_id)))
        works.append(lambda pledge_id=pledge_id, saved=saved: run_tx(lambda: save_method(pledge_id, saved)))
    assert all(at_once(app, works))
    assert {pledge.state for pledge in stored()} == {"ready"}
    assert money(world, petition).tally == 10_000 * len(pledges)


def test_pledges_racing_for_the_last_of_a_goal_tip_it_once(world: World, app: Flask) -> None:
    petition = world.petition(signatures=1, goal=10_000)
    world.sign(petition, "junho")
    pledges = []
    for number in range(AT_ONCE):
        pledge, saved = drafted(petition, f"{number}", email=f"p{number}@example.org"), card()
        run_tx(lambda pledge=pledge, saved=saved: save_method(pledge.id, saved))
        pledges.append(pledge.id)
    at_once(app, [lambda pledge_id=pledge_id: run_tx(lambda: confirm(pledge_id)) for pledge_id in pledges])
    assert money(world, petition).tally == 10_000 * AT_ONCE
    assert announced("petition_tipped") == 1
    assert announced("window_ended") == 1


@pytest.mark.parametrize("attempt", range(5))
def test_withdrawing_at_the_firing_either_leaves_or_stays(world: World, app: Flask, attempt: int) -> None:
    petition = world.petition()
    leaving = world.pledge(petition, "minji", 10_000)
    world.pledge(petition, "bob", 500)

    def leave() -> bool | None:
        try:
            return run_tx(lambda: withdraw(leaving))
        except Refusal:
            return None

    def fire() -> tuple[int, int]:
        return run_tx(lambda: freeze(lock(Petition, petition.id), "gift"))

    left, frozen = at_once(app, [leave, fire])
    if left:
        assert frozen == (1, 500)
        assert world.pledge_state(leaving) == "withdrawn"
    else:
        assert frozen == (2, 10_500)
        assert world.pledge_state(leaving) == "frozen"
    assert money(world, petition).tally == frozen[1]


def test_counting_from_an_old_reading_loses_pledges(world: World, app: Flask) -> None:
    """The negative control: the same race, adding to a tally that was read outside the lock."""
    petition = world.petition()
    pledge = drafted(petition)
    threshold_id = money(world, petition).id
    amount = contribution(petition, pledge).amount
    read = Barrier(2)

    def count_carelessly() -> None:
        tally = db.session.scalars(sa.select(Threshold.tally).where(Threshold.id == threshold_id)).one()
        db.session.rollback()
        read.wait()
        run_tx(
            lambda: db.session.execute(
                sa.update(Threshold).where(Threshold.id == threshold_id).values(tally=tally + amount)
            )
        )

    at_once(app, [count_carelessly, count_carelessly])
    assert money(world, petition).tally == amount
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Pledge)) == 1
