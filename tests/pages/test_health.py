"""What operators' machines ask."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from app.db import db
from tests.world import World


@pytest.fixture
def settings_changes() -> dict[str, Any]:
    return {"metrics_token": "a-token-of-the-operator"}


def test_alive_and_ready(client: FlaskClient, context: None) -> None:
    assert client.get("/livez").text == "ok\n"
    assert client.get("/readyz").text == "ok\n"


def test_not_ready_without_tables(app: Flask, client: FlaskClient, context: None) -> None:
    with db.engines[None].begin() as connection:
        connection.execute(sa.text("ALTER TABLE petition RENAME TO elsewhere"))
    assert client.get("/readyz").status_code == 503
    assert client.get("/livez").status_code == 200


def test_gauges_count(client: FlaskClient, world: World) -> None:
    world.petition()
    world.petition(state="hidden")
    lines = client.get("/metrics").text.splitlines()
    assert 'dure_petitions{state="open"} 1' in lines
    assert 'dure_petitions{state="hidden"} 1' in lines
    assert "dure_outbox_due 2" in lines
    assert "dure_letters_due 0" in lines


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP"])
def test_a_proxy_on_this_machine_is_not_this_machine(client: FlaskClient, context: None, name: str) -> None:
    assert client.get("/metrics", headers={name: "203.0.113.9"}).status_code == 404


def test_strangers_need_the_token(client: FlaskClient, context: None) -> None:
    far = {"REMOTE_ADDR": "203.0.113.9"}
    assert client.get("/metrics", environ_base=far).status_code == 404
    wrong = {"Authorization": "Bearer wrong"}
    assert client.get("/metrics", environ_base=far, headers=wrong).status_code == 404
    right = {"Authorization": "Bearer a-token-of-the-operator"}
    assert client.get("/metrics", environ_base=far, headers=right).status_code == 200
