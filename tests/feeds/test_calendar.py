"""The calendar of a petition, read back by the library that calendar programs are tested against."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import time_machine
from flask.testing import FlaskClient
from icalendar import Calendar

from app import clock
from app.actions.milestones import claim, end_vote
from app.actions.models import Milestone
from app.clock import SEOUL
from app.db import db, lock, run_tx
from app.petitions.answering import note_silence, record_answer
from app.petitions.importing import insert_new
from app.petitions.models import Petition
from tests.feeds.imported import archived
from tests.lending.borrowing import Borrowing
from tests.organizing.desk import underway
from tests.world import World


def read(client: FlaskClient, petition: Petition, **asked: str) -> dict[str, Any]:
    """The events by the first word of their uid."""
    answer = client.get(f"/petitions/{petition.slug}/calendar.ics", query_string=asked)
    assert answer.content_type == "text/calendar; charset=utf-8"
    assert all(len(line) <= 75 for line in answer.data.split(b"\r\n")), "lines are folded"
    calendar = Calendar.from_ical(answer.data)
    events = calendar.walk("VEVENT")
    assert len({event["uid"] for event in events}) == len(events) > 0
    return {event["uid"].partition("-")[0]: event for event in events} | {"calendar": calendar}


def test_the_deadline_is_a_moment_in_seoul(client: FlaskClient, world: World) -> None:
    deadline = datetime(2030, 3, 1, 23, 59, 59, tzinfo=SEOUL)
    petition = world.petition(title='쉼표, 쌍반점; 역\\빗금 그리고 "따옴표"', deadline=deadline)
    events = read(client, petition, lang="en")
    event = events["deadline"]
    assert event.decoded("dtstart") == deadline
    assert event["dtstart"].params["TZID"] == "Asia/Seoul"
    assert event["summary"] == f"Last chance to sign: {petition.title}"
    assert event["status"] == "CONFIRMED"
    assert event["url"].startswith("http://localhost/petitions/")
    calendar = events["calendar"]
    assert calendar["x-wr-calname"] == petition.title
    assert calendar.decoded("refresh-interval") == timedelta(hours=1)
    assert [zone["tzid"] for zone in calendar.walk("VTIMEZONE")] == ["Asia/Seoul"]


def test_a_stopped_petition_calls_its_deadline_off(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    before = read(client, petition)["deadline"]
    run_tx(lambda: stop(petition.id))
    after = read(client, petition)["deadline"]
    assert (after["uid"], after["status"]) == (before["uid"], "CANCELLED")
    assert after["sequence"] > before["sequence"]
    assert after.decoded("dtstamp") >= before.decoded("dtstamp")


def stop(petition_id: str) -> None:
    petition = lock(Petition, petition_id)
    petition.state, petition.closed_at = "stopped", clock.now()


def test_the_window_and_the_vote_and_the_answer(client: FlaskClient, world: World) -> None:
    petition, steps = underway(world)
    organizer_id = petition.organizer_id
    assert organizer_id is not None
    run_tx(lambda: claim(steps[0], organizer_id, text="보세요"))
    events = read(client, petition, lang="en")
    assert events["window"].decoded("dtend") >= events["window"].decoded("dtstart")
    vote = events["vote"]
    step = db.session.get_one(Milestone, steps[0], populate_existing=True)
    assert step.vote_ends_at is not None
    assert vote.decoded("dtstart") == step.vote_ends_at.replace(microsecond=0)
    assert vote["summary"].startswith("The vote on step 1 ends")
    answer = events["answer"]
    assert answer["summary"].startswith("Answer due from 서울시 교통국")
    assert (answer["dtend"].dt - answer["dtstart"].dt) == timedelta(days=1)
    assert world.fresh(petition).response_due_at.astimezone(SEOUL).date() == answer["dtstart"].dt
    run_tx(lambda: setattr(lock(Milestone, steps[0]), "vote_ends_at", clock.now()))
    run_tx(lambda: end_vote(steps[0]))
    run_tx(lambda: record_answer(petition.id, "네."))
    told = read(client, petition, lang="en")
    assert told["vote"]["summary"].startswith("Step 1 accepted")
    assert told["answer"]["summary"].startswith("Answered by")
    for name, before in (("vote", vote), ("answer", answer)):
        assert told[name]["uid"] == before["uid"]
        assert told[name]["sequence"] > before["sequence"]


def test_a_promised_step_is_a_day_that_is_marked_once_accepted(client: FlaskClient, world: World) -> None:
    petition = world.petition(signatures=1, goal=30_000)
    day = clock.now().astimezone(SEOUL).date() + timedelta(days=90)
    [first, _second] = world.plan(petition, 40, 60, due=(day,))
    before = read(client, petition, lang="en")["step"]
    assert before["uid"] == f"step-{first}@dure"
    assert before["summary"].startswith("Step 1 is expected")
    assert (before["description"], before["status"], before["sequence"]) == ("1단계", "CONFIRMED", 0)
    assert (before.decoded("dtstart"), before.decoded("dtend")) == (day, day + timedelta(days=1))

    def accept() -> None:
        step = lock(Milestone, first)
        step.state, step.claimed_at, step.decided_at = "accepted", clock.now(), clock.now()

    run_tx(accept)
    accepted = read(client, petition, lang="en")["step"]
    assert accepted["summary"].startswith("Step 1 accepted")
    assert (accepted["uid"], accepted["sequence"]) == (before["uid"], 1)
    assert accepted.decoded("dtstart") == day, "it stays on its day"


def test_a_step_that_will_not_come_is_called_off(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    world.plan(petition, 40, 60, due=(clock.now().astimezone(SEOUL).date() + timedelta(days=90),))
    before = read(client, petition)["step"]
    run_tx(lambda: stop(petition.id))
    after = read(client, petition)["step"]
    assert (after["uid"], after["status"]) == (before["uid"], "CANCELLED")
    assert after["sequence"] > before["sequence"]
    assert after.decoded("dtstamp") >= before.decoded("dtstamp")


def test_silence_stands_where_the_answer_was_due(client: FlaskClient, world: World) -> None:
    petition = world.petition(signatures=1)
    world.sign(petition, "minji")
    run_tx(lambda: setattr(lock(Petition, petition.id), "response_due_at", clock.now()))
    assert run_tx(lambda: note_silence(petition.id))
    assert read(client, petition, lang="en")["answer"]["summary"].startswith("No answer from")


def test_a_program_that_subscribed_is_told_nothing_twice(client: FlaskClient, world: World) -> None:
    path = f"/petitions/{world.petition().slug}/calendar.ics"
    first = client.get(path)
    assert client.get(path).data == first.data
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_an_imported_petition_has_no_dates(client: FlaskClient, context: None) -> None:
    run_tx(lambda: insert_new([archived()]))
    slug = db.session.query(Petition).one().slug
    assert client.get(f"/petitions/{slug}/calendar.ics").status_code == 404
    assert "calendar.ics" not in client.get(f"/petitions/{slug}").text


def test_repayments_stand_on_their_days(client: FlaskClient, world: World) -> None:
    with time_machine.travel(clock.now(), tick=False) as later:
        borrowing = Borrowing(world, later)
        borrowing.run(("alice", 2), ("bob", 1))
        answer = client.get(f"/petitions/{borrowing.petition.slug}/calendar.ics?lang=en")
        owed = [
            event for event in Calendar.from_ical(answer.data).walk("VEVENT") if "instalment" in event["uid"]
        ]
        assert [event["summary"] for event in owed] == [f"Repayment due: {borrowing.petition.title}"] * 3
        assert [event["dtstart"].dt for event in owed] == [
            duty.due_at.astimezone(SEOUL).date() for duty in borrowing.instalments
        ]
