"""Signatures: as published, as the library's receiver reads them, with both secrets while they overlap."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook, WebhookVerificationError

from app import clock
from app.hooks.signing import secret_of, secrets_at, signed_headers

BODY = '{"type":"petition.tipped"}'


def test_the_published_example_comes_out() -> None:
    headers = signed_headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        '{"test": 2432232314}',
        datetime.fromtimestamp(1614265330, UTC),
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@pytest.mark.usefixtures("context")
def test_the_library_believes_the_message_and_no_other() -> None:
    secret = secret_of("endpoint", 0)
    headers = signed_headers("msg_1", BODY, clock.now(), [secret])
    assert Webhook(secret).verify(BODY, headers) == {"type": "petition.tipped"}
    for forged in (BODY.replace("tipped", "opened"), ""):
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(forged, headers)
    with pytest.raises(WebhookVerificationError):
        Webhook(secret_of("another", 0)).verify(BODY, headers)


@pytest.mark.usefixtures("context")
def test_for_a_day_both_secrets_sign() -> None:
    at = clock.now()
    old, new = secret_of("endpoint", 1), secret_of("endpoint", 2)
    assert secrets_at("endpoint", 2, at, at + timedelta(hours=23)) == [new, old]
    assert secrets_at("endpoint", 2, at, at + timedelta(days=1)) == [new]
    assert secrets_at("endpoint", 0, None, at) == [secret_of("endpoint", 0)]
    headers = signed_headers("msg_1", BODY, clock.now(), [new, old])
    for secret in (old, new):
        Webhook(secret).verify(BODY, headers)


@pytest.mark.usefixtures("context")
def test_no_two_endpoints_or_rotations_share_a_secret() -> None:
    made = {secret_of(endpoint, rotation) for endpoint in "abc" for rotation in range(5)}
    assert len(made) == 15
    assert all(len(secret) == len("whsec_") + 44 for secret in made)
