"""Whoever goes while money may still come back settles it first, or gives it up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import clock
from app.db import run_tx
from app.ledger.booking import balances
from app.pledges.pledging import change_method
from app.purses.gateway import purse_method
from tests.actions.stages import words
from tests.cooperating import societies
from tests.lending.borrowing import Borrowing, differences
from tests.purses.pockets import fill, purse_of
from tests.world import World

OWN = {"Origin": "http://localhost"}
ERASURE = "/me/erasure?lang=en"


@pytest.fixture
def later() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def spring() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(societies.SPRING, tick=False) as traveller:
        yield traveller


def press(client: FlaskClient, **data: str) -> TestResponse:
    token = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/me").text)
    assert token
    return client.post(ERASURE, data={"csrf_token": token[1]} | data, headers=OWN)


def test_a_lender_settles_or_gives_up_what_is_still_to_come(
    world: World, client: FlaskClient, later: time_machine.Traveller
) -> None:
    borrowing = Borrowing(world, later)
    borrowing.run()
    alice = world.sign_in(client, "alice")
    page = client.get(ERASURE).text
    assert "₩20,000 of it has not come back yet" in page
    assert f'href="/me/loans/{borrowing.pledges[0]}' in page
    refused = press(client)
    assert (refused.status_code, world.fresh(alice).erased_at) == (422, None)
    assert "say here that you give it up" in refused.text
    assert press(client, give_up="y").status_code == 200
    assert world.fresh(alice).erased_at is not None
    borrowing.repay(30_000)
    assert (borrowing.purse("bob"), balances(borrowing.petition.id)["tips"]) == (10_000, 20_000)
    assert purse_of(alice.id).total == 0
    assert differences() == []


def test_a_member_leaves_the_co_operative_or_gives_the_shares_up(
    world: World, client: FlaskClient, spring: time_machine.Traveller
) -> None:
    societies.found(world, spring)
    member = world.sign_in(client, "alice")
    page = client.get(ERASURE).text
    assert 'href="/me/shares/' in page
    assert press(client).status_code == 422
    assert press(client, give_up="y").status_code == 200
    assert world.fresh(member).erased_at is not None


def test_whoever_paid_from_a_purse_waits_until_nothing_can_go_back_there(
    world: World, client: FlaskClient, later: time_machine.Traveller
) -> None:
    minji, petition = world.person("minji").id, world.petition(signatures=1, goal=20_000)
    world.plan(petition, 60, 40)
    fill(world.petition(title="An earlier petition"), **{minji: 20_000})
    pledge_id = world.pledge(petition, "minji", 20_000)
    run_tx(lambda: change_method(pledge_id, purse_method(minji)))
    world.sign(petition, "junho")
    later.shift(timedelta(hours=1, seconds=1))
    for _ in range(2):
        world.work()
    assert purse_of(minji).total == 0
    person = world.sign_in(client, "minji")
    assert "from your purse. If it is stopped" in words(client.get(ERASURE).text)
    assert press(client).status_code == 409
    assert world.fresh(person).erased_at is None


def test_who_owes_and_is_owed_nothing_is_asked_nothing(world: World, client: FlaskClient) -> None:
    minji = world.sign_in(client, "minji")
    assert 'name="give_up"' not in client.get(ERASURE).text
    assert press(client).status_code == 200
    assert world.fresh(minji).erased_at is not None
