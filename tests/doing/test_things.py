"""Lent things: a day to come back, reminders to both sides, and whose word counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from app.actions.models import Duty
from app.db import db, run_tx
from app.doing.reading import tally_of
from app.doing.returning import bring_back, got_back, miss
from app.doing.saying import duty_of
from app.errors import Refusal
from tests.world import World

from .conftest import Begin

DAY = timedelta(days=1)
LADDER = {"thing": "사다리", "lent": True, "back": 5}
PAINT = {"thing": "페인트", "lent": False}


def lent(pledge_id: str) -> Duty:
    db.session.rollback()
    db.session.expire_all()
    found = duty_of(pledge_id, "return")
    assert found is not None
    return found


def subjects(world: World, name: str) -> list[str]:
    return [letter.subject for letter in world.letters(name)]


def test_both_sides_are_reminded_before_on_and_after_the_day(
    world: World, begin: Begin, later: time_machine.Traveller
) -> None:
    _petition, (ladder, paint) = begin(("alice", 1, LADDER), ("bob", 1, PAINT), what="things")
    assert duty_of(paint, "return") is None
    due = lent(ladder).due_at
    for days in (-3, 0, 3):
        later.move_to(due + days * DAY)
        world.work()
    told = subjects(world, "alice")
    assert sum(subject.startswith("“사다리” comes back by") for subject in told) == 2
    assert "Is it back? “사다리”" in told
    asked = subjects(world, "organizer")
    assert sum("사다리" in subject for subject in asked) == 3
    assert not any("페인트" in subject and "back" in subject for subject in subjects(world, "bob"))


def test_the_lenders_word_settles_it(world: World, begin: Begin) -> None:
    petition, (ladder, _paint) = begin(("alice", 1, LADDER), ("bob", 1, PAINT), what="things")
    assert run_tx(lambda: got_back(ladder))
    assert not run_tx(lambda: got_back(ladder))
    assert lent(ladder).state == "kept"
    tally = tally_of(petition.id)
    assert (tally.lent, tally.back, tally.out) == (1, 1, 0)


def test_the_organizers_word_holds_after_seven_silent_days(
    world: World, begin: Begin, later: time_machine.Traveller
) -> None:
    _petition, (ladder, _paint) = begin(("alice", 1, LADDER), ("bob", 1, PAINT), what="things")
    assert run_tx(lambda: bring_back(ladder))
    world.work()
    assert subjects(world, "alice")[-1] == "Is it back? “사다리”"
    later.shift(6 * DAY)
    world.work()
    assert lent(ladder).state == "open"
    later.shift(DAY)
    world.work()
    assert lent(ladder).state == "kept"


def test_a_missing_thing_is_public_until_it_comes_back_after_all(
    world: World, begin: Begin, later: time_machine.Traveller
) -> None:
    petition, (ladder, paint) = begin(("alice", 1, LADDER), ("bob", 1, PAINT), what="things")
    with pytest.raises(Refusal, match="not due yet"):
        run_tx(lambda: miss(ladder))
    with pytest.raises(Refusal) as refused:
        run_tx(lambda: got_back(paint))
    assert refused.value.status == 404
    later.move_to(lent(ladder).due_at + timedelta(seconds=1))
    assert tally_of(petition.id).late == 1
    assert run_tx(lambda: miss(ladder))
    assert tally_of(petition.id).missing == 1
    world.work()
    assert "Missing: “사다리”" in subjects(world, "organizer")
    assert run_tx(lambda: got_back(ladder))
    assert (tally_of(petition.id).missing, tally_of(petition.id).back) == (0, 1)
