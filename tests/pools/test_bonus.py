"""A bonus for gifts that fail: paid once, to the last won, and back to its sponsor when they succeed."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from app import clock
from app.db import db, new_id, run_tx
from app.ledger.booking import balances
from app.ledger.models import Account, Journal, Posting
from app.people.models import Person
from app.petitions.launching import hide, lapse, publish, reject
from app.petitions.models import Petition
from app.pledges.models import Pledge
from app.pools import ending
from app.pools.ending import end_due, end_pools, pay_bonus
from app.pools.models import Pool
from app.web.tokens import make_token
from tests.pools.sponsors import deposit, troubles
from tests.purses.pockets import purse_of
from tests.world import World

MONTH = timedelta(days=31)


def expire(world: World) -> None:
    with time_machine.travel(clock.now() + MONTH, tick=False):
        world.work()
        world.work()


def shares() -> dict[str, int]:
    """What each person's purse got, by id."""
    db.session.rollback()
    rows = db.session.execute(
        sa.select(Account.owner, Posting.amount)
        .join(Posting, Posting.account_id == Account.id)
        .join(Journal, Journal.id == Posting.journal_id)
        .where(Account.kind == "purse", Journal.cause == "bonus")
    )
    return {row.owner: -row.amount for row in rows}


def crowd(petition: Petition, number: int, amount: int) -> list[str]:
    """So many confirmed people with a saved method and a pledge that counts; their ids in order."""
    pledge = db.session.scalars(sa.select(Pledge).where(Pledge.petition_id == petition.id)).one()
    like = {column.name: getattr(pledge, column.name) for column in Pledge.__table__.columns}
    people, pledges = [], []
    for place in range(number):
        person_id = new_id()
        columns = {"name": "P", "locale": "ko", "created_at": clock.now(), "cluster": person_id}
        people.append({"id": person_id, **columns})
        own = {"id": new_id(), "person_id": person_id, "amount": amount, "cost": amount}
        keys = {"idempotency_key": new_id(), "email_key": new_id(), "hold_reference": None}
        pledges.append(like | own | keys | {"ready_at": clock.now() + timedelta(seconds=place)})

    def insert() -> None:
        db.session.execute(sa.insert(Person), people)
        db.session.execute(sa.insert(Pledge), pledges)
        for threshold in petition.thresholds:
            if threshold.kind == "gift":
                row = db.session.merge(threshold)
                row.tally, row.contributors = row.tally + number * amount, row.contributors + number

    run_tx(insert)
    return [str(row["id"]) for row in people]


def test_180_pledges_of_10000_share_90000_by_500(world: World) -> None:
    """The vector: goal 3,000,000, 180 × 10,000 at the deadline, a pool of 90,000."""
    petition = world.petition(goal=3_000_000)
    world.pledge(petition, "minji", 10_000)
    crowd(petition, 179, 10_000)
    deposit(world, petition, 90_000)
    expire(world)
    got = shares()
    assert (len(got), set(got.values())) == (180, {500})
    assert db.session.query(Pledge).filter(Pledge.captured > 0).count() == 0
    assert balances(petition.id)["pool"] == 0
    assert troubles() == []


def test_the_remainder_goes_in_the_order_of_the_pledges(world: World) -> None:
    petition = world.petition(goal=3_000_000)
    for name in ("minji", "junho", "bob"):
        world.pledge(petition, name, 10_000)
    deposit(world, petition, 1_000)
    expire(world)
    people = [world.person(name).id for name in ("minji", "junho", "bob")]
    assert [purse_of(person_id).total for person_id in people] == [334, 333, 333]
    assert "₩334" in world.letters("minji")[-1].subject + world.letters("minji")[-1].text


def test_only_confirmed_people_with_a_method_get_it(world: World) -> None:
    petition = world.petition(goal=3_000_000)
    world.pledge(petition, "minji", 10_000)
    world.pledge(petition, "junho", 90_000, token="")
    deposit(world, petition, 1_000)
    expire(world)
    assert shares() == {world.person("minji").id: 1_000}


def test_cards_that_failed_get_nothing(world: World) -> None:
    petition = world.petition(signatures=1, goal=30_000)
    world.pledge(petition, "minji", 10_000)
    world.pledge(petition, "junho", 20_000, token="pm_declined_on_hold")
    deposit(world, petition, 999)
    world.sign(petition, "bob")
    with time_machine.travel(clock.now(), tick=False) as later:
        later.shift(timedelta(hours=1, seconds=1))
        world.work()
        for _ in range(4):
            later.shift(timedelta(days=1, seconds=1))
            world.work()
        world.work()
    assert world.action(petition).state == "released"
    assert shares() == {world.person("minji").id: 999}
    assert troubles() == []


def test_success_gives_it_back_to_the_sponsors(world: World) -> None:
    petition = world.petition(signatures=1, goal=10_000)
    world.pledge(petition, "minji", 10_000)
    first, second = deposit(world, petition, 60_000), deposit(world, petition, 30_000, "junho")
    world.sign(petition, "bob")
    with time_machine.travel(clock.now() + timedelta(hours=1, seconds=1), tick=False):
        world.work()
        world.work()
    assert world.action(petition).state == "underway"
    assert (world.fresh(first).state, world.fresh(second).state) == ("returned", "returned")
    assert purse_of(world.person("alice").id).total == 60_000
    assert purse_of(world.person("junho").id).total == 30_000
    assert shares() == {}
    assert troubles() == []


def test_nobody_pledged_so_it_goes_back(world: World) -> None:
    petition = world.petition()
    pool = deposit(world, petition, 5_000)
    expire(world)
    assert (world.fresh(pool).state, purse_of(world.person("alice").id).total) == ("returned", 5_000)


def test_hidden_until_its_deadline_it_goes_back(world: World) -> None:
    """It is no failure of the crowd: nobody is paid for pledging to what moderators took out of sight."""
    petition = world.petition()
    world.pledge(petition, "minji", 10_000)
    pool = deposit(world, petition, 5_000)
    run_tx(lambda: hide(petition.id))
    world.work()
    assert world.fresh(pool).state == "lying"
    expire(world)
    assert shares() == {}
    assert (world.fresh(pool).state, purse_of(world.person("alice").id).total) == ("returned", 5_000)
    run_tx(lambda: publish(petition.id))
    assert end_due() == 0
    assert troubles() == []


@pytest.mark.parametrize("state", ["sponsoring", "moderation"])
def test_a_petition_that_never_opens_gives_it_back(world: World, client: FlaskClient, state: str) -> None:
    petition = world.petition(state=state, opened_at=None)
    pool = deposit(world, petition, 5_000)
    with time_machine.travel(petition.deadline, tick=False) as later:
        world.work()
        assert (world.fresh(petition).state, world.fresh(pool).state) == (state, "lying")
        later.shift(timedelta(seconds=1))
        world.work()
        world.work()
        assert (world.fresh(pool).state, purse_of(world.person("alice").id).total) == ("returned", 5_000)
        assert not run_tx(lambda: lapse(petition.id))
    assert "Its last day passed before it opened" in world.letters("organizer")[-1].text
    link = make_token("sponsor", petition.id)
    assert "no longer taking signatures" in client.get(f"/sponsors/{link}?lang=en").text
    world.sign_in(client, "organizer")
    desk = client.get(f"/desk/{petition.slug}?lang=en")
    assert "Its last day passed before it opened" in desk.text
    assert troubles() == []


def test_a_rejected_petition_gives_it_back(world: World) -> None:
    petition = world.petition(state="moderation", opened_at=None)
    pool = deposit(world, petition, 5_000)
    run_tx(lambda: reject(petition.id, "duplicate"))
    world.work()
    assert (world.fresh(pool).state, purse_of(world.person("alice").id).total) == ("returned", 5_000)


def test_it_is_paid_once_however_often_it_is_announced(world: World) -> None:
    petition = world.petition(goal=3_000_000)
    world.pledge(petition, "minji", 10_000)
    deposit(world, petition, 5_000)
    expire(world)
    assert not run_tx(lambda: end_pools(petition.id))
    assert end_due() == 0
    assert shares() == {world.person("minji").id: 5_000}


def test_without_the_rows_and_the_key_it_would_be_paid_again(world: World) -> None:
    """The negative control: even told that the pool still lies there, the journal's key refuses."""
    petition = world.petition(goal=3_000_000)
    world.pledge(petition, "minji", 10_000)
    pool = deposit(world, petition, 5_000)
    expire(world)

    def pay_again() -> None:
        backers = ending.waiting_backers(petition.id)
        assert backers
        pay_bonus(petition.id, [db.session.get_one(Pool, pool.id)], backers)

    run_tx(pay_again)
    assert shares() == {world.person("minji").id: 5_000}
    assert troubles() == []


def test_an_open_petition_keeps_its_pool(world: World) -> None:
    petition = world.petition()
    pool = deposit(world, petition, 5_000)
    assert not run_tx(lambda: end_pools(petition.id))
    assert end_due() == 0
    assert (world.fresh(pool).state, balances(petition.id)["pool"]) == ("lying", 5_000)
