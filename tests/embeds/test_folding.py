"""Days of long ago in one row: sums stay, made-up names go, what was confirmed keeps its site."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask

from app.db import db, run_tx
from app.embeds.choosing import choose
from app.embeds.folding import FOLDED, fold_old_days
from app.petitions.arriving import OTHERS, add, row_of, today
from app.petitions.models import Arrival, Petition
from app.reactions import UPKEEP
from tests.world import World


@pytest.fixture(autouse=True)
def unfolded(app: Flask) -> None:
    app.extensions.pop(FOLDED, None)


def put(petition: Petition, site: str, age: int, **counted: int) -> None:
    """What a site did so many days ago."""
    run_tx(lambda: add([row_of((petition.id, site), today() - timedelta(days=age), **counted)]))


def rows(petition: Petition) -> list[tuple[str, int, int, int, int]]:
    """(site, age in days, shown, signed, pledged), by site, the newest first."""
    db.session.rollback()
    db.session.expire_all()
    found = db.session.query(Arrival).filter_by(petition_id=petition.id)
    return [
        (row.host, (today() - row.day).days, row.shown, row.signed, row.pledged)
        for row in found.order_by(Arrival.host, Arrival.day.desc())
    ]


def test_old_days_become_one_and_names_that_brought_nothing_go(world: World) -> None:
    petition = world.petition()
    run_tx(lambda: choose(petition.id, ("https://listed.example",), signs_in_frame=False))
    for age, shown in ((200, 7), (91, 5), (90, 3), (0, 2)):
        put(petition, "news.example", age, shown=shown)
    put(petition, "news.example", 150, signed=1, pledged=2)
    for number in range(5):
        put(petition, f"made-up-{number}.example", 120 + number, shown=1)
    put(petition, "listed.example", 300, shown=4)
    fold_old_days()
    assert rows(petition) == [
        ("listed.example", 300, 4, 0, 0),
        ("news.example", 0, 2, 0, 0),
        ("news.example", 90, 3, 0, 0),
        ("news.example", 91, 12, 1, 2),
        (OTHERS, 120, 5, 0, 0),
    ]


def test_folding_again_changes_nothing_and_the_next_day_goes_on(app: Flask, world: World) -> None:
    petition = world.petition()
    for age in (200, 100, 90):
        put(petition, "news.example", age, shown=1, signed=1)
    fold_old_days()
    once = rows(petition)
    app.extensions.pop(FOLDED)
    fold_old_days()
    assert rows(petition) == once == [("news.example", 90, 1, 1, 0), ("news.example", 100, 2, 2, 0)]
    with time_machine.travel(today() + timedelta(days=1, hours=12), tick=False):
        fold_old_days()
        assert rows(petition) == [("news.example", 91, 3, 3, 0)]


def test_it_is_looked_for_once_a_day(app: Flask, world: World) -> None:
    petition = world.petition()
    fold_old_days()
    for age in (200, 100):
        put(petition, "news.example", age, signed=1)
    fold_old_days()
    assert len(rows(petition)) == 2
    app.extensions[FOLDED] = date.min
    fold_old_days()
    assert len(rows(petition)) == 1


def test_the_worker_looks_after_it() -> None:
    assert fold_old_days in UPKEEP
