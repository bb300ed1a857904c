"""/me and /me/export: everything a person did, for their eyes alone."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from app.db import db
from app.pages.mine import in_points
from app.people.models import Person
from tests.world import World

OWN = {"Origin": "http://localhost"}


def save(client: FlaskClient, **values: str) -> int:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/me").text)
    assert token
    return client.post("/me", data={"csrf_token": token[1]} | values, headers=OWN).status_code


def test_strangers_are_sent_to_sign_in(client: FlaskClient) -> None:
    for path in ("/me", "/me/export", "/me/erasure"):
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/session?next=")


def test_a_new_person_is_told_what_to_do_next(world: World, client: FlaskClient) -> None:
    world.sign_in(client, "minji")
    page = client.get("/me?lang=en").text
    for words in ("What would help now", "See all petitions", "Nothing signed yet", "No pledges yet"):
        assert words in page


def test_everything_is_there_with_a_way_back(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    world.sign(petition, "minji")
    world.pledge(petition, "minji", 12_000)
    world.work()
    world.sign_in(client, "minji")
    page = client.get("/me?lang=en").text
    assert petition.title in page
    assert "₩12,000" in page
    assert re.search(r'href="/signatures/[^"]+/withdrawal', page)
    assert re.search(r'href="/pledges/[^"]+/withdrawal', page)
    assert re.search(r'href="/follows/', page)
    assert "You signed" in page
    assert "A confirmed signature earns 1 point." in page


def test_nobody_sees_what_others_did(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    world.sign(petition, "junho")
    world.work()
    world.sign_in(client, "minji")
    assert petition.title not in client.get("/me").text
    assert petition.title not in client.get("/me/export").text


def test_who_signed_is_asked_to_pledge(world: World, client: FlaskClient) -> None:
    world.sign(world.petition(), "minji")
    world.sign_in(client, "minji")
    page = client.get("/me?lang=en").text
    assert "It also needs pledges to happen." in page
    assert re.search(r'href="/petitions/[^"]+/pledges"', page)


def test_name_and_language_can_be_changed(world: World, client: FlaskClient) -> None:
    person = world.sign_in(client, "minji")
    assert save(client, name="김민지", locale="en") == 303
    changed = world.fresh(person)
    assert (changed.name, changed.locale) == ("김민지", "en")
    assert '<html lang="en">' in client.get("/me", headers={"Accept-Language": "ko"}).text


@pytest.mark.parametrize(
    "values",
    [{"name": "", "locale": "ko"}, {"name": "민지", "locale": "xx"}, {"name": "a\x00", "locale": "ko"}],
)
def test_bad_changes_change_nothing(world: World, client: FlaskClient, values: dict[str, str]) -> None:
    person = world.sign_in(client, "minji")
    assert save(client, **values) == 422
    assert world.fresh(person).name == "민지"


def test_changes_need_the_token(world: World, client: FlaskClient) -> None:
    person = world.sign_in(client, "minji")
    assert client.post("/me", data={"name": "X", "locale": "ko"}, headers=OWN).status_code == 400
    assert world.fresh(person).name == "민지"


def test_the_export_holds_everything_and_no_key(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    world.sign(petition, "minji")
    world.pledge(petition, "minji", 12_000)
    world.work()
    world.sign_in(client, "minji")
    answer = client.get("/me/export")
    assert answer.mimetype == "application/json"
    assert "attachment" in answer.headers["Content-Disposition"]
    found = answer.json
    assert found is not None
    assert found["person"]["email"] == "minji@example.org"
    assert found["signatures"][0]["slug"] == petition.slug
    assert found["pledges"][0]["amount"] == 12_000
    assert found["points"]["events"][0]["thousandths"] == 1000
    assert found["letters_about"] == [petition.slug]
    assert "token" not in answer.text
    assert db.session.get_one(Person, world.person("minji").id).session_key not in answer.text


@pytest.mark.parametrize(
    ("mp", "shown"),
    [
        (0, "0"),
        (1000, "1"),
        (200, "0.2"),
        (1250, "1.3"),
        (1249, "1.2"),
        (1001, "1"),
        (1950, "2"),
        (7, "0.007"),
        (2_000_000, "2,000"),
    ],
)
def test_points_are_written_with_one_decimal_and_no_needless_nought(mp: int, shown: str) -> None:
    assert in_points(mp) == shown
