"""Tokens, and requests of a partner's server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.api.tokens import SCOPES, make_token
from app.db import run_tx
from tests.world import World

Post = Callable[..., TestResponse]


def token_for(world: World, name: str = "alice", *, scopes: tuple[str, ...] = SCOPES, days: int = 30) -> str:
    person = world.person(name)
    made = run_tx(
        lambda: make_token(
            person.id, name="Daily", scopes=scopes, days=days, form_key=uuid4().hex + uuid4().hex
        )
    )
    assert made is not None
    return made


def signature(**changes: Any) -> dict[str, Any]:
    wish = {"name": "민지", "email": "minji@example.org", "region": "KR-11", "consent": True}
    return {name: value for name, value in (wish | changes).items() if value is not ...}


def pledge(**changes: Any) -> dict[str, Any]:
    wish = {"amount": 12_000, "name": "준호", "email": "junho@example.org", "consent": True}
    return {name: value for name, value in (wish | changes).items() if value is not ...}


@pytest.fixture
def post(client: FlaskClient, world: World) -> Post:
    """``post(path, body, key="…")`` as a partner's server would, with a token of Alice's."""
    token = token_for(world)

    def send(path: str, body: Any, *, key: str | None = None, token: str = token) -> TestResponse:
        headers = {"Authorization": f"Bearer {token}"} | ({"Idempotency-Key": key} if key else {})
        return client.post(f"/api/v1{path}", json=body, headers=headers)

    return send
