"""``/me/webhooks``: added, tested, given a new secret, replayed, deleted; by its owner alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from standardwebhooks import Webhook
from werkzeug.test import TestResponse

from app import clock
from app.db import db, run_tx
from app.hooks.announcing import tell
from app.hooks.keeping import send_test, sweep_old
from app.hooks.models import Delivery, Endpoint, Message
from app.people.models import Person
from app.petitions.models import Petition
from tests.actions.stages import words
from tests.hooks.receiver import Receiver
from tests.organizing.desk import OURS, TOKEN, send
from tests.world import World

ENGLISH = "/me/webhooks?lang=en"
SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]{44}")
Listen = Callable[..., Endpoint]
Do = Callable[[], None]


def filled(**changes: Any) -> dict[str, Any]:
    return {
        "url": "https://example.org/dure",
        "scope": "every",
        "events": ["petition.tipped", "action.fired"],
        "key": "one",
    } | changes


def mine() -> list[Endpoint]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Endpoint)))


def press(client: FlaskClient, endpoint: Endpoint, what: str, **data: Any) -> TestResponse:
    page = f"/me/webhooks/{endpoint.id}"
    return send(client, f"{page}/{what}", data, page=f"{page}?lang=en")


def test_the_secret_is_shown_once_and_signs(
    world: World, client: FlaskClient, receiver: Receiver, deliver: Do
) -> None:
    world.sign_in(client, "alice")
    answer = send(client, ENGLISH, filled(url=receiver.url))
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "private, no-store"
    (secret,) = set(SECRET.findall(answer.text))
    (endpoint,) = mine()
    for page in (ENGLISH, f"/me/webhooks/{endpoint.id}?lang=en", "/me/export"):
        assert not SECRET.search(client.get(page).text)
    assert press(client, endpoint, "tests").status_code == 303
    deliver()
    (heard,) = receiver.heard
    assert Webhook(secret).verify(heard.body, heard.headers)["type"] == "webhook.test"
    page = words(client.get(f"/me/webhooks/{endpoint.id}?lang=en").text)
    assert "A test message" in page
    assert "Status 204" in page
    assert "Arrived" in page


def test_a_form_sent_twice_adds_one(world: World, client: FlaskClient) -> None:
    world.sign_in(client, "alice")
    assert [send(client, ENGLISH, filled()).status_code for _ in range(2)] == [201, 303]
    assert len(mine()) == 1


def test_nobody_has_more_than_ten(world: World, client: FlaskClient, listen: Listen) -> None:
    world.sign_in(client, "alice")
    for number in range(10):
        listen(f"https://example.org/{number}")
    answer = send(client, ENGLISH, filled())
    assert answer.status_code == 422
    assert "as many as one person may" in answer.text
    assert 'value="https://example.org/dure"' in answer.text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"url": ""}, "url"),
        ({"url": "http://example.org/"}, "url"),
        ({"url": "https://10.0.0.1/"}, "url"),
        ({"url": "https://metadata.google.internal/"}, "url"),
        ({"url": "https://user:word@example.org/"}, "url"),
        ({"url": 'https://example.org/"><script>alert(1)</script>\x00'}, "url"),
        ({"url": "https://" + "a" * 10_000}, "url"),
        ({"scope": "all-secrets"}, "scope"),
        ({"scope": "one", "petition": ""}, "petition"),
        ({"scope": "one", "petition": "no-such-petition"}, "petition"),
        ({"scope": "one", "petition": "%00%ff"}, "petition"),
        ({"events": []}, "events"),
        ({"events": ["signature.received", "petition.secret"]}, "events"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    world: World, client: FlaskClient, changes: dict[str, Any], field: str
) -> None:
    world.sign_in(client, "alice")
    answer = send(client, ENGLISH, filled(**changes))
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "<script>alert" not in answer.text
    assert mine() == []


def test_a_petition_is_named_by_its_page(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    world.sign_in(client, "alice")
    page = f"https://dure.example/petitions/{petition.slug}?lang=ko#sign"
    assert send(client, ENGLISH, filled(scope="one", petition=page)).status_code == 201
    (endpoint,) = mine()
    assert (endpoint.scope, endpoint.petition_id) == ("one", petition.id)


def test_only_the_organizer_can_name_what_is_not_public_yet(world: World, client: FlaskClient) -> None:
    petition = world.petition(state="moderation")
    world.sign_in(client, "alice")
    asked = filled(scope="one", petition=petition.slug)
    assert send(client, ENGLISH, asked).status_code == 422
    world.sign_in(client, "organizer")
    assert send(client, ENGLISH, asked).status_code == 201


def test_an_international_name_is_written_as_it_travels(world: World, client: FlaskClient) -> None:
    world.sign_in(client, "alice")
    assert send(client, ENGLISH, filled(url="https://예시.한국/소식?글=1")).status_code == 201
    (endpoint,) = mine()
    assert endpoint.url == "https://xn--vv4b11d.xn--3e0b707e/%EC%86%8C%EC%8B%9D?%EA%B8%80=1"


def test_it_can_be_changed(world: World, client: FlaskClient, listen: Listen) -> None:
    world.sign_in(client, "alice")
    endpoint = listen("https://example.org/old")
    page = f"/me/webhooks/{endpoint.id}?lang=en"
    assert send(client, page, filled(url="https://10.0.0.1/")).status_code == 422
    changed = filled(url="https://example.org/new", scope="own", events=["action.delivered"])
    assert send(client, page, changed).status_code == 303
    (now,) = mine()
    assert (now.url, now.scope, now.events) == ("https://example.org/new", "own", ["action.delivered"])


def test_another_address_has_not_failed_yet(
    world: World, client: FlaskClient, listen: Listen, receiver: Receiver, deliver: Do
) -> None:
    world.sign_in(client, "alice")
    endpoint = listen(receiver.url)
    receiver.answers = [500]
    run_tx(lambda: send_test(endpoint.id))
    deliver()
    page = f"/me/webhooks/{endpoint.id}?lang=en"
    assert "Nothing has arrived there since" in client.get(page).text
    assert send(client, page, filled(url=f"{receiver.url}/there")).status_code == 303
    assert "Nothing has arrived there since" not in client.get(page).text
    run_tx(lambda: send_test(endpoint.id))
    deliver()
    assert [heard.path for heard in receiver.heard] == ["/dure", "/dure/there"]


def test_a_new_secret_replaces_the_old_one_once(world: World, client: FlaskClient, listen: Listen) -> None:
    world.sign_in(client, "alice")
    endpoint = listen("https://example.org/")
    answers = [press(client, endpoint, "secrets", rotation=0) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 303]
    assert len(set(SECRET.findall(answers[0].text))) == 1
    assert "sign with the old secret too" in answers[0].text
    assert "we sign with the secret before it too" in client.get(f"/me/webhooks/{endpoint.id}?lang=en").text


def test_dead_letters_are_replayed_one_or_all(
    world: World, client: FlaskClient, listen: Listen, receiver: Receiver, deliver: Do
) -> None:
    world.sign_in(client, "alice")
    endpoint = listen(receiver.url)
    for _ in range(3):
        run_tx(lambda: send_test(endpoint.id))
    dead = sa.update(Delivery).values(due_at=None, dead_at=clock.now(), attempts=10, error="timeout")
    run_tx(lambda: db.session.execute(dead))
    page = words(client.get(f"/me/webhooks/{endpoint.id}?lang=en").text)
    assert page.count("No answer within ten seconds.") == 3
    first = db.session.scalars(sa.select(Delivery.id).order_by(Delivery.id)).first()
    assert press(client, endpoint, "replays", delivery=first).status_code == 303
    deliver()
    assert len(receiver.heard) == 1
    assert press(client, endpoint, "replays").status_code == 303
    deliver()
    assert len(receiver.heard) == 3
    assert press(client, endpoint, "replays", delivery=str(uuid4())).status_code == 404


def test_what_was_switched_off_says_why_and_is_switched_on(
    world: World, client: FlaskClient, listen: Listen, receiver: Receiver, deliver: Do
) -> None:
    world.sign_in(client, "alice")
    endpoint = listen(receiver.url)
    receiver.answers = [410]
    press(client, endpoint, "tests")
    deliver()
    page = words(client.get(f"/me/webhooks/{endpoint.id}?lang=en").text)
    assert "It answered “410 Gone”" in page
    assert "Switched off" in words(client.get(ENGLISH).text)
    for what in ("tests", "replays"):
        assert press(client, endpoint, what).status_code == 303
    deliver()
    assert len(receiver.heard) == 1
    press(client, endpoint, "power")
    press(client, endpoint, "replays")
    deliver()
    assert len(receiver.heard) == 2


def test_deleting_asks_first_and_forgets(world: World, client: FlaskClient, listen: Listen) -> None:
    world.sign_in(client, "alice")
    endpoint = listen("https://example.org/")
    run_tx(lambda: send_test(endpoint.id))
    assert client.get(f"/me/webhooks/{endpoint.id}/removal?lang=en").status_code == 200
    assert len(mine()) == 1
    page = f"/me/webhooks/{endpoint.id}/removal"
    assert send(client, page, {}).status_code == 303
    assert mine() == []
    assert client.get(f"/me/webhooks/{endpoint.id}").status_code == 404


@pytest.mark.parametrize("what", ["", "/removal", "/tests", "/secrets", "/replays", "/power"])
def test_nobody_elses_is_there(world: World, client: FlaskClient, listen: Listen, what: str) -> None:
    endpoint = listen("https://example.org/", "alice")
    world.sign_in(client, "bob")
    found = TOKEN.search(client.get(ENGLISH).text)
    assert found
    data = filled(csrf_token=found[1], rotation=0)
    assert client.post(f"/me/webhooks/{endpoint.id}{what}", data=data, headers=OURS).status_code == 404
    if what in {"", "/removal"}:
        assert client.get(f"/me/webhooks/{endpoint.id}{what}").status_code == 404
    assert endpoint.url not in client.get(ENGLISH).text
    assert [each.rotation for each in mine()] == [0]


@pytest.mark.parametrize(
    ("name", "state"), [("alice", "open"), ("alice", "hidden"), ("alice", "removed"), ("organizer", "hidden")]
)
def test_a_petition_out_of_sight_is_named_to_its_organizer_alone(
    world: World, client: FlaskClient, listen: Listen, name: str, state: str
) -> None:
    named = name == "organizer" or state == "open"
    petition = world.petition(title="카나리아를 놓아주세요")
    endpoint = listen("https://example.org/", name, scope="one", petition=petition)
    tell("petition.tipped", petition.id, cause="1")
    run_tx(lambda: setattr(db.session.get_one(Petition, petition.id), "state", state))
    world.sign_in(client, name)
    for path in (ENGLISH, f"/me/webhooks/{endpoint.id}?lang=en"):
        page = client.get(path).text
        assert ("카나리아" in page) is named
        assert ("A petition out of sight" in page) is not named
    exported = client.get("/me/export").json
    assert exported is not None
    (webhook,) = exported["webhooks"]
    assert webhook["petition"] == (petition.slug if named else None)


def test_strangers_are_asked_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/me/webhooks").status_code == 302
    assert client.post("/me/webhooks", data=filled()).status_code == 403


def test_a_person_takes_their_webhooks_along_and_erases_them(
    world: World, client: FlaskClient, listen: Listen
) -> None:
    alice = world.sign_in(client, "alice")
    endpoint = listen("https://example.org/mine", "alice")
    listen("https://example.org/other", "bob")
    run_tx(lambda: send_test(endpoint.id))
    exported = client.get("/me/export").json
    assert exported is not None
    assert [webhook["url"] for webhook in exported["webhooks"]] == ["https://example.org/mine"]
    assert send(client, "/me/erasure", {}).status_code == 200
    assert world.fresh(alice).erased_at is not None
    assert [each.url for each in mine()] == ["https://example.org/other"]
    assert db.session.get(Person, alice.id) is not None


def test_what_is_a_month_old_goes(
    world: World, listen: Listen, receiver: Receiver, deliver: Do, later: Callable[..., None]
) -> None:
    endpoint = listen(receiver.url)
    run_tx(lambda: send_test(endpoint.id))
    deliver()
    later(days=29)
    sweep_old()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Message)) == 1
    later(days=2)
    sweep_old()
    counts = [db.session.scalar(sa.select(sa.func.count()).select_from(each)) for each in (Delivery, Message)]
    assert counts == [0, 0]
