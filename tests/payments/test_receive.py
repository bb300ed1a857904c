"""Messages at the webhook's door: signed, fresh, untouched; stored and announced once."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.db import db
from app.outbox import Announcement
from app.payments.models import WebhookMessage
from app.payments.sandbox.signing import sign_message, signature

BODY = b'{"type": "hold.held", "data": {"object": "hold_1"}}'
NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)


def post(client: FlaskClient, body: bytes, headers: dict[str, str]) -> TestResponse:
    return client.post("/webhooks/sandbox", data=body, headers=headers)


def stored() -> tuple[int, list[dict[str, str]]]:
    """How many messages are in the inbox, and what was announced of them."""
    db.session.rollback()
    messages = db.session.scalars(sa.select(sa.func.count()).select_from(WebhookMessage)).one()
    news = db.session.scalars(sa.select(Announcement.payload).where(Announcement.topic == "gateway_event"))
    return messages, list(news)


def test_the_signature_is_the_specification_s() -> None:
    """The example that the Standard Webhooks documentation gives."""
    import base64

    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    made = signature(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", b'{"test": 2432232314}')

    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_message_is_stored_and_announced(context: None, client: FlaskClient) -> None:
    assert post(client, BODY, sign_message("evt_1", BODY)).status_code == 204

    assert stored() == (1, [{"gateway": "sandbox", "object_id": "hold_1", "kind": "hold.held"}])


def test_the_same_message_again_changes_nothing(context: None, client: FlaskClient) -> None:
    headers = sign_message("evt_1", BODY)
    answers = [post(client, BODY, headers).status_code for _copy in range(3)]

    assert answers == [204, 204, 204]
    assert stored()[0] == len(stored()[1]) == 1


@pytest.mark.parametrize("header", ["webhook-id", "webhook-timestamp", "webhook-signature"])
@pytest.mark.parametrize("change", ["missing", "empty", "other", "not latin", "huge"])
def test_a_forged_header_is_refused(header: str, change: str, context: None, client: FlaskClient) -> None:
    headers = sign_message("evt_1", BODY)
    if change == "missing":
        del headers[header]
    else:
        headers[header] = {"empty": "", "other": "1", "not latin": "v1,é", "huge": "9" * 400}[change]

    assert post(client, BODY, headers).status_code == 400
    assert stored() == (0, [])


def test_a_message_signed_with_another_key_is_refused(context: None, client: FlaskClient) -> None:
    headers = sign_message("evt_1", BODY)
    headers["webhook-signature"] = signature(b"guessed", "evt_1", headers["webhook-timestamp"], BODY)

    assert post(client, BODY, headers).status_code == 400


def test_one_good_signature_among_several_is_enough(context: None, client: FlaskClient) -> None:
    headers = sign_message("evt_1", BODY)
    headers["webhook-signature"] = "v1,b2xkIGtleQ== " + headers["webhook-signature"]

    assert post(client, BODY, headers).status_code == 204


def test_a_body_written_anew_is_refused(context: None, client: FlaskClient) -> None:
    again = json.dumps(json.loads(BODY), separators=(",", ":")).encode()
    assert json.loads(again) == json.loads(BODY)

    assert post(client, again, sign_message("evt_1", BODY)).status_code == 400
    assert stored() == (0, [])


def test_a_changed_object_is_refused(context: None, client: FlaskClient) -> None:
    headers = sign_message("evt_1", BODY)

    assert post(client, BODY.replace(b"hold_1", b"hold_2"), headers).status_code == 400


@pytest.mark.parametrize(("seconds", "status"), [(-300, 204), (300, 204), (301, 400), (-301, 400)])
def test_a_message_is_good_for_five_minutes(
    seconds: int, status: int, context: None, client: FlaskClient
) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        headers = sign_message("evt_1", BODY)
        clock.move_to(NOON + timedelta(seconds=seconds))

        assert post(client, BODY, headers).status_code == status


def test_a_message_needs_no_page_of_ours(context: None, client: FlaskClient) -> None:
    """Unlike a browser's form it may come from anywhere: its signature is what counts."""
    headers = sign_message("evt_1", BODY) | {"Origin": "https://pay.example", "Sec-Fetch-Site": "cross-site"}

    assert post(client, BODY, headers).status_code == 204


def test_other_gateways_other_methods_and_long_bodies(app: Flask, context: None, client: FlaskClient) -> None:
    headers = sign_message("evt_1", BODY)

    assert client.post("/webhooks/cheque", data=BODY, headers=headers).status_code == 404
    assert client.get("/webhooks/sandbox").status_code == 405
    assert post(client, b"x" * 100_000, headers).status_code == 413
