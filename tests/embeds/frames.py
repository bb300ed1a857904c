"""What tests of signing inside the widget share: a petition that allows it, and a browser in a frame."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import time_machine
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import clock
from app.db import run_tx
from app.embeds.choosing import choose
from app.petitions.models import Petition
from tests.fresh import get
from tests.petitions.signing_page import MINJI
from tests.world import World

OURS = {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}
TOKEN = re.compile(r'name="token" value="([^"]+)"')


def open_petition(world: World, *origins: str, **changes: Any) -> Petition:
    """A petition whose organizer lets people sign inside the widget, on these sites or everywhere."""
    petition = world.petition(**changes)
    run_tx(lambda: choose(petition.id, origins, signs_in_frame=True))
    return petition


def path_of(petition: Petition, query: str = "lang=en") -> str:
    return f"/embed/v1/{petition.slug}/sign?{query}"


def token_of(client: FlaskClient, petition: Petition, seconds: int = 30) -> str:
    """The token of a form that was opened so many seconds ago."""
    with time_machine.travel(clock.now() - timedelta(seconds=seconds), tick=False):
        return token_in(get(client, path_of(petition)).text)


def token_in(page: str) -> str:
    found = TOKEN.search(page)
    assert found, page
    return found[1]


def send(
    client: FlaskClient,
    petition: Petition,
    token: str,
    *,
    headers: dict[str, str] | None = None,
    query: str = "lang=en",
    **typed: str,
) -> TestResponse:
    """민지 presses the button; ``typed`` changes what she wrote."""
    data = MINJI | {"token": token} | typed
    with client.application.app_context():
        return client.post(
            path_of(petition, query), data=data, headers=OURS if headers is None else headers, buffered=True
        )
