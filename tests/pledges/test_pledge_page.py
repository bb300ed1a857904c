"""The page where a pledge is made, over HTTP."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from app import clock
from app.db import run_tx
from tests.pledges.promises import FILLED_IN, address, money, stored
from tests.world import World

OTHER_METHODS = ["pm_unknown", "pm_ok\x00", "card_1", "sbx_method_of_bob", "'; --"]


def key_of(page: str) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page)
    assert found
    return found[1]


def test_the_form_is_private_and_carries_a_key_of_its_own(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    first, second = client.get(address(petition)), client.get(address(petition))
    assert first.status_code == 200
    assert first.headers["Cache-Control"] == "private, no-store"
    assert "Set-Cookie" not in first.headers
    assert key_of(first.text) != key_of(second.text)
    assert 'href="/terms?lang=en"' in first.text
    assert 'href="/privacy?lang=en"' in first.text
    assert "14 or older" in first.text


def test_an_amount_in_the_address_is_filled_in_and_explained(world: World, client: FlaskClient) -> None:
    petition = world.petition(signatures=1_000, goal=3_000_000)
    page = client.get(address(petition, amount="30000")).text
    assert re.search(r'<input checked[^>]*value="30000"', page)
    assert "You pay ₩30,000 only if 1,000 people sign and ₩3,000,000 is pledged by" in page
    assert 'value="45000"' in client.get(address(petition, amount="45000")).text


@pytest.mark.parametrize("amount", ["-1", "<script>", "9" * 30, "x"])
def test_nonsense_in_the_address_explains_nothing_about_it(
    world: World, client: FlaskClient, amount: str
) -> None:
    page = client.get(address(world.petition(), amount=amount))
    assert page.status_code == 200
    assert "<script>" not in page.text.partition("<main")[2]
    assert "You pay only if" in page.text


def test_without_a_method_the_person_is_sent_to_the_gateway(world: World, client: FlaskClient) -> None:
    answer = client.post(address(world.petition()), data=FILLED_IN)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/sandbox/")
    pledge = stored()[0]
    assert (pledge.state, pledge.amount, pledge.name) == ("draft", 10_000, "민지")


def test_htmx_leaves_the_page_for_the_gateway_too(world: World, client: FlaskClient) -> None:
    answer = client.post(address(world.petition()), data=FILLED_IN, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert answer.headers["HX-Redirect"].startswith("/sandbox/")


def test_a_scripts_method_is_saved_at_once_and_the_letter_is_left(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    answer = client.post(address(petition), data=FILLED_IN | {"payment_method": "pm_ok"})
    assert answer.status_code == 200
    assert "Check your mailbox" in answer.text
    assert "m***@example.org" in answer.text
    assert stored()[0].payment_method_id is not None
    assert money(world, petition).tally == 0


def test_kind_falls_back_to_gift(world: World, client: FlaskClient) -> None:
    fields = {name: value for name, value in FILLED_IN.items() if name != "kind"}
    assert client.post(address(world.petition()), data=fields).status_code == 303
    assert stored()[0].kind == "gift"


def test_a_card_with_an_amount_is_enough(world: World, client: FlaskClient) -> None:
    client.post(address(world.petition()), data=FILLED_IN | {"amount": "", "choice": "50000"})
    assert stored()[0].amount == 50_000


def test_cents_arrive_as_cents(world: World, client: FlaskClient) -> None:
    client.post(address(world.petition(currency="USD")), data=FILLED_IN | {"amount": "1,234.56"})
    assert (stored()[0].amount, stored()[0].currency) == (123_456, "USD")


def test_a_signed_in_person_is_known_and_needs_no_letter(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    world.sign_in(client, "minji")
    assert 'value="minji@example.org"' in client.get(address(petition)).text
    answer = client.post(
        address(petition),
        data=FILLED_IN | {"payment_method": "pm_ok"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert "Your pledge counts" in answer.text
    assert stored()[0].state == "ready"
    assert money(world, petition).tally == 10_000


def test_a_signed_in_person_cannot_confirm_for_somebody_else(world: World, client: FlaskClient) -> None:
    world.sign_in(client, "bob")
    client.post(
        address(world.petition()),
        data=FILLED_IN | {"payment_method": "pm_ok"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    assert (stored()[0].state, stored()[0].person_id) == ("draft", None)


def test_a_foreign_site_cannot_pledge_for_a_signed_in_person(world: World, client: FlaskClient) -> None:
    world.sign_in(client, "minji")
    fields = FILLED_IN | {"payment_method": "pm_ok"}
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}):
        assert client.post(address(world.petition()), data=fields, headers=headers).status_code == 403
    assert stored() == []


def test_the_same_form_sent_twice_is_one_pledge(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    fields = FILLED_IN | {"key": key_of(client.get(address(petition)).text), "payment_method": "pm_ok"}
    answers = [client.post(address(petition), data=fields) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert len(stored()) == 1


def test_the_same_form_with_another_amount_is_asked_about_and_then_is_another_pledge(
    world: World, client: FlaskClient
) -> None:
    petition = world.petition()
    fields = FILLED_IN | {"key": "a"}
    client.post(address(petition), data=fields)
    again = client.post(address(petition), data=fields | {"amount": "20000"})
    assert again.status_code == 422
    assert "sent before with other contents" in again.text
    assert len(stored()) == 1
    client.post(address(petition), data=fields | {"amount": "20000", "key": key_of(again.text)})
    assert [pledge.amount for pledge in stored()] == [10_000, 20_000]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"amount": ""}, "Choose an amount, or write one."),
        ({"amount": "-1"}, "at least ₩1"),
        ({"amount": "0"}, "at least ₩1"),
        ({"amount": "1000000000000"}, "at most ₩100,000,000,000"),
        ({"amount": "0.001"}, "without a fraction of ₩1"),
        ({"amount": "1500.5"}, "without a fraction of ₩1"),
        ({"amount": "NaN"}, "in digits, such as 30,000"),
        ({"amount": "많이"}, "in digits, such as 30,000"),
        ({"amount": "$10"}, "counts in KRW"),
        ({"amount": "10", "currency": "USD"}, "counts in KRW"),
        ({"amount": "1\x00"}, "invisible control characters"),
        ({"amount": "1" * 200}, "in digits"),
        ({"choice": "30000"}, "Keep the one you mean"),
        ({"kind": "loan"}, "Choose a kind of pledge"),
        ({"kind": "__init__"}, "Choose a kind of pledge"),
        ({"name": ""}, "Write your name."),
        ({"name": "가" * 81}, "80 characters"),
        ({"name": "민지\r\nBcc: bob@example.org"}, "invisible control characters"),
        ({"email": ""}, "Write your e-mail address."),
        ({"email": "minji"}, "should look like name@example.org"),
        ({"email": "minji@example.org, bob@example.org"}, "should look like name@example.org"),
        ({"email": "minji@example.org\nbob@example.org"}, "invisible control characters"),
        *(({"payment_method": method}, "payment method") for method in OTHER_METHODS[:1]),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(
    world: World, client: FlaskClient, wrong: dict[str, str], sentence: str
) -> None:
    petition = world.petition()
    answer = client.post(address(petition), data=FILLED_IN | wrong)
    assert answer.status_code == 422
    assert sentence in answer.text
    kept = {"email": "minji@example.org", "name": "민지", "amount": "10,000"}
    for name, value in kept.items():
        if name not in wrong:
            assert f'value="{value}"' in answer.text
    assert stored() == []


@pytest.mark.parametrize("method", OTHER_METHODS)
def test_a_method_that_is_not_ours_is_refused(world: World, client: FlaskClient, method: str) -> None:
    answer = client.post(address(world.petition()), data=FILLED_IN | {"payment_method": method})
    assert answer.status_code == 422
    assert 'id="payment_method"' in answer.text
    assert stored() == []


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"state": "closed"}, "not taking pledges now"),
        ({"fired_at": clock.now()}, "already become an action"),
        ({"deadline": clock.now() - timedelta(days=1)}, "Pledging ended on"),
    ],
)
def test_a_petition_that_is_over_says_so(
    world: World, client: FlaskClient, columns: dict[str, Any], sentence: str
) -> None:
    petition = world.petition(**columns)
    page = client.get(address(petition))
    assert page.status_code == 200
    assert sentence in page.text
    assert "<form" not in page.text
    answer = client.post(address(petition), data=FILLED_IN | {"payment_method": "pm_ok"})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert 'value="minji@example.org"' in answer.text
    assert stored() == []


@pytest.mark.parametrize("state", ["draft", "sponsoring", "moderation", "hidden", "rejected", "removed"])
def test_a_petition_that_is_not_public_has_no_such_page(
    world: World, client: FlaskClient, state: str
) -> None:
    petition = world.petition(state=state)
    assert client.get(address(petition)).status_code == 404
    assert client.post(address(petition), data=FILLED_IN).status_code == 404
    assert client.get("/petitions/nothing-here/pledges").status_code == 404
    assert client.get("/petitions/nothing%00here/pledges").status_code == 404


def test_an_archived_petition_takes_no_pledges(world: World, client: FlaskClient) -> None:
    petition = world.petition()

    def archive() -> None:
        fresh = world.fresh(petition)
        fresh.state, fresh.currency, fresh.deadline, fresh.thresholds = "archived", None, None, []

    run_tx(archive)
    assert client.get(address(petition)).status_code == 200
    assert client.post(address(petition), data=FILLED_IN).status_code == 422
    assert stored() == []


def test_fields_nobody_asked_for_change_nothing(world: World, client: FlaskClient) -> None:
    extra = {"state": "captured", "captured": "10000", "person_id": "1", "confirmed_at": "2026-01-01"}
    client.post(address(world.petition()), data=FILLED_IN | extra)
    pledge = stored()[0]
    assert (pledge.state, pledge.captured, pledge.person_id, pledge.confirmed_at) == ("draft", 0, None, None)


class TestWithLimits:
    @pytest.fixture
    def settings_changes(self) -> dict[str, Any]:
        return {"limits": "on"}

    def test_one_network_cannot_flood_the_form(self, world: World, client: FlaskClient) -> None:
        petition = world.petition()
        statuses = [
            client.post(address(petition), data=FILLED_IN | {"amount": "-1"}).status_code for _ in range(21)
        ]
        assert statuses == [422] * 20 + [429]

    def test_one_address_gets_no_endless_letters(self, world: World, client: FlaskClient) -> None:
        petition = world.petition()
        for number in range(21):
            answer = client.post(
                address(petition),
                data=FILLED_IN | {"email": f"minji+{number}@example.org"},
                environ_base={"REMOTE_ADDR": f"192.0.2.{number}"},
            )
        assert answer.status_code == 422
        assert "Many letters are waiting" in answer.text
        assert len(stored()) == 20
