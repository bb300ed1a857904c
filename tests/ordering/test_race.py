"""Both sides at the same moment: no unit is missing twice, no won goes back twice."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from app.actions.models import Action, Duty
from app.db import db, run_tx
from app.ledger.booking import balances
from app.ordering import delivering, missing, opening
from app.ordering.models import Shortage
from tests.ordering.conftest import Order
from tests.ordering.test_deliver import TWO, mark
from tests.ordering.test_settle import differences, pledge
from tests.races.crowd import all_at_once, errors
from tests.races.test_crowds import disarm, slowly
from tests.world import World

AT_ONCE = 6


def note(pledge_id: str, organizer_id: str, units: int, key: str) -> bool:
    return missing.note_missing(pledge_id, organizer_id, units, "", key=key)


def test_units_go_missing_once_whoever_says_so_first(world: World, order: Order) -> None:
    alice, organizer = order(*TWO).orders["alice"], world.person("organizer").id
    mark(world, alice)
    deeds: list[Any] = [partial(note, alice, organizer, 2, f"note-{n}") for n in range(AT_ONCE)]
    deeds += [partial(note, alice, organizer, 2, "note-0")] * 2
    deeds += [partial(missing.report, alice, 2, "", key="mine"), partial(delivering.confirm, alice)]
    all_at_once(world.app, [partial(run_tx, deed) for deed in deeds])
    world.work()
    db.session.rollback()
    agreed = db.session.scalars(sa.select(Shortage.units).where(Shortage.state == "agreed")).all()
    assert sum(agreed) <= 3
    assert pledge(alice).refunded == 11_000 * sum(agreed)
    assert db.session.scalars(sa.select(Duty.amount).where(Duty.pledge_id == alice)).one() == 3 - sum(agreed)
    assert differences() == []


def test_an_answer_pressed_many_times_pays_back_once(world: World, order: Order) -> None:
    made = order(*TWO)
    alice, organizer = made.orders["alice"], world.person("organizer").id
    mark(world, alice)
    run_tx(lambda: missing.report(alice, 1, "", key="mine"))
    report = db.session.scalars(sa.select(Shortage.id)).one()
    db.session.rollback()
    agree = partial(missing.answer, report, organizer, agrees=True, words="")
    results = all_at_once(world.app, [partial(run_tx, agree)] * AT_ONCE)
    assert errors(results) == []
    assert results.count(True) == 1
    world.work()
    assert pledge(alice).refunded == 11_000
    assert balances(made.petition.id)["escrow"] == 55_000
    assert differences() == []


def test_without_their_locks_two_notes_both_find_the_units(
    world: World, order: Order, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""
    alice, organizer = order(*TWO).orders["alice"], world.person("organizer").id
    db.session.rollback()
    disarm(monkeypatch, opening)

    def read_action(petition_id: str) -> Action | None:
        return db.session.scalar(sa.select(Action).where(Action.petition_id == petition_id))

    monkeypatch.setattr(opening, "lock_action", read_action)
    found: list[int] = []
    both = threading.Barrier(2)

    def write_down(_order: Any, units: int, *_args: Any, **_kwargs: Any) -> None:
        found.append(units)
        both.wait(timeout=10)

    monkeypatch.setattr(missing, "write_down", write_down)
    monkeypatch.setattr(missing, "agree", lambda *_: None)
    deeds = [partial(slowly, partial(note, alice, organizer, 2, key), monkeypatch) for key in ("a", "b")]
    results = all_at_once(world.app, deeds)
    assert found == [2, 2], errors(results)
