"""Loads of widgets are written while somebody confirms: neither waits for what the other holds."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from app import db as ground
from app.db import db, lock, run_tx
from app.petitions.arriving import add, count_arrival, row_of, today
from app.petitions.models import Petition
from tests.embeds.arrivals import NEWS, counts
from tests.races.crowd import all_at_once, errors
from tests.world import World

pytestmark = pytest.mark.races


def tries_of_both(world: World, petition: Petition) -> int:
    """How often the two had to be begun until both were done: a deadlock ends one, which begins anew."""
    written, held, tries = threading.Event(), threading.Event(), []

    def write_loads() -> None:
        tries.append("loads")
        add([row_of((petition_id, NEWS), today(), shown=1)])
        written.set()
        held.wait(1)
        add([row_of((petition_id, "other-news.example"), today(), shown=1)])

    def confirm() -> None:
        tries.append("confirming")
        lock(Petition, petition_id)
        held.set()
        count_arrival(petition_id, "signed", NEWS)

    def confirm_meanwhile() -> None:
        written.wait(5)
        run_tx(confirm)

    petition_id = petition.id
    run_tx(lambda: add([row_of((petition_id, NEWS), today(), shown=1)]))
    assert errors(all_at_once(world.app, [partial(run_tx, write_loads), confirm_meanwhile])) == []
    assert counts(petition) == {NEWS: (2, 1, 0), "other-news.example": (1, 0, 0)}
    return len(tries)


def test_loads_and_confirming_never_wait_for_each_other(world: World) -> None:
    assert tries_of_both(world, world.petition()) == 2


def test_they_would_where_the_petition_were_locked_against_its_own_rows(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lock_all_of_it(model: Any, *, many: bool) -> sa.Select[Any]:
        assert not many
        return sa.select(model).where(model.id == sa.bindparam("key")).with_for_update()

    monkeypatch.setattr(ground, "locking_select", lock_all_of_it)
    one_writer = db.engine.dialect.name == "sqlite"
    assert (tries_of_both(world, world.petition()) == 2) is one_writer
