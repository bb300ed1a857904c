"""Shifts: places in the order of asking, a waiting list that moves up, people who hear of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from icalendar import Calendar

from app import clock
from app.db import db, run_tx
from app.doing.calendars import shift_event
from app.doing.checking import check_in, door_code, shift_of_code, tick_off
from app.doing.models import Seat, Shift
from app.doing.seating import count, leave, seat_of, take
from app.doing.shifting import cancel_shift, change_shift, plan_shift
from app.errors import Refusal
from app.petitions.models import Petition
from app.pledges.pledging import withdraw
from app.web.calendars import calendar_of
from tests.pledges.test_race import at_once
from tests.world import World

from .conftest import Begin
from .shifts import HOUR, plan, wish

pytestmark = pytest.mark.usefixtures("world")


def promise(world: World, petition: Petition, *names: str) -> list[str]:
    return [world.pledge(petition, name, 1, token="", kind="deed", what="hours") for name in names]


def state(shift: Shift, pledge_id: str) -> str:
    db.session.rollback()
    db.session.expire_all()
    seat = seat_of(shift.id, pledge_id)
    assert seat is not None
    return seat.state


def newest(world: World, name: str) -> str:
    world.work()
    return world.letters(name)[-1].subject.partition(":")[0]


def test_the_same_form_twice_is_one_shift(ask: Callable[..., Petition]) -> None:
    petition = ask()
    first, again = (run_tx(lambda: plan_shift(petition.id, wish(), idempotency_key="k")) for _ in range(2))
    assert first.id == again.id


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"starts_at": clock.now() - HOUR}, "starts"),
        ({"ends_at": clock.now()}, "ends"),
        ({"ends_at": clock.now() + 100 * HOUR}, "ends"),
        ({"places": 0}, "places"),
        ({"places": 1001}, "places"),
    ],
)
def test_an_impossible_shift_is_refused_beside_its_field(
    ask: Callable[..., Petition], changes: dict[str, Any], field: str
) -> None:
    petition = ask()
    with pytest.raises(Refusal) as refused:
        plan(petition, **changes)
    assert refused.value.field == field


def test_who_comes_late_waits_and_moves_up_in_the_order_of_asking(
    world: World, ask: Callable[..., Petition]
) -> None:
    petition = ask()
    shift = plan(petition)
    alice, bob, minji, junho = promise(world, petition, "alice", "bob", "minji", "junho")
    answers = [run_tx(lambda p=p: take(shift.id, p)) for p in (alice, bob, minji, junho)]  # type: ignore[misc]
    assert answers == ["taken", "taken", "waiting", "waiting"]
    assert run_tx(lambda: take(shift.id, alice)) == "taken"
    assert newest(world, "minji") == "You are on the waiting list"
    run_tx(lambda: leave(shift.id, bob))
    assert [state(shift, each) for each in (alice, bob, minji, junho)] == [
        "taken",
        "left",
        "taken",
        "waiting",
    ]
    assert newest(world, "minji") == "A place is free, and it is yours"
    assert run_tx(lambda: take(shift.id, bob)) == "waiting"
    run_tx(lambda: leave(shift.id, alice))
    assert [state(shift, each) for each in (bob, junho)] == ["waiting", "taken"]


def test_a_promise_taken_back_gives_its_places_to_those_who_wait(
    world: World, ask: Callable[..., Petition]
) -> None:
    petition = ask()
    shift = plan(petition, places=1)
    alice, bob = promise(world, petition, "alice", "bob")
    run_tx(lambda: take(shift.id, alice))
    run_tx(lambda: take(shift.id, bob))
    run_tx(lambda: withdraw(alice))
    world.work()
    assert (state(shift, alice), state(shift, bob)) == ("left", "taken")


def test_nobody_is_in_two_places_at_once(world: World, ask: Callable[..., Petition]) -> None:
    petition = ask()
    morning, same = plan(petition), plan(petition)
    (alice,) = promise(world, petition, "alice")
    run_tx(lambda: take(morning.id, alice))
    with pytest.raises(Refusal, match="at that time"):
        run_tx(lambda: take(same.id, alice))
    run_tx(lambda: leave(morning.id, alice))
    assert run_tx(lambda: take(same.id, alice)) == "taken"


def test_a_place_belongs_to_a_promise_of_this_petition_that_counts(
    world: World, ask: Callable[..., Petition]
) -> None:
    petition, other = ask(), ask(title="다른 청원")
    shift = plan(petition)
    (foreign,) = promise(world, other, "bob")
    with pytest.raises(Refusal) as refused:
        run_tx(lambda: take(shift.id, foreign))
    assert refused.value.status == 404
    (alice,) = promise(world, petition, "alice")
    run_tx(lambda: withdraw(alice))
    with pytest.raises(Refusal):
        run_tx(lambda: take(shift.id, alice))


def test_more_places_let_people_in_and_fewer_throw_nobody_out(
    world: World, ask: Callable[..., Petition]
) -> None:
    petition = ask()
    starts = clock.now() + 48 * HOUR
    shift = plan(petition, starts_at=starts, places=1)
    alice, bob = promise(world, petition, "alice", "bob")
    run_tx(lambda: take(shift.id, alice))
    run_tx(lambda: take(shift.id, bob))
    run_tx(lambda: change_shift(shift.id, wish(starts_at=starts, places=2)))
    assert state(shift, bob) == "taken"
    with pytest.raises(Refusal) as refused:
        run_tx(lambda: change_shift(shift.id, wish(starts_at=starts, places=1)))
    assert refused.value.field == "places"
    world.work()
    assert not [letter for letter in world.letters("alice") if letter.subject.startswith("Another time")]


def test_another_time_and_calling_off_are_told(
    world: World, ask: Callable[..., Petition], later: time_machine.Traveller
) -> None:
    petition = ask()
    shift = plan(petition)
    (alice,) = promise(world, petition, "alice")
    run_tx(lambda: take(shift.id, alice))
    run_tx(lambda: change_shift(shift.id, wish(starts_at=clock.now() + 96 * HOUR)))
    assert newest(world, "alice") == "Another time or place"
    later.shift(30 * HOUR)
    assert newest(world, "alice") == "Another time or place"
    later.shift(43 * HOUR)
    assert newest(world, "alice") == "Tomorrow"
    run_tx(lambda: cancel_shift(shift.id))
    assert newest(world, "alice") == "Called off"
    with pytest.raises(Refusal):
        run_tx(lambda: take(shift.id, alice))


def test_checking_in_needs_a_place_and_an_open_door(
    world: World, begin: Begin, later: time_machine.Traveller
) -> None:
    petition, (alice, bob) = begin(("alice", 4), ("bob", 4))
    shift = plan(petition, places=1)
    run_tx(lambda: take(shift.id, alice))
    run_tx(lambda: take(shift.id, bob))
    with pytest.raises(Refusal, match="one hour before"):
        run_tx(lambda: check_in(shift.id, alice))
    later.move_to(shift.starts_at - HOUR)
    assert run_tx(lambda: check_in(shift.id, alice))
    assert not run_tx(lambda: check_in(shift.id, alice))
    with pytest.raises(Refusal, match="waiting list"):
        run_tx(lambda: check_in(shift.id, bob))
    seat = seat_of(shift.id, bob)
    assert seat is not None
    assert run_tx(lambda: tick_off(seat.id, here=True))
    assert state(shift, bob) == "taken"
    assert run_tx(lambda: tick_off(seat.id, here=False))
    later.move_to(shift.ends_at + 12 * HOUR)
    with pytest.raises(Refusal):
        run_tx(lambda: check_in(shift.id, bob))


def test_the_digits_at_the_door_open_only_their_own_shift(world: World, begin: Begin) -> None:
    petition, (alice, bob) = begin(("alice", 4), ("bob", 4))
    shift = plan(petition)
    run_tx(lambda: take(shift.id, alice))
    code = door_code(shift.id)
    assert len(code) == 6
    found = shift_of_code(alice, f"{code[:3]} {code[3:]}")
    assert found is not None
    assert found.id == shift.id
    assert shift_of_code(bob, code) is None
    assert shift_of_code(alice, "１２３４５６") is None


def test_having_checked_in_is_a_word_once_the_day_has_come(
    world: World, begin: Begin, later: time_machine.Traveller
) -> None:
    petition, (alice, _bob) = begin(("alice", 4), ("bob", 4))
    shift = plan(petition)
    run_tx(lambda: take(shift.id, alice))
    later.move_to(shift.starts_at)
    run_tx(lambda: check_in(shift.id, alice))
    later.shift(timedelta(days=16))
    world.work()
    assert world.pledge_state(alice) == "kept"
    kept = [letter for letter in world.letters("alice") if letter.subject.startswith("You kept")]
    assert "3 hours" in kept[0].text


def test_a_calendar_says_when_and_where_and_that_it_is_off(ask: Callable[..., Petition]) -> None:
    petition = ask()
    shift = plan(petition, note="장갑, 물")
    read = Calendar.from_ical(
        calendar_of(petition.title, [shift_event(shift, petition.slug, petition.title)])
    )
    (event,) = read.walk("VEVENT")
    assert event.decoded("dtstart") == shift.starts_at.replace(microsecond=0)
    assert event["location"] == "두레천 3교 아래"
    assert event["status"] == "CONFIRMED"
    run_tx(lambda: cancel_shift(shift.id))
    changed = shift_event(db.session.get_one(Shift, shift.id), petition.slug, petition.title)
    assert (changed["status"], changed["sequence"], changed["uid"]) == ("CANCELLED", 1, event["uid"])


def test_people_racing_for_the_last_places_get_them_once(
    world: World, ask: Callable[..., Petition], app: Flask
) -> None:
    petition = ask()
    shift = plan(petition, places=3)
    shift_id = shift.id
    people = promise(world, petition, *(f"p{number}" for number in range(8)))
    answers = at_once(app, [lambda p=p: run_tx(lambda: take(shift_id, p)) for p in people])  # type: ignore[misc]
    assert sorted(answers) == ["taken"] * 3 + ["waiting"] * 5
    db.session.rollback()
    turns = db.session.scalars(sa.select(Seat.turn).where(Seat.shift_id == shift_id)).all()
    assert sorted(turns) == list(range(1, 9))
    taken = [p for p, answer in zip(people, answers, strict=True) if answer == "taken"]
    at_once(app, [lambda p=p: run_tx(lambda: leave(shift_id, p)) for p in taken])  # type: ignore[misc]
    db.session.rollback()
    assert (count(shift_id, "taken"), count(shift_id, "waiting")) == (3, 2)


def test_counting_places_before_the_lock_gives_one_away_twice(
    world: World, ask: Callable[..., Petition], app: Flask
) -> None:
    """The negative control: the same race, with the count read outside the lock."""
    petition = ask()
    shift = plan(petition, places=1)
    petition_id, shift_id = petition.id, shift.id
    people = promise(world, petition, "alice", "bob")

    def write(pledge_id: str, turn: int, free: bool) -> None:
        at = clock.now()
        db.session.add(
            Seat(
                petition_id=petition_id,
                shift_id=shift_id,
                pledge_id=pledge_id,
                state="taken" if free else "waiting",
                turn=turn,
                asked_at=at,
            )
        )

    frees = at_once(app, [lambda: count(shift_id, "taken") < 1 for _ in people])
    for turn, (pledge_id, free) in enumerate(zip(people, frees, strict=True), start=1):
        run_tx(lambda pledge_id=pledge_id, turn=turn, free=free: write(pledge_id, turn, free))  # type: ignore[misc]
    assert count(shift_id, "taken") == 2
