"""Depositing: nothing is charged before the last button, once after it, and nothing after the end."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import clock
from app.db import db, run_tx
from app.errors import Refusal
from app.ledger.booking import balances
from app.payments.door import GatewayTimeout
from app.payments.models import Charge
from app.payments.sandbox.gateway import Sandbox
from app.petitions.launching import OfferWish
from app.petitions.models import Petition
from app.pools.depositing import pay_in
from app.pools.ending import return_reserve
from app.pools.models import Pool
from tests.actions.stages import words
from tests.organizing.desk import OURS, send
from tests.pools.sponsors import deposit, drawn, troubles
from tests.purses.pockets import fill, purse_of
from tests.world import World


def page_of(petition: Petition, rest: str = "") -> str:
    return f"/petitions/{petition.slug}/pool{rest}?lang=en"


def send_form(client: FlaskClient, petition: Petition, **changes: Any) -> TestResponse:
    fields = {"amount": "90,000", "name": "Alice Kim", "key": "k", "payment_method": "pm_ok"}
    return send(client, page_of(petition), fields | changes)


def pools() -> list[Pool]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Pool).order_by(Pool.created_at)))


def charges() -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Charge)) or 0


def test_two_steps_and_one_button(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    world.sign_in(client, "alice")
    reviewed = send_form(client, petition)
    assert reviewed.status_code == 303
    [pool] = pools()
    assert (pool.state, charges()) == ("draft", 0)
    review = page_of(petition, f"/{pool.id}")
    assert reviewed.headers["Location"].endswith(f"/pool/{pool.id}?lang=en")
    page = words(client.get(review).text)
    assert "₩90,000 is charged at once. If the petition succeeds it comes back to your purse whole" in page
    for _ in range(2):
        send(client, review, {}, page=review) if pools()[0].state == "draft" else None
    world.work()
    world.work()
    assert (pools()[0].state, charges(), balances(petition.id)["pool"]) == ("lying", 1, 90_000)
    public = words(client.get(f"/petitions/{petition.slug}?lang=en").text)
    assert "everybody who pledged shares a bonus of ₩90,000" in public
    assert "Alice Kim laid ₩90,000 by" in public
    assert "Alice Kim laid ₩90,000 by" in client.get(f"/petitions/{petition.slug}/pledges?lang=en").text
    assert "lies by" in world.letters("alice")[-1].subject
    assert any("sponsor" in letter.text or "후원" in letter.text for letter in world.letters("organizer"))
    assert troubles() == []


def test_a_card_is_saved_on_the_gateways_page(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    world.sign_in(client, "alice")
    answer = send_form(client, petition, payment_method="")
    assert answer.headers["Location"].startswith("/sandbox/")
    assert pools()[0].method_id is None
    back = client.get(page_of(petition, f"/{pools()[0].id}/method"))
    assert back.status_code == 303
    page = client.get(page_of(petition, f"/{pools()[0].id}")).text
    assert "Save a card" in page
    assert "in now" not in page


def test_a_purse_may_pay(world: World, client: FlaskClient) -> None:
    petition, alice = world.petition(), world.person("alice").id
    fill(world.petition(title="Earlier"), **{alice: 100_000})
    world.sign_in(client, "alice")
    assert send_form(client, petition, payment_method="", from_purse="y").status_code == 303
    run_tx(lambda: pay_in(pools()[0].id))
    world.work()
    world.work()
    assert (pools()[0].state, purse_of(alice).total) == ("lying", 10_000)


@pytest.mark.parametrize(
    ("spoiled", "field"),
    [
        ({"amount": ""}, "amount"),
        ({"amount": "0"}, "amount"),
        ({"amount": "-5"}, "amount"),
        ({"amount": "0.5"}, "amount"),
        ({"amount": "$5"}, "amount"),
        ({"name": ""}, "name"),
        ({"name": "a\r\nb"}, "name"),
        ({"payment_method": "", "from_purse": "y"}, "from_purse"),
        ({"payment_method": "pm_unknown"}, "payment_method"),
    ],
)
def test_bad_input_is_refused_beside_its_field(
    world: World, client: FlaskClient, spoiled: dict[str, str], field: str
) -> None:
    world.sign_in(client, "alice")
    answer = send_form(client, world.petition(), **spoiled)
    assert answer.status_code == 422
    assert f'id="{field}' in answer.text
    assert "aria-invalid" in answer.text or field == "payment_method"
    assert pools() == []


def test_one_form_is_one_deposit(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    world.sign_in(client, "alice")
    for amount in ("10,000", "20,000"):
        send_form(client, petition, amount=amount)
    assert [pool.amount for pool in pools()] == [20_000]
    run_tx(lambda: pay_in(pools()[0].id))
    assert not run_tx(lambda: pay_in(pools()[0].id))
    assert charges() == 1


def test_foreign_deposits_and_hidden_petitions_are_not_there(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    pool = drawn(world, petition, 5_000)
    assert client.get(page_of(petition)).status_code == 302
    world.sign_in(client, "bob")
    assert client.get(page_of(petition)).status_code == 200
    for path in (f"/{pool.id}", f"/{pool.id}/method", "/nonsense", f"/{petition.id}"):
        assert client.get(page_of(petition, path)).status_code == 404
    private = world.petition(title="Not yet", state="sponsoring")
    assert client.get(page_of(private)).status_code == 404
    assert client.post(page_of(petition), data={"amount": "1"}, headers=OURS).status_code == 400
    world.sign_in(client, "organizer")
    assert client.get(page_of(private)).status_code == 200


def test_where_no_gift_and_no_loan_is_asked_for_there_is_no_page(world: World, client: FlaskClient) -> None:
    petition = world.petition(offers=())
    world.sign_in(client, "alice")
    assert client.get(page_of(petition)).status_code == 404


def test_a_refused_card_takes_nothing_and_may_be_replaced(world: World) -> None:
    petition = world.petition()
    pool = deposit(world, petition, 5_000, token="pm_declined_on_hold")
    world.work()
    assert (world.fresh(pool).state, balances(petition.id)["pool"]) == ("failed", 0)
    assert "could not be paid in" in world.letters("alice")[-1].subject
    run_tx(lambda: pay_in(pool.id))
    world.work()
    world.work()
    assert charges() == 2
    assert troubles() == []


def test_nothing_is_charged_after_the_end(world: World) -> None:
    petition = world.petition()
    pool = drawn(world, petition, 5_000)
    with time_machine.travel(clock.now() + timedelta(days=31), tick=False), pytest.raises(Refusal):
        run_tx(lambda: pay_in(pool.id))
    assert (world.fresh(pool).state, charges()) == ("draft", 0)


def test_what_arrives_after_the_end_goes_straight_back(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The gateway took the money, its answer got lost, and the petition ended meanwhile."""
    petition = world.petition()
    pool = drawn(world, petition, 5_000)
    really = Sandbox.charge

    def lose_the_answer(self: Sandbox, **asked: Any) -> None:
        really(self, **asked)
        raise GatewayTimeout("no answer")

    with monkeypatch.context() as patch:
        patch.setattr(Sandbox, "charge", lose_the_answer)
        run_tx(lambda: pay_in(pool.id))
        world.work()
    assert world.fresh(pool).state == "asked"
    with time_machine.travel(clock.now() + timedelta(days=31), tick=False):
        for _ in range(3):
            world.work()
    assert world.fresh(pool).state == "returned"
    assert (balances(petition.id)["pool"], purse_of(world.person("alice").id).total) == (0, 5_000)
    assert troubles() == []


def test_a_reserve_goes_back_in_proportion_when_the_loan_is_over(world: World) -> None:
    terms = {"unit": 10_000, "cap": 5, "instalments": 3, "first_after": 1}
    petition = world.petition(offers=(OfferWish("loan", "money", 30_000, terms),))
    deposit(world, petition, 20_000)
    deposit(world, petition, 10_000, "bob")
    assert {pool.purpose for pool in pools()} == {"reserve"}
    assert run_tx(lambda: return_reserve(petition.id)) == 30_000
    assert run_tx(lambda: return_reserve(petition.id)) == 0
    assert purse_of(world.person("alice").id).total == 20_000
    assert purse_of(world.person("bob").id).total == 10_000
    assert troubles() == []
