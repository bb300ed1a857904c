"""Trying Dure as somebody: one press in a demo, not there at all elsewhere."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from app.demo import people
from tests.world import World


class TestInADemo:
    @pytest.fixture
    def settings_changes(self) -> dict[str, Any]:
        return {"demo": True}

    def test_one_press_signs_in(self, world: World, client: FlaskClient) -> None:
        people.make_people()
        page = client.get("/session?lang=en").text
        assert "Try as Alice" in page
        alice = world.person("alice")
        assert f'value="{alice.id}"' in page
        assert client.post("/session/demo", data={"person": alice.id}).status_code == 303
        assert "alice@example.org" in client.get("/me").text

    def test_nobody_else_can_be_tried(self, world: World, client: FlaskClient) -> None:
        people.make_people()
        stranger = world.person("stranger")
        for person in (stranger.id, "guessed", ""):
            assert client.post("/session/demo", data={"person": person}).status_code == 404
        assert client.get("/me").status_code == 302


def test_outside_a_demo_nobody_can_be_tried(world: World, client: FlaskClient) -> None:
    people.make_people()
    assert "Try as" not in client.get("/session?lang=en").text
    assert client.post("/session/demo", data={"person": world.person("alice").id}).status_code == 404
    assert client.get("/me").status_code == 302
