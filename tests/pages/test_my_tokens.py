"""/me/tokens: made with a press, shown once, revoked with a press."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.api.tokens import bearer_of, tokens_of
from tests.world import World

OWN = {"Origin": "http://localhost"}
TOKEN = re.compile(r'value="(dure_[A-Za-z0-9_-]{43})"')


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found
    return found[1]


def make(client: FlaskClient, page: str = "", **values: Any) -> TestResponse:
    """Send the form; a ``page`` fetched before has its key."""
    page = page or client.get("/me/tokens").text
    fields = {"csrf_token": hidden(page, "csrf_token"), "key": hidden(page, "key")}
    wish = {"name": "Daily News", "sign": "y", "days": "90"}
    return client.post("/me/tokens", data=fields | wish | values, headers=OWN)


def test_strangers_are_sent_to_sign_in(client: FlaskClient) -> None:
    assert client.get("/me/tokens").headers["Location"].startswith("/session?next=")


def test_it_is_shown_once(client: FlaskClient, world: World) -> None:
    person = world.sign_in(client, "alice")
    answer = make(client)
    found = TOKEN.search(answer.text)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert found
    bearer = bearer_of(found[1])
    assert bearer is not None
    assert bearer.scopes == {"sign"}
    again = client.get("/me/tokens").text
    assert found[1] not in again
    assert "Daily News" in again
    assert f"Ends in {found[1][-4:]}" in again
    assert found[1] not in client.get("/me/export").text
    assert len(tokens_of(person.id)) == 1


def test_a_form_sent_twice_makes_one(client: FlaskClient, world: World) -> None:
    person = world.sign_in(client, "alice")
    page = client.get("/me/tokens").text
    make(client, page)
    second = make(client, page)
    assert second.status_code == 303
    assert "was made already" in client.get("/me/tokens").text
    assert len(tokens_of(person.id)) == 1


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"name": ""}, "Write what the token is for"),
        ({"name": "x" * 61}, "Shorten this to 60 characters."),
        ({"name": "a\x00b"}, "Remove the invisible control characters"),
        ({"sign": ""}, "Choose at least one thing that the token may do."),
        ({"days": "100000"}, "Choose how long the token works."),
    ],
)
def test_what_is_wrong_stands_beside_the_field(
    client: FlaskClient, world: World, values: dict[str, str], sentence: str
) -> None:
    person = world.sign_in(client, "alice")
    if values.get("sign") == "":
        page = client.get("/me/tokens").text
        fields = {"csrf_token": hidden(page, "csrf_token"), "key": hidden(page, "key")}
        answer = client.post("/me/tokens", data=fields | {"name": "x", "days": "90"}, headers=OWN)
    else:
        answer = make(client, **values)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert tokens_of(person.id) == []


def test_revoking_ends_it(client: FlaskClient, world: World) -> None:
    person = world.sign_in(client, "alice")
    found = TOKEN.search(make(client).text)
    assert found
    page = client.get("/me/tokens").text
    press = {"csrf_token": hidden(page, "csrf_token")}
    path = f"/me/tokens/{tokens_of(person.id)[0].id}/revocation"
    assert client.post(path, headers=OWN).status_code == 400
    assert bearer_of(found[1]) is not None
    assert client.post(path, data=press, headers=OWN).status_code == 303
    assert bearer_of(found[1]) is None
    assert client.post(path, data=press, headers=OWN).status_code == 404
    assert "Revoked on" in client.get("/me/tokens").text


def test_nobody_revokes_anothers(client: FlaskClient, world: World) -> None:
    world.sign_in(client, "alice")
    found = TOKEN.search(make(client).text)
    alice = world.person("alice")
    world.sign_in(client, "bob")
    press = {"csrf_token": hidden(client.get("/me/tokens").text, "csrf_token")}
    path = f"/me/tokens/{tokens_of(alice.id)[0].id}/revocation"
    assert client.post(path, data=press, headers=OWN).status_code == 404
    assert found
    assert bearer_of(found[1]) is not None
    assert "Daily News" not in client.get("/me/tokens").text


def test_my_activity_leads_there(client: FlaskClient, world: World) -> None:
    world.sign_in(client, "alice")
    assert 'href="/me/tokens' in client.get("/me").text


def test_erasing_takes_the_tokens_along(client: FlaskClient, world: World) -> None:
    person = world.sign_in(client, "alice")
    found = TOKEN.search(make(client).text)
    assert found
    press = {"csrf_token": hidden(client.get("/me/erasure").text, "csrf_token")}
    assert client.post("/me/erasure", data=press, headers=OWN).status_code == 200
    assert bearer_of(found[1]) is None
    assert tokens_of(person.id) == []
