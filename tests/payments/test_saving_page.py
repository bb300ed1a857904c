"""The sandbox's page where a card is saved, and the token it sends back."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app import clock
from app.db import db
from app.errors import Refusal
from app.payments.door import Gateway
from app.payments.sandbox.cards import CARDS, SandboxCard
from app.payments.sandbox.models import SandboxMethod
from app.payments.saving import claim

TITLE = "학교 앞 <신호등>을 놓아 주세요"
BACK = "/pledges/alice?lang=en"


@pytest.fixture
def page(sandbox: Gateway) -> str:
    return sandbox.saving_page(
        pledge_id="pledge-1", description=TITLE, amount=30_000, currency="KRW", return_path=BACK
    )


def saved_cards() -> int:
    db.session.rollback()
    return db.session.scalars(sa.select(sa.func.count()).select_from(SandboxMethod)).one()


def setup_of(location: str) -> str:
    return parse_qs(urlsplit(location).query)["setup"][0]


def test_the_page_says_what_for_and_that_nothing_is_charged(page: str, client: FlaskClient) -> None:
    answer = client.get(page, query_string={"lang": "en"})
    text = answer.get_data(as_text=True)

    assert answer.status_code == 200
    assert "학교 앞 &lt;신호등&gt;을 놓아 주세요" in text
    assert "₩30,000" in text
    assert "test money" in text
    assert "Nothing is charged now" in text
    assert all(card.number in text for card in CARDS)
    assert 'href="/pledges/alice?lang=en"' in text
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_looking_saves_nothing(page: str, client: FlaskClient) -> None:
    client.get(page)
    client.head(page)

    assert saved_cards() == 0


def test_a_typed_card_is_saved_and_claimed(page: str, client: FlaskClient, sandbox: Gateway) -> None:
    answer = client.post(page, data={"number": "4242-4242 4242 4242"})
    saved = claim(setup_of(answer.location), "pledge-1")

    assert answer.status_code == 303
    assert answer.location.startswith("/pledges/alice?lang=en&setup=")
    assert saved.label == "Sandbox •••• 4242"
    assert sandbox.hold(method=saved.reference, amount=1, currency="KRW", key="k").status == "held"


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.behaviour)
def test_one_press_issues_a_card_of_its_own(card: SandboxCard, page: str, client: FlaskClient) -> None:
    pressed = [client.post(page, data={"card": card.behaviour}).location for _person in range(2)]
    first, second = (claim(setup_of(location), "pledge-1") for location in pressed)

    assert first.label == second.label
    assert first.fingerprint != second.fingerprint


def test_the_same_number_is_the_same_card(page: str, client: FlaskClient) -> None:
    numbers = ["4242 4242 4242 4242", "4242424242424242", "４２４２424242424242", "4000 0025 0000 3155"]
    typed = [client.post(page, data={"number": number}).location for number in numbers]
    prints = [claim(setup_of(location), "pledge-1").fingerprint for location in typed]

    assert prints[0] == prints[1] == prints[2] != prints[3]


@pytest.mark.parametrize(
    "number", ["", "4111 1111 1111 1111", "4242 4242 4242 4241", "42", "'; --", "4242\x00", "9" * 5000]
)
def test_any_other_number_is_refused_beside_the_field(number: str, page: str, client: FlaskClient) -> None:
    answer = client.post(page, data={"number": number}, query_string={"lang": "en"})
    text = answer.get_data(as_text=True)

    assert answer.status_code == 422
    assert 'id="number-error"' in text
    assert 'aria-invalid="true"' in text
    assert "₩30,000" in text
    assert saved_cards() == 0


def test_what_was_typed_is_not_lost(page: str, client: FlaskClient) -> None:
    text = client.post(page, data={"number": "4111 1111 1111 1111"}).get_data(as_text=True)

    assert 'value="4111 1111 1111 1111"' in text


def test_an_unknown_button_is_refused(page: str, client: FlaskClient) -> None:
    assert client.post(page, data={"card": "gold"}).status_code == 422


def test_the_token_serves_one_pledge(page: str, client: FlaskClient) -> None:
    setup = setup_of(client.post(page, data={"card": "ok"}).location)

    with pytest.raises(Refusal):
        claim(setup, "pledge-2")
    with pytest.raises(Refusal):
        claim(setup + "x", "pledge-1")
    assert claim(setup, "pledge-1") == claim(setup, "pledge-1")


def test_the_token_of_the_page_is_no_setup(page: str, context: None) -> None:
    with pytest.raises(Refusal):
        claim(page.rsplit("/", 1)[1], "pledge-1")


def test_an_old_setup_is_refused(page: str, client: FlaskClient) -> None:
    setup = setup_of(client.post(page, data={"card": "ok"}).location)

    with time_machine.travel(clock.now() + timedelta(hours=1, minutes=1)), pytest.raises(Refusal):
        claim(setup, "pledge-1")


def test_an_old_page_says_so_and_saves_nothing(page: str, client: FlaskClient) -> None:
    with time_machine.travel(clock.now() + timedelta(days=1, minutes=1)):
        answer = client.post(page, data={"card": "ok"}, query_string={"lang": "en"})

    assert answer.status_code == 410
    assert "Nothing was saved" in answer.get_data(as_text=True)
    assert saved_cards() == 0


def test_a_guessed_page_does_not_exist(client: FlaskClient) -> None:
    assert client.get("/sandbox/methods/guessed").status_code == 404
    assert client.post("/sandbox/methods/guessed", data={"card": "ok"}).status_code == 404


@pytest.mark.parametrize(
    "target", ["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:x"]
)
def test_the_page_leads_back_to_us_alone(target: str, sandbox: Gateway, client: FlaskClient) -> None:
    page = sandbox.saving_page(
        pledge_id="pledge-1", description=TITLE, amount=1, currency="KRW", return_path=target
    )

    assert client.post(page, data={"card": "ok"}).location.startswith("/?setup=")


def test_a_form_on_another_site_saves_nothing(page: str, client: FlaskClient) -> None:
    answer = client.post(page, data={"card": "ok"}, headers={"Origin": "https://evil.example"})

    assert answer.status_code == 403
    assert saved_cards() == 0


def test_a_reader_keeps_the_language_asked_for(app: Flask, sandbox: Gateway, client: FlaskClient) -> None:
    with app.test_request_context("/?lang=en"):
        page = sandbox.saving_page(
            pledge_id="pledge-1", description=TITLE, amount=1, currency="KRW", return_path="/"
        )

    assert '<html lang="en">' in client.get(page).get_data(as_text=True)
