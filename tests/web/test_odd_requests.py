"""Requests no page of ours makes: they get an answer, never a fault."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.world import World


@pytest.mark.parametrize("who", ["nobody", "organizer", "moderator"])
@pytest.mark.parametrize(
    "path",
    [
        "/petitions/%00",
        "/desk/%00",
        "/moderation/petitions/a%00b",
        "/moderation/petitions/%00/signatures",
        "/media/%00.webp",
        "/api/v1/petitions/%00",
    ],
)
def test_no_address_holds_a_nul(world: World, client: FlaskClient, who: str, path: str) -> None:
    if who != "nobody":
        world.sign_in(client, who)
    assert client.get(path).status_code == 404


def test_a_search_may_hold_a_nul(world: World, client: FlaskClient) -> None:
    world.sign_in(client, "moderator")
    assert client.get("/moderation?q=%00신호").status_code == 200
    assert client.get("/petitions?q=%00신호").status_code == 200


@pytest.mark.parametrize("page", ["0", "-1", "x", str(10**30)])
def test_a_page_far_out_is_no_fault(world: World, client: FlaskClient, page: str) -> None:
    petition = world.petition()
    world.sign_in(client, "organizer")
    assert client.get(f"/desk/{petition.slug}?page={page}").status_code == 200
    world.sign_in(client, "moderator")
    for path in ("decisions", f"petitions/{petition.slug}/signatures"):
        assert client.get(f"/moderation/{path}?page={page}").status_code == 200
