"""The page that takes a pledge back."""

from __future__ import annotations

from flask.testing import FlaskClient

from app import clock
from app.db import run_tx
from app.pledges.links import browser_token, letter_token
from tests.pledges.promises import drafted, money, stored
from tests.world import World


def page(token: str) -> str:
    return f"/pledges/{token}/withdrawal?lang=en"


def test_looking_keeps_the_pledge_and_the_button_takes_it_back_once(
    world: World, client: FlaskClient
) -> None:
    petition = world.petition()
    world.pledge(petition, "minji", 10_000)
    address = page(letter_token(stored()[0]))
    assert "Take your pledge back?" in client.get(address).text
    assert client.head(address).status_code == 200
    assert money(world, petition).tally == 10_000
    for _ in range(2):
        answer = client.post(address)
        assert answer.status_code == 200
        assert "Pledge taken back" in answer.text
        assert money(world, petition).tally == 0
    assert stored()[0].state == "withdrawn"


def test_after_the_firing_the_page_says_why_not(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    world.pledge(petition, "minji", 10_000)

    def fire() -> None:
        world.fresh(petition).fired_at = clock.now()
        stored()[0].state = "frozen"

    run_tx(fire)
    address = page(letter_token(stored()[0]))
    assert "can no longer be taken back" in client.get(address).text
    answer = client.post(address)
    assert answer.status_code == 409
    assert "others count on it" in answer.text
    assert stored()[0].state == "frozen"


def test_only_the_letters_link_takes_back(world: World, client: FlaskClient) -> None:
    pledge = drafted(world.petition())
    assert client.post(page(browser_token(pledge))).status_code == 404
    assert stored()[0].state == "draft"
