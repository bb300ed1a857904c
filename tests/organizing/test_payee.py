"""The account payouts go to: checked by the gateway, its number never ours."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.db import db
from app.payments.models import Payee
from tests.organizing.desk import OURS, send
from tests.world import World


def test_the_number_stays_at_the_gateway(client: FlaskClient, world: World) -> None:
    hansol = world.sign_in(client, "organizer")
    data = {"label": "두레은행 한솔", "number": "110-222-333333"}
    for _ in range(2):
        assert send(client, "/desk/payee", data).status_code == 303
    [payee] = db.session.scalars(sa.select(Payee))
    assert (payee.person_id, payee.gateway) == (hansol.id, "sandbox")
    assert "110222333333" not in payee.label + payee.reference
    assert "110-222-333333" not in client.get("/desk").text


@pytest.mark.parametrize(
    "spoiled", [{"label": ""}, {"number": ""}, {"number": "abc"}, {"label": "x" * 61}, {"number": "1\r\n2"}]
)
def test_what_is_no_account_is_refused(client: FlaskClient, world: World, spoiled: dict[str, str]) -> None:
    world.sign_in(client, "alice")
    answer = send(client, "/desk/payee", {"label": "Shinhan kept", "number": "110-222-333333"} | spoiled)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert "Shinhan kept" in answer.text or "label" in spoiled
    assert 'value="110-222-333333"' in answer.text or "number" in spoiled
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Payee)) == 0


def test_strangers_and_forgers_are_kept_out(client: FlaskClient, world: World) -> None:
    assert client.get("/desk/payee").status_code == 302
    assert client.post("/desk/payee").status_code == 403
    world.sign_in(client, "alice")
    assert client.post("/desk/payee", data={"label": "x", "number": "1"}, headers=OURS).status_code == 400
