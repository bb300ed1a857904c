"""Pledges paid from a purse: what came back is given again, and comes back again where it must."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import clock
from app.actions import collecting
from app.actions.auditing import audit
from app.actions.locking import lock_action
from app.actions.models import Action
from app.actions.stopping import stop
from app.db import db, run_tx
from app.ledger.booking import balances
from app.petitions.models import Petition
from app.pledges.models import Pledge
from app.purses import paying_out
from app.purses.statement import read_statement
from tests.organizing.desk import OURS
from tests.purses.pockets import fill, purse_of, with_account
from tests.world import World


def filled(world: World, amount: int = 30_000) -> str:
    minji = world.person("minji").id
    fill(world.petition(title="An earlier petition"), **{minji: amount})
    return minji


def pledge_from_purse(client: FlaskClient, petition: Petition, **changes: Any) -> TestResponse:
    fields = {"kind": "gift", "amount": "20,000", "email": "minji@example.org", "name": "민지"}
    path = f"/petitions/{petition.slug}/pledges?lang=en"
    return client.post(path, data=fields | {"from_purse": "y"} | changes, headers=OURS)


def the_pledge(petition: Petition) -> Pledge:
    db.session.rollback()
    db.session.expire_all()
    return db.session.query(Pledge).filter_by(petition_id=petition.id).one()


def fire(world: World, petition: Petition, later: time_machine.Traveller) -> Action:
    world.sign(petition, "junho")
    later.shift(timedelta(hours=1, seconds=1))
    world.work()
    return world.action(petition)


def test_a_purse_pays_when_the_petition_fires_and_not_before(
    world: World, client: FlaskClient, later: time_machine.Traveller
) -> None:
    minji, petition = filled(world), world.petition(signatures=1, goal=20_000)
    world.plan(petition, 60, 40)
    world.sign_in(client, "minji")
    page = client.get(f"/petitions/{petition.slug}/pledges?lang=en").text
    assert "Pay from my purse: ₩30,000" in page
    assert pledge_from_purse(client, petition).status_code == 200
    assert the_pledge(petition).state == "ready"
    assert purse_of(minji).free == 30_000
    assert fire(world, petition, later).state == "underway"
    assert (the_pledge(petition).state, purse_of(minji).total) == ("captured", 10_000)
    assert balances(petition.id)["escrow"] == 20_000
    assert audit().differences == []
    [newest, oldest] = read_statement(minji, "KRW")
    assert (newest.amount, newest.slug, newest.after) == (-20_000, petition.slug, 10_000)
    assert (oldest.amount, oldest.title) == (30_000, "An earlier petition")


def test_a_stopped_action_pays_back_into_the_purse(
    world: World, client: FlaskClient, later: time_machine.Traveller
) -> None:
    minji, petition = filled(world), world.petition(signatures=1, goal=20_000)
    world.plan(petition, 60, 40)
    world.sign_in(client, "minji")
    pledge_from_purse(client, petition)
    fire(world, petition, later)

    def end() -> None:
        action = lock_action(petition.id)
        assert action is not None
        stop(action, reason="rejected")

    run_tx(end)
    world.work()
    assert (the_pledge(petition).state, purse_of(minji).total) == ("refunded", 30_000)
    assert audit().differences == []


def test_what_was_taken_out_meanwhile_is_asked_of_a_card(
    world: World, client: FlaskClient, later: time_machine.Traveller
) -> None:
    petition = world.petition(signatures=1, goal=20_000)
    minji = with_account(world, "minji")
    filled(world)
    world.sign_in(client, "minji")
    pledge_from_purse(client, petition)
    run_tx(lambda: paying_out.ask_payout(minji, 30_000, "KRW", form_key="k"))
    world.work()
    fire(world, petition, later)
    pledge = the_pledge(petition)
    assert (pledge.state, pledge.failure) == ("failing", "insufficient_funds")
    assert purse_of(minji).total == 0
    assert audit().differences == []


def test_a_death_between_capture_and_settling_takes_it_once(
    world: World, client: FlaskClient, later: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The purse has paid, and the worker dies before it can note so: the next one looks it up."""
    minji, petition = filled(world), world.petition(signatures=1, goal=20_000)
    world.sign_in(client, "minji")
    pledge_from_purse(client, petition)
    from app.actions import calling

    real = calling.settle_together

    def die_at_a_capture(answers: list[Any]) -> None:
        if any(answer.status == "captured" for _id, answer in answers):
            raise KeyboardInterrupt
        real(answers)

    world.sign(petition, "junho")
    later.shift(timedelta(hours=1, seconds=1))
    with monkeypatch.context() as patch:
        patch.setattr(calling, "settle_together", die_at_a_capture)
        with pytest.raises(KeyboardInterrupt):
            world.work()
    assert (purse_of(minji).total, the_pledge(petition).state) == (10_000, "held")
    db.session.rollback()
    later.shift(timedelta(minutes=3))
    collecting.collect(petition.id)
    assert (purse_of(minji).total, the_pledge(petition).state) == (10_000, "captured")
    assert audit().differences == []


@pytest.mark.parametrize("amount", ["30,001", "40,000"])
def test_more_than_the_purse_has_is_refused_beside_the_box(
    world: World, client: FlaskClient, amount: str
) -> None:
    filled(world)
    petition = world.petition()
    world.sign_in(client, "minji")
    answer = pledge_from_purse(client, petition, amount=amount)
    assert answer.status_code == 422
    assert 'id="from_purse-error"' in answer.text
    assert amount in answer.text


def test_two_pledges_cannot_promise_the_same_won(world: World, client: FlaskClient) -> None:
    filled(world)
    first, second = world.petition(title="One"), world.petition(title="Two")
    world.sign_in(client, "minji")
    assert pledge_from_purse(client, first).status_code == 200
    answer = pledge_from_purse(client, second)
    assert answer.status_code == 422
    assert "₩10,000 left for pledges" in answer.text


def test_nobody_pays_from_another_persons_purse(world: World, client: FlaskClient) -> None:
    filled(world)
    petition = world.petition()
    assert pledge_from_purse(client, petition).status_code == 422
    world.sign_in(client, "bob")
    assert pledge_from_purse(client, petition).status_code == 422
    assert "Pay from my purse" not in client.get(f"/petitions/{petition.slug}/pledges?lang=en").text
    assert db.session.query(Pledge).count() == 0


def test_an_empty_purse_is_not_offered(world: World, client: FlaskClient) -> None:
    world.sign_in(client, "minji")
    petition = world.petition(deadline=clock.now() + timedelta(days=3))
    assert "Pay from my purse" not in client.get(f"/petitions/{petition.slug}/pledges?lang=en").text
