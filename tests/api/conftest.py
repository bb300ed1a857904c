"""Tokens, and requests of a partner's server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.world import World

from .tokens import token_for

Post = Callable[..., TestResponse]


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
