"""Moderation does not exist for anybody but moderators."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from app.db import new_id
from tests.organizing.desk import OURS, signature
from tests.world import World

PAGES = (
    "/moderation",
    "/moderation/decisions",
    "/moderation/payouts",
    "/moderation/petitions/{slug}",
    "/moderation/petitions/{slug}/signatures",
)
ACTS = (
    "/moderation/petitions/{slug}/publish",
    "/moderation/petitions/{slug}/hide",
    "/moderation/petitions/{slug}/signatures",
    "/moderation/payouts/{id}",
)


@pytest.fixture
def names(world: World) -> dict[str, str]:
    petition = world.petition(state="moderation")
    return {"slug": petition.slug, "id": new_id()}


@pytest.mark.parametrize("page", PAGES)
def test_pages(client: FlaskClient, world: World, names: dict[str, str], page: str) -> None:
    path = page.format(**names)
    assert client.get(path).status_code == 302, "a stranger signs in first"
    world.sign_in(client, "organizer")
    assert client.get(path).status_code == 404
    world.sign_in(client, "moderator")
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("act", ACTS)
def test_acts(client: FlaskClient, world: World, names: dict[str, str], act: str) -> None:
    path = act.format(**names)
    assert client.post(path).status_code == 403, "a stranger"
    page = client.get
    world.sign_in(client, "organizer")
    token = page("/desk/payee").text.split('name="csrf_token" value="')[1].split('"')[0]
    assert client.post(path, data={"csrf_token": token}, headers=OURS).status_code == 404
    world.sign_in(client, "moderator")
    assert client.post(path, headers=OURS).status_code == 400, "without the token"
    forged = {"Origin": "https://evil.example"}
    assert client.post(path, headers=forged).status_code == 403


def test_an_unknown_petition_is_not_found(client: FlaskClient, world: World) -> None:
    world.sign_in(client, "moderator")
    assert client.get("/moderation/petitions/none").status_code == 404
    assert client.get("/moderation/petitions/none/signatures").status_code == 404


def test_addresses_are_shown_to_moderators_alone(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    signature(petition, "준호", email="canary@example.org")
    world.sign_in(client, "organizer")
    for path in (f"/desk/{petition.slug}", f"/desk/{petition.slug}/signatures.csv"):
        assert "canary" not in client.get(path).text
    world.sign_in(client, "moderator")
    assert "canary@example.org" in client.get(f"/moderation/petitions/{petition.slug}/signatures").text
