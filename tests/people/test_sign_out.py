"""Signing out, here or everywhere, and what erasing or losing a session leaves behind."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from tests.fresh import FreshClient
from tests.world import World

OWN = {"Origin": "http://localhost"}


def test_nobody_signed_in_is_offered_to_sign_in(world: World, app: Flask) -> None:
    client = FreshClient(app, app.response_class)
    link = '<a href="/session">Sign in</a>'
    assert link in client.get("/petitions").text
    assert link in client.get("/session").text
    world.sign_in(client, "minji")
    page = client.get("/me").text
    assert link not in page
    assert "Sign out</button>" in page


def test_signing_out_ends_this_session_alone(world: World, app: Flask, client: FlaskClient) -> None:
    other = FreshClient(app, app.response_class)
    for one in (client, other):
        world.sign_in(one, "minji")
    assert client.post("/session/end", headers=OWN).status_code == 303
    assert client.get("/me").status_code == 302
    assert other.get("/me").status_code == 200


def test_signing_out_everywhere_ends_every_session(world: World, app: Flask, client: FlaskClient) -> None:
    other = FreshClient(app, app.response_class)
    for one in (client, other):
        world.sign_in(one, "minji")
    client.post("/session/end", data={"everywhere": "1"}, headers=OWN)
    assert other.get("/me").status_code == 302


def test_a_foreign_page_cannot_sign_anybody_out(world: World, client: FlaskClient) -> None:
    world.sign_in(client, "minji")
    assert client.post("/session/end", headers={"Origin": "https://evil.example"}).status_code == 403
    assert client.get("/session/end").status_code == 404
    assert client.get("/me").status_code == 200


def test_signing_out_signed_out_is_no_trouble(client: FlaskClient) -> None:
    assert client.post("/session/end").status_code == 303
