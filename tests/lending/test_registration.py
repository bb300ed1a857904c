"""Lending is regulated: with real money it is off until the operator states a registration."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.lending.borrowing import Borrowing
from tests.world import World

HEADERS = {"Accept-Language": "en", "Sec-Fetch-Site": "same-origin"}
PLEDGE = {"kind": "loan", "amount": "10000", "name": "민지", "email": "minji@example.org"}


@pytest.fixture(params=["", "2026-온투-0001"])
def registration(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def settings_changes(registration: str) -> dict[str, Any]:
    return {
        "env": "production",
        "base_url": "https://dure.example.org",
        "lending_registration": registration,
    }


def test_nobody_offers_or_pledges_a_loan_without_it(
    borrowing: Borrowing, world: World, client: FlaskClient, registration: str
) -> None:
    petition = borrowing.ask()
    answer = client.post(f"/petitions/{petition.slug}/pledges", data=PLEDGE, headers=HEADERS)
    assert ("not registered for it" in answer.text) == (not registration)
    assert answer.status_code == (303 if registration else 422)
