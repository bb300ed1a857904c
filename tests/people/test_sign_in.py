"""Signing in by a link: one use, one hour, and no way to tell who is known here."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.db import db, new_id
from app.people.models import Person, SignIn, find_person
from app.web.limits import limiter
from app.web.tokens import make_token
from tests.fresh import FreshClient
from tests.world import World

OWN = {"Origin": "http://localhost"}


def ask(world: World, client: FlaskClient, email: str = "minji@example.org", **more: str) -> str:
    """Ask for a link and return its path."""
    answer = client.post("/session?lang=en", data={"email": email} | more, headers=OWN)
    assert answer.status_code == 200
    world.work()
    found = re.search(r"http://localhost(/session/\S+)", world.letters(email)[-1].text)
    assert found
    return found[1]


def is_signed_in(client: FlaskClient) -> bool:
    return client.get("/me").status_code == 200


def people() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(Person)) or 0


def test_the_link_in_the_letter_signs_in(world: World, client: FlaskClient) -> None:
    world.person("minji")
    link = ask(world, client)
    page = client.get(link)
    assert "minji@example.org" in page.text
    assert len(re.findall("<form", page.text)) == 1
    assert not is_signed_in(client)
    answer = client.post(link)
    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("/me")
    assert is_signed_in(client)
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert people() == 1


def test_looking_signs_nobody_in(world: World, client: FlaskClient) -> None:
    link = ask(world, client)
    for method in ("HEAD", "GET"):
        assert client.open(link, method=method).status_code == 200
    assert not is_signed_in(client)
    assert people() == 0
    assert client.post(link).status_code == 303


def test_a_first_sign_in_makes_the_person(world: World, client: FlaskClient) -> None:
    client.post(ask(world, client, "new.neighbour+dure@example.org"))
    db.session.rollback()
    person = find_person("new.neighbour@example.org")
    assert person is not None
    assert (person.name, person.locale) == ("new.neighbour", "en")
    assert "Is that your name?" in client.get("/me?lang=en").text


def test_a_link_works_once(world: World, app: Flask, client: FlaskClient) -> None:
    link = ask(world, client)
    client.post(link)
    other = FreshClient(app, app.response_class)
    for method in ("GET", "POST"):
        answer = other.open(f"{link}?lang=en", method=method)
        assert answer.status_code == 410
        assert "Ask for a new one" in answer.text
    assert not is_signed_in(other)


def test_a_link_works_for_an_hour(world: World, client: FlaskClient) -> None:
    link = ask(world, client)
    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        assert client.get(link).status_code == 410
        assert client.post(link).status_code == 410
    assert not is_signed_in(client)
    with time_machine.travel(clock.now() + timedelta(minutes=59)):
        assert client.post(link).status_code == 303


def test_other_tokens_sign_nobody_in(world: World, client: FlaskClient) -> None:
    ask(world, client)
    sign_in_id = db.session.scalars(sa.select(SignIn.id)).one()
    for token in (
        "guessed",
        sign_in_id,
        make_token("signature", sign_in_id),
        make_token("sign-in", new_id()),
    ):
        assert client.get(f"/session/{token}").status_code == 404
        assert client.post(f"/session/{token}").status_code == 404
    assert not is_signed_in(client)


def test_known_and_unknown_addresses_get_the_same_answer(world: World, client: FlaskClient) -> None:
    world.person("minji")
    known = client.post("/session?lang=en", data={"email": "minji@example.org"})
    unknown = client.post("/session?lang=en", data={"email": "mystery@example.org"})
    assert known.status_code == unknown.status_code == 200
    assert known.text == unknown.text
    assert known.headers.to_wsgi_list() == unknown.headers.to_wsgi_list()
    world.work()
    assert len(world.letters("mystery@example.org")) == len(world.letters("minji")) == 1


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "/me\r\nSet-Cookie: x=1",
        "///evil.example",
        "/" + "x" * 600,
    ],
)
def test_only_our_own_paths_follow(world: World, client: FlaskClient, target: str) -> None:
    location = client.post(ask(world, client, next=target)).headers["Location"]
    assert location in {"/", "http://localhost/"}


def test_the_path_one_came_from_follows(world: World, client: FlaskClient) -> None:
    away = client.get("/me/export")
    assert away.status_code == 302
    page = client.get(away.headers["Location"])
    assert 'value="/me/export"' in page.text
    assert client.post(ask(world, client, next="/desk?x=1")).headers["Location"].endswith("/desk?x=1")


def test_a_session_prepared_by_somebody_else_ends(world: World, client: FlaskClient) -> None:
    with client.session_transaction() as planted:
        planted["planted"] = "by an attacker"
        planted["csrf_token"] = "known"
    client.post(ask(world, client), headers=OWN)
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != "known"


@pytest.mark.parametrize(
    "email", ["", "minji", "a@example.org, b@example.org", "a@example.org\r\nBcc: b@x.org"]
)
def test_a_bad_address_gets_a_sentence(world: World, client: FlaskClient, email: str) -> None:
    answer = client.post("/session?lang=en", data={"email": email, "next": "/desk"})
    assert answer.status_code == 422
    assert "e-mail address" in answer.text or "control characters" in answer.text
    assert 'value="/desk"' in answer.text
    world.work()
    assert db.session.query(SignIn).count() == 0


def test_a_poisoned_host_does_not_reach_the_letter(world: World, client: FlaskClient) -> None:
    client.post("/session", data={"email": "minji@example.org"}, headers={"Host": "evil.example"})
    world.work()
    assert "evil.example" not in world.letters("minji")[0].text


def test_pages_of_a_session_are_kept_by_nobody(world: World, client: FlaskClient) -> None:
    link = ask(world, client)
    for answer in (client.get("/session"), client.get(link), client.post(link), client.get("/me")):
        assert answer.headers["Cache-Control"] == "private, no-store"


class TestLimits:
    @pytest.fixture
    def settings_changes(self) -> dict[str, Any]:
        return {"limits": "on"}

    def test_a_mailbox_is_not_filled_by_asking(self, world: World, client: FlaskClient) -> None:
        limiter.reset()
        answers = [client.post("/session?lang=en", data={"email": "minji@example.org"}) for _ in range(7)]
        assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 2
        assert "Wait a quarter of an hour" in answers[-1].text
        world.work()
        assert len(world.letters("minji")) == 5


def test_addresses_that_asked_yesterday_are_forgotten(world: World, client: FlaskClient) -> None:
    with time_machine.travel(clock.now() - timedelta(days=1, minutes=1), tick=True):
        ask(world, client, "yesterday@example.org")
    ask(world, client, "today@example.org")
    assert db.session.scalars(sa.select(SignIn.email)).all() == ["today@example.org"]
