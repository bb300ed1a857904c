"""What is told: each public event once, to those who asked, and only what everybody may see."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app import clock
from app.actions.reading import ActionView, MilestoneView
from app.actions.summing_up import iso
from app.db import db, run_tx
from app.hooks.announcing import MOMENTS, tell
from app.hooks.events import EVENTS
from app.hooks.keeping import replay, switch_on
from app.hooks.models import Delivery, Endpoint, Message
from app.hooks.sending import Senders, switch_off
from app.petitions.answering import record_answer
from app.petitions.launching import close, hide, publish
from app.petitions.models import Petition
from app.petitions.showing import PetitionView
from app.petitions.signing import withdraw
from app.petitions.updating import publish_update
from app.reactions import REACTIONS
from tests.actions.stages import ALICE_AND_BOB, cast, claim_step, name_payee, pay_step
from tests.hooks.receiver import Receiver
from tests.world import World

Listen = Callable[..., Endpoint]
Do = Callable[[], None]
Pass = Callable[..., None]
NOWHERE = "http://127.0.0.1:9/"
CANARY = "숨은카나리아"


def told() -> list[dict[str, Any]]:
    """What was written for the endpoints, in order."""
    db.session.rollback()
    return [json.loads(body) for body in db.session.scalars(sa.select(Message.body).order_by(Message.id))]


def types() -> list[str]:
    return [message["type"] for message in told()]


@pytest.fixture(autouse=True)
def _nothing_is_sent(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    if "deliver" not in request.fixturenames:
        monkeypatch.setattr(Senders, "start", lambda *_args: None)


def fired(world: World, later: Pass) -> tuple[Petition, list[str]]:
    petition = world.petition(state="moderation", signatures=1)
    steps = world.plan(petition, 40, 60)
    run_tx(lambda: publish(petition.id))
    world.sign(petition, "minji")
    for name, amount, token in ALICE_AND_BOB:
        world.pledge(petition, name, amount, token)
    world.work()
    later(hours=2)
    world.work()
    return petition, steps


def test_a_whole_life_is_told_in_its_order(world: World, listen: Listen, later: Pass) -> None:
    listen(NOWHERE)
    petition, steps = fired(world, later)
    name_payee(world)
    for step in steps:
        pay_step(world, step, "alice", "bob")
    assert [event for event in types() if event != "petition.closed"] == [
        "petition.opened",
        "petition.tipped",
        "action.fired",
        "action.underway",
        *("milestone.claimed", "milestone.accepted") * 2,
        "action.delivered",
    ]
    accepted = [message["data"]["milestone"] for message in told() if message["type"] == "milestone.accepted"]
    assert [(step["position"], step["state"]) for step in accepted] == [(1, "accepted"), (2, "accepted")]
    assert {message["data"]["petition"]["slug"] for message in told()} == {petition.slug}
    assert {message["data"]["url"] for message in told()} == {told()[0]["data"]["url"]}


def test_a_life_that_ends_badly_is_told_too(world: World, listen: Listen, later: Pass) -> None:
    listen(NOWHERE)
    _petition, (step, _last) = fired(world, later)
    claim_step(world, step)
    cast(world, step, False, "alice", "bob")
    later(days=8)
    world.work()
    assert {"milestone.rejected", "action.stopped"} <= set(types())
    assert "milestone.accepted" not in types()


def test_losing_a_threshold_news_answers_and_the_end(world: World, listen: Listen) -> None:
    listen(NOWHERE)
    petition = world.petition(signatures=1, offers=())
    world.sign(petition, "minji")
    organizer = world.person("organizer")
    run_tx(lambda: record_answer(petition.id, "내년에 놓겠습니다."))
    run_tx(
        lambda: publish_update(petition.id, organizer.id, title="소식", text="고마워요.", idempotency_key="k")
    )
    world.work()
    signature_id = db.session.execute(sa.text("SELECT id FROM signature")).scalar_one()
    run_tx(lambda: withdraw(str(signature_id)))
    run_tx(lambda: close(petition.id))
    world.work()
    assert sorted(types()) == [
        "petition.answered",
        "petition.closed",
        "petition.tipped",
        "petition.untipped",
        "petition.updated",
    ]
    (news,) = [message["data"]["update"] for message in told() if message["type"] == "petition.updated"]
    assert (news["title"], news["text_html"]) == ("소식", "<p>고마워요.</p>\n")


def test_news_are_told_as_the_api_tells_them(world: World, client: FlaskClient, listen: Listen) -> None:
    listen(NOWHERE)
    petition, organizer = world.petition(), world.person("organizer")
    run_tx(
        lambda: publish_update(petition.id, organizer.id, title="소식", text="고마워요.", idempotency_key="k")
    )
    world.work()
    (message,) = told()
    answer = client.get(message["data"]["petition"]["updates"]["url"]).json
    assert answer is not None
    assert answer["items"] == [message["data"]["update"]]


def test_the_message_says_what_the_api_says(world: World, client: FlaskClient, listen: Listen) -> None:
    listen(NOWHERE)
    petition = world.petition(signatures=1, offers=())
    world.sign(petition, "minji")
    world.work()
    (message,) = told()
    answer = client.get(f"/api/v1/petitions/{petition.slug}").json
    assert answer is not None
    said = message["data"]["petition"]
    assert said.pop("as_of") >= message["timestamp"]
    assert answer.pop("as_of")
    assert said == answer
    assert message["data"]["url"].endswith(f"/petitions/{petition.slug}") or "%" in message["data"]["url"]


def test_nobody_is_named(world: World, listen: Listen, later: Pass) -> None:
    listen(NOWHERE)
    person = world.person("minji")
    run_tx(lambda: setattr(db.session.get_one(type(person), person.id), "name", CANARY))
    db.session.expire_all()
    petition, _steps = fired(world, later)
    signer = db.session.execute(sa.text("SELECT name FROM signature WHERE state = 'validated'")).scalar_one()
    assert signer == CANARY
    bodies = "".join(db.session.scalars(sa.select(Message.body)))
    assert petition.slug in bodies
    for hidden in (CANARY, "minji@example.org", "alice@example.org", "Alice", person.id):
        assert hidden not in bodies


def test_each_event_is_told_once_however_often_the_worker_reacts(world: World, listen: Listen) -> None:
    listen(NOWHERE)
    petition = world.petition(signatures=1, offers=())
    world.sign(petition, "minji")
    world.work()
    run_tx(lambda: db.session.execute(sa.text("UPDATE outbox SET finished_at = NULL")))
    world.work()
    assert types() == ["petition.tipped"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Delivery)) == 1


@pytest.mark.parametrize(
    ("scope", "owner", "hears"),
    [
        ("every", "alice", True),
        ("own", "organizer", True),
        ("own", "alice", False),
        ("one", "alice", True),
        ("other", "alice", False),
    ],
)
def test_an_endpoint_hears_of_the_petitions_it_is_about(
    world: World, listen: Listen, scope: str, owner: str, hears: bool
) -> None:
    petition = world.petition(signatures=1, offers=())
    other = world.petition(title="다른 청원")
    about = {"one": petition, "other": other}.get(scope)
    listen(NOWHERE, owner, scope="one" if about else scope, petition=about)
    assert tell("petition.tipped", petition.id, cause="now") is hears


def test_only_the_chosen_events_are_told(world: World, listen: Listen) -> None:
    listen(NOWHERE, events=("petition.closed",))
    petition = world.petition()
    assert not tell("petition.tipped", petition.id, cause="1")
    assert tell("petition.closed", petition.id, cause="2")


def test_with_no_endpoint_nothing_is_written(world: World) -> None:
    petition = world.petition()
    assert not tell("petition.tipped", petition.id, cause="1")
    assert told() == []


@pytest.mark.parametrize("state", ["moderation", "sponsoring", "hidden", "removed", "rejected"])
def test_what_is_not_public_is_not_told(world: World, listen: Listen, state: str) -> None:
    listen(NOWHERE)
    petition = world.petition(state=state)
    assert not tell("petition.closed", petition.id, cause="1")


def test_hiding_is_not_told(world: World, listen: Listen) -> None:
    listen(NOWHERE)
    petition = world.petition()
    run_tx(lambda: hide(petition.id))
    run_tx(lambda: close(petition.id))
    world.work()
    assert told() == []


def test_what_became_of_a_petition_out_of_sight_is_told_once_it_is_shown(
    world: World, listen: Listen, later: Pass
) -> None:
    listen(NOWHERE)
    petition = world.petition()
    for moment in ("first", "second"):
        run_tx(lambda: hide(petition.id))
        if moment == "first":
            run_tx(lambda: close(petition.id))
        world.work()
        run_tx(lambda: publish(petition.id))
        world.work()
        later(hours=1)
    assert types() == ["petition.shown", "petition.shown"]
    assert {message["data"]["petition"]["state"] for message in told()} == {"closed"}


def test_a_message_says_when_it_happened_and_when_it_was_read(
    world: World, listen: Listen, later: Pass
) -> None:
    listen(NOWHERE)
    petition = world.petition()
    closed = clock.now()
    run_tx(lambda: close(petition.id))
    later(minutes=5)
    world.work()
    (message,) = told()
    assert message["timestamp"] == iso(closed)
    assert message["data"]["petition"]["as_of"] == iso(closed + timedelta(minutes=5))


def test_a_step_is_claimed_when_it_is_claimed(world: World, listen: Listen, later: Pass) -> None:
    listen(NOWHERE, events=("milestone.claimed",))
    _petition, (step, _last) = fired(world, later)
    claimed = clock.now()
    claim_step(world, step)
    later(hours=1)
    world.work()
    (message,) = told()
    assert message["timestamp"] == iso(claimed)


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_has_a_moment_that_is_kept_or_announced(event: str) -> None:
    subjects = {"petition": PetitionView, "action": ActionView, "milestone": MilestoneView}
    kept = {field.name for field in fields(subjects[event.partition(".")[0]])}
    announced = {"petition.shown", "petition.tipped", "petition.untipped", "petition.updated"}
    assert (MOMENTS.get(event) in kept) is not (event in announced)


def test_a_letter_that_fails_keeps_no_program_waiting(
    world: World, listen: Listen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: object, **_details: object) -> None:
        raise OSError("no letters today")

    monkeypatch.setattr("app.telling.petitions.tell", fail)
    listen(NOWHERE)
    petition = world.petition(state="moderation")
    run_tx(lambda: publish(petition.id))
    world.work()
    assert types() == ["petition.opened"]


@pytest.mark.parametrize("topic", sorted(REACTIONS))
def test_programs_are_told_before_anybody_else(topic: str) -> None:
    tells = [reaction.__module__ == "app.hooks.announcing" for reaction in REACTIONS[topic]]
    assert tells == sorted(tells, reverse=True)


def test_what_an_endpoint_misses_while_it_is_off_can_be_replayed(world: World, listen: Listen) -> None:
    on, off = listen(NOWHERE, "alice"), listen(NOWHERE, "bob")
    petition = world.petition()
    run_tx(lambda: switch_off(db.session.get_one(Endpoint, off.id), clock.now(), "gone"))
    assert tell("petition.tipped", petition.id, cause="1")
    found = db.session.execute(sa.select(Delivery.endpoint_id, Delivery.due_at.is_(None), Delivery.error))
    assert {tuple(row) for row in found} == {(on.id, False, None), (off.id, True, "off")}
    assert run_tx(lambda: replay(off.id)) == 0
    run_tx(lambda: switch_on(off.id))
    assert run_tx(lambda: replay(off.id)) == 1


def test_the_clock_of_a_message_is_the_moment_it_speaks_of(
    world: World, listen: Listen, receiver: Receiver, deliver: Do, later: Pass
) -> None:
    receiver.answers = [500]
    listen(receiver.url)
    petition = world.petition()
    at = clock.now()
    tell("petition.tipped", petition.id, cause="1")
    deliver()
    later(minutes=10)
    deliver()
    first, second = receiver.heard
    assert first.body == second.body
    assert json.loads(first.body)["timestamp"] == at.isoformat(timespec="milliseconds")
