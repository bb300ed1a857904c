"""The sandbox's 3-D Secure page: confirm, refuse, come too late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from app import clock
from app.payments.door import Answer, Gateway
from app.payments.sandbox.delivering import deliver_due_events

BACK = "/pledges/alice"


@pytest.fixture
def waiting(hold: Callable[..., Answer]) -> str:
    """A hold of 10,000 won that waits for its cardholder."""
    return hold(10_000, card="needs_auth").reference


@pytest.fixture
def page(waiting: str, sandbox: Gateway) -> str:
    return sandbox.repair_page(waiting, BACK)


def test_the_page_asks(page: str, waiting: str, client: FlaskClient, sandbox: Gateway) -> None:
    answer = client.get(page, query_string={"lang": "en"})
    text = answer.get_data(as_text=True)

    assert answer.status_code == 200
    assert "Confirm with your bank" in text
    assert "₩10,000" in text
    assert "Sandbox •••• 3155" in text
    assert "test money" in text
    assert "Set-Cookie" not in answer.headers
    assert sandbox.look_up(waiting) == Answer("needs_auth", waiting, None)


def test_confirmed_the_same_hold_is_held(
    page: str, waiting: str, client: FlaskClient, sandbox: Gateway
) -> None:
    answer = client.post(page, data={"verdict": "confirm"})

    assert (answer.status_code, answer.location) == (303, BACK)
    assert sandbox.look_up(waiting) == Answer("held", waiting, amount=10_000)
    assert deliver_due_events() == 1
    assert sandbox.capture(hold=waiting, amount=10_000, key="c").status == "captured"


def test_refused_it_is_declined(page: str, waiting: str, client: FlaskClient, sandbox: Gateway) -> None:
    client.post(page, data={"verdict": "refuse"})

    assert sandbox.look_up(waiting) == Answer("declined", waiting, "authentication_failed")
    assert deliver_due_events() == 1


def test_a_second_press_changes_nothing(
    page: str, waiting: str, client: FlaskClient, sandbox: Gateway
) -> None:
    client.post(page, data={"verdict": "confirm"})
    client.post(page, data={"verdict": "confirm"})
    client.post(page, data={"verdict": "refuse"})

    assert sandbox.look_up(waiting) == Answer("held", waiting, amount=10_000)
    assert deliver_due_events() == 1


def test_after_the_action_was_called_off_nothing_is_taken(
    page: str, waiting: str, client: FlaskClient, sandbox: Gateway
) -> None:
    sandbox.release(hold=waiting, key="r")
    client.post(page, data={"verdict": "confirm"})
    text = client.get(page, query_string={"lang": "en"}).get_data(as_text=True)

    assert sandbox.look_up(waiting) == Answer("released", waiting)
    assert "called off" in text
    assert '<form class="sheet verdicts"' not in text


def test_the_hold_lasts_seven_days_from_the_confirmation(
    page: str, waiting: str, client: FlaskClient, sandbox: Gateway
) -> None:
    later = clock.now() + timedelta(hours=23)
    with time_machine.travel(later, tick=False) as day:
        client.post(page, data={"verdict": "confirm"})
        day.shift(timedelta(days=6, hours=23))

        assert sandbox.look_up(waiting) == Answer("held", waiting, amount=10_000)


def test_a_page_of_the_day_before_confirms_nothing(
    page: str, waiting: str, client: FlaskClient, sandbox: Gateway
) -> None:
    with time_machine.travel(clock.now() + timedelta(days=1, seconds=2), tick=False):
        assert client.post(page, data={"verdict": "confirm"}).status_code == 410
        assert client.get(page).status_code == 410
    assert sandbox.look_up(waiting) == Answer("needs_auth", waiting, None)


@pytest.mark.parametrize(
    ("verdict", "words"), [("confirm", "has been confirmed already"), ("refuse", "was refused")]
)
def test_afterwards_the_page_says_how_it_stands(
    verdict: str, words: str, page: str, client: FlaskClient
) -> None:
    client.post(page, data={"verdict": verdict})
    text = client.get(page, query_string={"lang": "en"}).get_data(as_text=True)

    assert words in text
    assert "Nothing to confirm" in text


def test_no_verdict_is_no_verdict(page: str, waiting: str, client: FlaskClient, sandbox: Gateway) -> None:
    assert client.post(page).status_code == 400
    assert client.get(page).status_code == 200
    assert sandbox.look_up(waiting) == Answer("needs_auth", waiting, None)


def test_a_guessed_page_does_not_exist(client: FlaskClient, sandbox: Gateway) -> None:
    assert client.get("/sandbox/confirmations/guessed").status_code == 404
    assert client.get(sandbox.repair_page("hold_of_nobody", BACK)).status_code == 404


def test_a_declined_hold_of_no_card_has_nothing_to_confirm(sandbox: Gateway, client: FlaskClient) -> None:
    declined = sandbox.hold(method="pm_of_nobody", amount=1, currency="KRW", key="k")

    assert client.get(sandbox.repair_page(declined.reference, BACK)).status_code == 404
