"""What the letter's link opens: looking changes nothing, the first form confirms."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from app import clock
from app.db import run_tx
from app.pledges.links import browser_token, letter_token
from app.pledges.pledging import save_method
from app.web.tokens import make_token
from tests.pledges.promises import card, drafted, money, stored
from tests.world import World

FIRST_FORM = re.compile(r'<form[^>]*action="([^"]*)"[^>]*>(.*?)</form>', re.DOTALL)


def link(token: str) -> str:
    return f"/pledges/{token}?lang=en"


def test_looking_changes_nothing_and_the_first_form_confirms_once(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    pledge, saved = drafted(petition), card()
    run_tx(lambda: save_method(pledge.id, saved))
    address = link(letter_token(pledge))
    assert client.head(address).status_code == 200
    page = client.get(address)
    assert page.headers["Cache-Control"] == "private, no-store"
    assert stored()[0].confirmed_at is None
    action, inside = FIRST_FORM.findall(page.text.partition("<body")[2])[0]
    assert action == address
    assert "<input" not in inside
    assert "₩10,000" in page.text
    for _ in range(2):
        answer = client.post(action)
        assert answer.status_code == 200
        assert "Your pledge counts" in answer.text
        assert money(world, petition).tally == 10_000
    assert stored()[0].state == "ready"


def test_without_a_method_one_step_is_left(world: World, client: FlaskClient) -> None:
    address = link(letter_token(drafted(world.petition())))
    assert "Two steps left" in client.get(address).text
    page = client.post(address).text
    assert "One step left: save a payment method" in page
    assert "Save a payment method</button>" in page
    assert stored()[0].state == "draft"


@pytest.mark.parametrize("purpose", ["signature", "pledge-method", "sign-in", "follow", "sponsor"])
def test_a_link_made_for_something_else_opens_no_pledge(
    world: World, client: FlaskClient, purpose: str
) -> None:
    token = make_token(purpose, drafted(world.petition()).id)
    for path in (link(token), f"/pledges/{token}/withdrawal?lang=en"):
        assert client.get(path).status_code == 404
        answer = client.post(path)
        assert answer.status_code == 404
        assert "No pledge belongs to this link" in answer.text
    assert stored()[0].confirmed_at is None


@pytest.mark.parametrize("token", ["x", "a.b.c", "%00", "..%2F..", "é"])
def test_a_guessed_link_opens_nothing(world: World, client: FlaskClient, token: str) -> None:
    drafted(world.petition())
    assert client.get(f"/pledges/{token}?lang=en").status_code == 404
    assert client.post(f"/pledges/{token}?lang=en").status_code == 404


def test_a_link_of_a_petition_that_fired_says_why_it_is_too_late(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    address = link(letter_token(drafted(petition)))
    run_tx(lambda: setattr(world.fresh(petition), "fired_at", clock.now()))
    assert "stopped taking pledges before this one was complete" in client.get(address).text
    answer = client.post(address)
    assert answer.status_code == 409
    assert "already become an action" in answer.text
    assert stored()[0].confirmed_at is None


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        ("withdrawn", "You took this pledge back"),
        ("frozen", "We are reserving"),
        ("failing", "Save another payment method"),
        ("held", "amount is reserved"),
        ("captured", "You paid"),
        ("released", "You paid nothing"),
        ("dropped", "dropped out"),
        ("part_refunded", "part of it came back"),
        ("refunded", "whole amount came back"),
        ("disputed", "looking into"),
    ],
)
def test_every_state_says_what_became_of_the_pledge(
    world: World, client: FlaskClient, state: str, sentence: str
) -> None:
    world.pledge(world.petition(), "minji", 10_000)
    pledge = stored()[0]
    run_tx(lambda: setattr(stored()[0], "state", state))
    page = client.get(link(letter_token(pledge)))
    assert page.status_code == 200
    assert sentence in page.text


def test_a_bank_that_asks_gets_its_answer_from_here(world: World, client: FlaskClient) -> None:
    world.pledge(world.petition(), "minji", 10_000)

    def ask_person() -> None:
        pledge = stored()[0]
        pledge.state, pledge.failure, pledge.hold_reference = "failing", "needs_auth", "hold_1"

    run_tx(ask_person)
    page = client.get(link(letter_token(stored()[0]))).text
    assert "Confirm with your bank" in page
    assert re.search(r'href="/sandbox/[^"]+">Confirm with your bank', page)


def test_the_browsers_link_never_confirms(world: World, client: FlaskClient) -> None:
    token = browser_token(drafted(world.petition()))
    assert client.post(link(token)).status_code == 404
    assert client.get(f"/pledges/{token}/method?lang=en").status_code == 200
    assert stored()[0].confirmed_at is None
