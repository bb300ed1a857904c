"""A shift after the due day: the promise is owed until it is over, and nobody is broken before it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine

from app import clock
from app.actions.models import Duty
from app.clock import SEOUL
from app.db import db, run_tx
from app.doing.models import Shift
from app.doing.saying import duty_of
from app.doing.seating import leave, take
from app.doing.shifting import change_shift
from app.petitions.models import Petition
from app.pledges.models import Pledge
from tests.world import World

from .conftest import Begin
from .shifts import HOUR, plan, wish

DAY = timedelta(days=1)


def owed(pledge_id: str) -> Duty:
    db.session.rollback()
    db.session.expire_all()
    duty = duty_of(pledge_id)
    assert duty is not None
    return duty


def end_of(shift: Shift) -> datetime:
    return shift.ends_at.astimezone(SEOUL).replace(hour=23, minute=59, second=59, microsecond=0)


def test_a_place_after_the_due_day_moves_it_to_the_end_of_the_shift(
    world: World, begin: Begin, later: time_machine.Traveller
) -> None:
    petition, (alice, bob) = begin(("alice", 4), ("bob", 4))
    shift = plan(petition, starts_at=clock.now() + 30 * DAY)
    before = owed(bob).due_at
    run_tx(lambda: take(shift.id, alice))
    assert owed(alice).due_at == end_of(shift)
    assert owed(bob).due_at == before
    later.shift(29 * DAY)
    world.work()
    states = {name: db.session.get_one(Pledge, each).state for name, each in (("a", alice), ("b", bob))}
    assert states == {"a": "frozen", "b": "broken"}, "Bob took no place and said nothing"
    later.shift(30 * DAY)
    world.work()
    assert db.session.get_one(Pledge, alice).state == "broken", "silence after the shift still decides"


def test_an_earlier_shift_and_a_place_left_move_nothing(begin: Begin) -> None:
    petition, (alice, _bob) = begin(("alice", 4), ("bob", 4))
    before = owed(alice).due_at
    soon = plan(petition, starts_at=clock.now() + 2 * DAY)
    run_tx(lambda: take(soon.id, alice))
    assert owed(alice).due_at == before
    late = plan(petition, starts_at=clock.now() + 30 * DAY)
    run_tx(lambda: take(late.id, alice))
    run_tx(lambda: leave(late.id, alice))
    assert owed(alice).due_at == end_of(late)


def test_who_waits_owes_it_later_once_there_is_a_place(begin: Begin) -> None:
    petition, (alice, bob) = begin(("alice", 4), ("bob", 4))
    shift = plan(petition, starts_at=clock.now() + 30 * DAY, places=1)
    run_tx(lambda: take(shift.id, alice))
    assert run_tx(lambda: take(shift.id, bob)) == "waiting"
    assert owed(bob).due_at < shift.starts_at
    run_tx(lambda: leave(shift.id, alice))
    assert owed(bob).due_at == end_of(shift)


def test_the_day_moves_with_the_shift(begin: Begin) -> None:
    petition, (alice, _bob) = begin(("alice", 4), ("bob", 4))
    shift = plan(petition)
    run_tx(lambda: take(shift.id, alice))
    starts = clock.now() + 40 * DAY
    assert run_tx(lambda: change_shift(shift.id, wish(starts_at=starts, ends_at=starts + HOUR)))
    assert owed(alice).due_at == end_of(db.session.get_one(Shift, shift.id))


@pytest.mark.usefixtures("later")
def test_a_place_taken_before_it_began_counts_as_well(
    world: World, ask: Callable[..., Petition], later: time_machine.Traveller
) -> None:
    petition = ask("hours", 4)
    alice = world.pledge(petition, "alice", 4, token="", kind="deed", what="hours")
    shift = plan(petition, starts_at=clock.now() + 30 * DAY)
    run_tx(lambda: take(shift.id, alice))
    world.sign(petition, "minji")
    later.shift(timedelta(hours=1, seconds=1))
    world.work()
    assert owed(alice).due_at == end_of(shift)


def test_letters_follow_the_later_day(world: World, begin: Begin, later: time_machine.Traveller) -> None:
    petition, (alice, _bob) = begin(("alice", 4), ("bob", 4))
    shift = plan(petition, starts_at=clock.now() + 30 * DAY)
    run_tx(lambda: take(shift.id, alice))
    world.work()
    later.shift(11 * DAY)
    world.work()
    due = [letter.subject for letter in world.letters("alice") if letter.subject.startswith("Due by")]
    assert due == [], "the first day is not the day any more"
    later.move_to(end_of(shift) - timedelta(hours=13))
    world.work()
    due = [letter.subject for letter in world.letters("alice") if letter.subject.startswith("Due by")]
    assert len(due) == 2, "three days before, and on the day"
