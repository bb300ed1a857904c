"""A tip for the platform: named beside every sum, booked apart, and back where nothing came of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from app import clock
from app.actions.auditing import audit
from app.actions.locking import lock_action
from app.actions.models import Action, Milestone
from app.actions.settling import mark_captured
from app.actions.stopping import stop
from app.db import db, run_tx
from app.ledger.booking import balances
from app.payments.sandbox.models import SandboxObject
from app.petitions.models import Petition
from app.pledges.links import letter_token
from app.pledges.models import Pledge
from tests.actions.stages import name_payee, pay_step, words
from tests.organizing.desk import OURS
from tests.world import World

TIPPED = {"kind": "gift", "amount": "20,000", "tip": "1,000", "email": "minji@example.org", "name": "민지"}


@pytest.fixture
def later() -> Iterator[time_machine.Traveller]:
    """The clock stands still; ``later.shift(timedelta(…))`` moves it."""
    with time_machine.travel(clock.now(), tick=False) as traveller:
        yield traveller


def pledge_of(petition: Petition) -> Pledge:
    db.session.rollback()
    return db.session.scalars(sa.select(Pledge).where(Pledge.petition_id == petition.id)).one()


def give_with_a_tip(world: World, client: FlaskClient, petition: Petition, card: str = "pm_ok") -> None:
    """민지 gives 20,000 and tips 1,000."""
    world.sign_in(client, "minji")
    fields = TIPPED | {"payment_method": card}
    answer = client.post(f"/petitions/{petition.slug}/pledges", data=fields, headers=OURS)
    assert answer.status_code == 200


def collected_with_a_tip(world: World, client: FlaskClient, later: time_machine.Traveller) -> Petition:
    petition = world.petition(signatures=1, goal=20_000)
    world.plan(petition, 60, 40)
    give_with_a_tip(world, client, petition)
    world.sign(petition, "junho")
    later.shift(timedelta(hours=1, seconds=1))
    for _ in range(2):
        world.work()
    return petition


def end(petition: Petition) -> None:
    def stop_it() -> None:
        action = lock_action(petition.id)
        assert action is not None
        stop(action, reason="rejected")

    run_tx(stop_it)


def test_a_tip_is_named_wherever_the_sum_stands(
    world: World, client: FlaskClient, later: time_machine.Traveller
) -> None:
    petition = collected_with_a_tip(world, client, later)
    pledge = pledge_of(petition)
    assert ("₩1,000" in pledge.mandate, "₩21,000" in pledge.mandate) == (True, True)
    [receipt] = [letter for letter in world.letters("minji") if pledge.id in letter.text]
    assert "₩21,000" in receipt.subject
    assert "₩21,000" in receipt.text
    assert "₩1,000" in receipt.text
    page = words(client.get(f"/pledges/{letter_token(pledge)}?lang=en").text)
    assert "Tip for Dure ₩1,000 In all, as your card shows it ₩21,000" in page
    assert "Paid ₩21,000, given back ₩0 · with a tip of ₩1,000 for Dure" in words(
        client.get("/me?lang=en").text
    )
    [mine] = client.get("/me/export").json["pledges"]
    assert (mine["captured"], mine["tip"], mine["paid"]) == (20_000, 1_000, 21_000)


def test_a_tip_goes_back_once_where_nothing_was_paid_out(
    world: World, client: FlaskClient, later: time_machine.Traveller
) -> None:
    petition = collected_with_a_tip(world, client, later)
    held = balances(petition.id)
    assert (held["clearing"], held["escrow"], held["tips"]) == (21_000, 20_000, 1_000)
    end(petition)
    held = balances(petition.id)
    assert (held["refunds_due"], held["tips"]) == (21_000, 0)
    assert audit().differences == []
    for _ in range(3):
        world.work()
    pledge = pledge_of(petition)
    assert (pledge.state, pledge.refunded, pledge.tip_refunded) == ("refunded", 20_000, 1_000)
    assert set(balances(petition.id).values()) == {0}
    at_the_gateway = db.session.execute(
        sa.select(SandboxObject.captured, SandboxObject.refunded).where(SandboxObject.captured > 0)
    ).all()
    assert at_the_gateway == [(21_000, 21_000)]
    assert "₩21,000" in world.letters("minji")[-1].subject
    assert audit().differences == []


def test_a_tip_stays_where_a_part_of_the_money_was_used(
    world: World, client: FlaskClient, later: time_machine.Traveller
) -> None:
    petition = collected_with_a_tip(world, client, later)
    name_payee(world)
    first = db.session.scalars(sa.select(Milestone.id).order_by(Milestone.position)).first()
    pay_step(world, str(first), "minji")
    end(petition)
    for _ in range(3):
        world.work()
    pledge = pledge_of(petition)
    assert (pledge.state, pledge.refunded, pledge.tip_refunded) == ("part_refunded", 8_000, 0)
    assert balances(petition.id)["tips"] == 1_000
    assert "₩1,000" in world.letters("minji")[-1].text
    assert audit().differences == []


def test_the_books_notice_a_tip_that_was_kept_or_given_back_twice(
    world: World, client: FlaskClient, later: time_machine.Traveller
) -> None:
    collected_with_a_tip(world, client, later)
    run_tx(lambda: db.session.execute(sa.update(Pledge).where(Pledge.tip > 0).values(tip_refunded=1_000)))
    assert any("has a tip of 1000" in line for line in audit().differences)
    run_tx(lambda: db.session.execute(sa.update(Pledge).where(Pledge.tip > 0).values(tip_refunded=0)))
    run_tx(lambda: db.session.execute(sa.update(Action).values(state="stopped")))
    assert any("was kept, although nothing" in line for line in audit().differences)


def test_a_failure_charges_no_tip(world: World, client: FlaskClient, later: time_machine.Traveller) -> None:
    petition = world.petition(signatures=1, goal=20_000)
    give_with_a_tip(world, client, petition, "pm_declined_on_hold")
    world.sign(petition, "junho")
    later.shift(timedelta(hours=1, seconds=1))
    for _ in range(5):
        world.work()
        later.shift(timedelta(days=1, seconds=1))
    assert world.action(petition).state == "released"
    assert balances(petition.id)["tips"] == 0
    assert db.session.query(Pledge).filter(Pledge.captured > 0).count() == 0


def test_money_taken_after_the_failure_goes_back_with_its_tip(
    world: World, client: FlaskClient, later: time_machine.Traveller
) -> None:
    """A capture whose answer came too late: the whole of it is owed back, and no tip is kept."""
    petition = collected_with_a_tip(world, client, later)
    tips_before = balances(petition.id)["tips"]
    pledge_id = world.pledge(world.petition(title="Another"), "bob", 20_000)

    def too_late() -> None:
        action, pledge = lock_action(petition.id), db.session.get_one(Pledge, pledge_id)
        assert action is not None
        action.state, pledge.petition_id, pledge.cost, pledge.tip = "released", petition.id, 21_000, 1_000
        mark_captured(action, pledge, 21_000)

    run_tx(too_late)
    held = balances(petition.id)
    assert (held["refunds_due"], held["tips"]) == (21_000, tips_before)
