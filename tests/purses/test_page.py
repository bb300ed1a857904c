"""``/me/purse``: what came back, and the way out."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.db import db
from app.purses.models import PursePayout
from tests.actions.stages import words
from tests.organizing.desk import OURS, send
from tests.purses.pockets import fill, purse_of, with_account
from tests.world import World

ENGLISH = "/me/purse?lang=en"


def payouts() -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(PursePayout)) or 0


def take_out(client: FlaskClient, **data: Any) -> TestResponse:
    return send(client, ENGLISH, {"amount": "10,000", "currency": "KRW", "key": "k"} | data)


def test_every_won_says_where_it_came_from(world: World, client: FlaskClient) -> None:
    minji = world.sign_in(client, "minji").id
    loan, gift = world.petition(title="등록금을 빌려 주세요"), world.petition(title="신호등을 놓아 주세요")
    fill(loan, cause="loan_return", **{minji: 834})
    fill(gift, cause="bonus", **{minji: 500})
    page = words(client.get(ENGLISH).text)
    assert "Your loan comes back: 등록금을 빌려 주세요" in page
    assert "Early refund bonus: 신호등을 놓아 주세요" in page
    assert "+₩834" in page
    assert "₩1,334" in page


def test_the_form_asks_once(world: World, client: FlaskClient) -> None:
    minji = with_account(world, "minji")
    fill(world.petition(), **{minji: 30_000})
    world.sign_in(client, "minji")
    assert [take_out(client).status_code for _ in range(2)] == [303, 303]
    assert (payouts(), purse_of(minji).free) == (1, 20_000)
    assert "On its way" in client.get(ENGLISH).text


@pytest.mark.parametrize("amount", ["", "0", "-1", "0.5", "30,001", "NaN", "1e3", "9" * 30, "만원"])
def test_a_bad_amount_is_refused_beside_its_field(world: World, client: FlaskClient, amount: str) -> None:
    minji = with_account(world, "minji")
    fill(world.petition(), **{minji: 30_000})
    world.sign_in(client, "minji")
    answer = take_out(client, amount=amount)
    assert answer.status_code == 422
    assert 'id="amount-error"' in answer.text
    assert f'value="{amount}"' in answer.text
    assert payouts() == 0


def test_too_much_to_count_is_told_the_most_not_the_least(world: World, client: FlaskClient) -> None:
    fill(world.petition(), **{with_account(world, "minji"): 30_000})
    world.sign_in(client, "minji")
    answer = take_out(client, amount="9" * 30)
    assert "Write an amount of at most ₩1,000,000,000,000." in answer.text


def test_without_an_account_the_way_leads_to_one(world: World, client: FlaskClient) -> None:
    minji = world.sign_in(client, "minji").id
    fill(world.petition(), **{minji: 30_000})
    assert 'href="/me/purse/account?lang=en"' in client.get(ENGLISH).text.replace("&amp;", "&")
    named = send(client, "/me/purse/account?lang=en", {"label": "Shinhan", "number": "110-222-333333"})
    assert named.status_code == 303
    assert take_out(client).status_code == 303
    wrong = send(client, "/me/purse/account?lang=en", {"label": "Shinhan kept", "number": "12"})
    assert (wrong.status_code, "Shinhan kept" in wrong.text) == (422, True)


def test_a_purse_is_shown_to_its_person_alone(world: World, client: FlaskClient) -> None:
    fill(world.petition(title="Of Minji's"), **{world.person("minji").id: 30_000})
    assert client.get(ENGLISH).status_code == 302
    assert client.post("/me/purse", headers=OURS).status_code == 403
    world.sign_in(client, "bob")
    page = client.get(ENGLISH)
    assert "Of Minji's" not in page.text
    assert "30,000" not in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    assert client.post("/me/purse", data={"amount": "1"}, headers=OURS).status_code == 400


def test_each_currency_has_a_purse_of_its_own(world: World, client: FlaskClient) -> None:
    minji = world.sign_in(client, "minji").id
    fill(world.petition(), **{minji: 30_000})
    fill(world.petition(currency="USD"), currency="USD", **{minji: 1_250})
    assert "₩30,000" in client.get(ENGLISH).text
    dollars = client.get("/me/purse?lang=en&currency=USD").text
    assert "$12.50" in dollars
    assert "₩30,000" not in words(dollars)
