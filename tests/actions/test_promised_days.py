"""The days for which the steps of a plan are promised: written down, late, and said to the organizer once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from app import clock
from app.actions.firing import fire
from app.actions.milestones import claim
from app.actions.planning import Step, misplaced_days, plan
from app.clock import SEOUL
from app.db import db, lock, run_tx
from app.errors import Refusal
from app.mail.models import Letter
from app.petitions.models import Petition
from tests.organizing.desk import name_account
from tests.world import World

LAST_DAY = datetime(2030, 3, 1, 23, 59, 59, tzinfo=SEOUL)
FIRST, SECOND = date(2030, 3, 20), date(2030, 4, 20)


@pytest.mark.parametrize(
    ("days", "wrong"),
    [
        ([None, None], []),
        ([date(2030, 3, 1), None, date(2030, 3, 1)], []),
        ([date(2030, 2, 28), FIRST], [0]),
        ([SECOND, FIRST], [1]),
        ([SECOND, None, FIRST, SECOND], [2]),
        ([FIRST, date.max], [1]),
    ],
)
def test_days_follow_the_last_day_and_each_other(days: list[date | None], wrong: list[int]) -> None:
    with time_machine.travel(LAST_DAY):
        assert list(misplaced_days(days, LAST_DAY)) == wrong


def test_a_plan_out_of_order_is_not_written(world: World) -> None:
    petition = world.petition(deadline=LAST_DAY)
    with pytest.raises(Refusal):
        run_tx(lambda: plan(petition.id, [Step("설계", 40, SECOND), Step("설치", 60, FIRST)]))


@pytest.fixture
def hands() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(datetime(2030, 2, 20, 12, tzinfo=SEOUL), tick=False) as later:
        yield later


def begin(world: World) -> tuple[Petition, list[str]]:
    petition = world.petition(signatures=1, goal=30_000, deadline=LAST_DAY)
    steps = world.plan(petition, 40, 60, due=(FIRST, SECOND))
    world.pledge(petition, "bob", 30_000)
    world.sign(petition, "minji")
    run_tx(lambda: setattr(lock(Petition, petition.id), "window_ends_at", clock.now()))
    assert run_tx(lambda: fire(petition.id))
    world.work()
    assert world.action(petition).state == "underway"
    return world.fresh(petition), steps


def reminders() -> list[str]:
    db.session.rollback()
    return [letter.subject for letter in db.session.query(Letter) if letter.cause.startswith("step-due-")]


def test_the_organizer_hears_of_it_once_on_the_day(world: World, hands: time_machine.Coordinates) -> None:
    begin(world)
    hands.move_to(datetime.combine(FIRST, clock.now().time(), tzinfo=SEOUL).replace(hour=9))
    world.work()
    assert reminders() == []
    hands.shift(timedelta(hours=1))
    world.work()
    hands.shift(timedelta(days=2))
    world.work()
    assert len(reminders()) == 1


def test_a_step_shown_before_its_day_reminds_nobody(world: World, hands: time_machine.Coordinates) -> None:
    petition, steps = begin(world)
    organizer_id = petition.organizer_id
    assert organizer_id is not None
    run_tx(lambda: claim(steps[0], organizer_id, text="보세요"))
    hands.move_to(datetime.combine(FIRST, clock.now().time(), tzinfo=SEOUL).replace(hour=12))
    world.work()
    assert reminders() == []


def test_no_action_no_reminder(world: World, hands: time_machine.Coordinates) -> None:
    petition = world.petition(deadline=LAST_DAY)
    world.plan(petition, 40, 60, due=(FIRST, SECOND))
    hands.move_to(datetime.combine(FIRST, clock.now().time(), tzinfo=SEOUL).replace(hour=12))
    world.work()
    assert reminders() == []
    assert "late" not in world.app.test_client().get(f"/petitions/{petition.slug}?lang=en").text


def test_the_pages_say_since_when_a_step_is_late(
    client: FlaskClient, world: World, hands: time_machine.Coordinates
) -> None:
    petition, _steps = begin(world)
    pages = [f"/petitions/{petition.slug}?lang=en", f"/actions/{petition.slug}?lang=en"]
    late, ahead = "Expected by March 20, 2030, and late since then", "Expected by April 20, 2030<"
    frame = f"/embed/v1/{petition.slug}?lang=en"
    hands.move_to(datetime.combine(FIRST, clock.now().time(), tzinfo=SEOUL).replace(hour=23, minute=59))
    assert all(late not in client.get(page).text for page in pages)
    assert "By Mar 20, 2030" in client.get(frame).text
    hands.shift(timedelta(minutes=1))
    for page in pages:
        text = client.get(page).text
        assert late in text
        assert ahead in text
    assert "Late since Mar 20, 2030" in client.get(frame).text
    [first, second] = client.get(f"/api/v1/petitions/{petition.slug}").json["action"]["milestones"]
    assert (first["due_on"], second["due_on"]) == ("2030-03-20", "2030-04-20")
    name_account(petition)
    world.sign_in(client, "organizer")
    desk = client.get(f"/desk/{petition.slug}?lang=en").text
    assert late in desk
    assert "was expected by March 20, 2030 and is late since then" in desk
