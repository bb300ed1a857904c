"""A surplus: split before it is put, decided by one vote each, paid in once, shared out in one journal."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
import time_machine

from app.cooperating import sharing, sweeping
from app.cooperating.models import Surplus
from app.db import db, run_tx
from app.errors import Refusal
from app.ledger.booking import balances
from app.ledger.models import Journal
from app.payments import charging
from app.payments.models import Charge
from app.proposing import putting
from tests.cooperating.societies import (
    NEW_YEAR,
    USE,
    accept,
    differences,
    found,
    pay_method,
    purse,
    put,
    society,
)
from tests.world import World

GETS = {"alice": 195_000, "bob": 212_000, "minji": 148_000, "junho": 111_000, "Eve": 74_000}


def pay(world: World, surplus: Surplus, token: str = "pm_ok") -> None:
    method, organizer = pay_method(world, token), world.person("organizer").id
    run_tx(lambda: sharing.pay_in(surplus.id, organizer, method))
    world.work()
    world.work()


def purses(world: World) -> dict[str, int]:
    return {name: purse(world, name) for name in USE}


def test_million_goes_to_the_members_as_they_decided(world: World, later: time_machine.Traveller) -> None:
    petition = found(world, later)
    later.move_to(NEW_YEAR)
    surplus = put(world, petition)
    assert (surplus.reserve, surplus.patronage, surplus.dividend, surplus.retained) == (
        100_000, 540_000, 200_000, 160_000,
    )  # fmt: skip
    with pytest.raises(Refusal, match="have not accepted"):
        pay(world, surplus)
    accept(world, later, surplus)
    assert sum(purses(world).values()) == 0, "nothing moves before the organizer has paid in"
    pay(world, surplus)
    assert purses(world) == GETS
    assert balances(petition.id)["surplus_due"] == 0
    assert (
        len(db.session.scalars(sa.select(Journal).where(Journal.key == f"surplus-{surplus.id}")).all()) == 1
    )
    assert sharing.reserved(petition.id) == 100_000
    assert "₩135,000" in world.letters("alice")[-1].text
    assert differences() == []


def test_money_moves_once_however_often_anything_runs(world: World, later: time_machine.Traveller) -> None:
    petition = found(world, later)
    later.move_to(NEW_YEAR)
    surplus = put(world, petition)
    accept(world, later, surplus)
    method, organizer = pay_method(world), world.person("organizer").id
    charges = {run_tx(lambda: sharing.pay_in(surplus.id, organizer, method)).id for _press in range(3)}
    assert len(charges) == 1, "a double click is one charge"
    [charge_id] = charges
    charging.run_charge(charge_id)
    assert sharing.settle(charge_id)
    assert not sharing.settle(charge_id)
    assert sweeping.settle_left_over() == 0
    world.work()
    assert purses(world) == GETS
    with pytest.raises(Refusal, match="shared out"):
        pay(world, surplus)
    assert differences() == []


def test_without_its_key_the_money_would_move_twice(world: World, later: time_machine.Traveller) -> None:
    """The negative control: forget that it was shared out, and only the journal's key stands in the way."""
    petition = found(world, later)
    later.move_to(NEW_YEAR)
    surplus = put(world, petition)
    accept(world, later, surplus)
    pay(world, surplus)
    run_tx(lambda: db.session.execute(sa.update(Surplus).values(paid_at=None)))
    [charge] = db.session.scalars(sa.select(Charge)).all()
    assert sharing.settle(charge.id), "it would be shared out again"
    assert purses(world) == GETS, "but the journal is there already"
    run_tx(lambda: db.session.execute(sa.update(Surplus).values(paid_at=None)))
    assert any("0 shared out, but booked otherwise" in difference for difference in differences())


def test_charge_that_was_taken_is_handed_on_though_nobody_said_so(
    world: World, later: time_machine.Traveller
) -> None:
    petition = found(world, later)
    later.move_to(NEW_YEAR)
    surplus = put(world, petition)
    accept(world, later, surplus)
    method, organizer = pay_method(world), world.person("organizer").id
    charge = run_tx(lambda: sharing.pay_in(surplus.id, organizer, method))
    charging.run_charge(charge.id)
    assert balances(petition.id)["surplus_due"] == 740_000
    assert sweeping.settle_left_over() == 1
    assert purses(world) == GETS


def test_declined_card_pays_nobody_and_another_one_does(world: World, later: time_machine.Traveller) -> None:
    petition = found(world, later)
    later.move_to(NEW_YEAR)
    surplus = put(world, petition)
    accept(world, later, surplus)
    pay(world, surplus, "pm_insufficient_funds")
    assert sum(purses(world).values()) == 0
    assert "could not be charged" in world.letters("organizer")[-1].subject
    pay(world, surplus)
    assert purses(world) == GETS
    assert differences() == []


def test_split_that_is_rejected_or_taken_back_moves_nothing_and_frees_the_year(
    world: World, later: time_machine.Traveller
) -> None:
    petition = found(world, later)
    later.move_to(NEW_YEAR)
    surplus = put(world, petition)
    with pytest.raises(Refusal, match="fiscal year that is over"):
        put(world, petition)
    accept(world, later, surplus, "no")
    assert world.fresh(surplus).rejected_at is not None
    assert "did not accept" in world.letters("organizer")[-1].text
    again = put(world, petition)
    organizer = world.person("organizer").id
    run_tx(lambda: putting.withdraw(again.proposal_id, organizer))
    world.work()
    assert world.fresh(again).rejected_at is not None
    assert sharing.open_years(society(petition)) == [NEW_YEAR]


def test_same_form_twice_is_one_surplus(world: World, later: time_machine.Traveller) -> None:
    petition = found(world, later)
    later.move_to(NEW_YEAR)
    assert put(world, petition, key="once").id == put(world, petition, key="once").id


def test_use_by_others_stays_and_half_follows_the_use(world: World, later: time_machine.Traveller) -> None:
    petition = found(world, later)
    later.move_to(NEW_YEAR)
    surplus = put(world, petition, others_use=900)
    assert surplus.patronage == 54_000
    assert surplus.dividend == 54_000, "never more for the shares than for the use"
    assert surplus.retained == 792_000
    assert differences() == []


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"amount": 0}, "more than nothing"),
        ({"percent": 49}, "Between 50 and 100"),
        ({"year_ends_at": NEW_YEAR.replace(year=2028)}, "fiscal year that is over"),
    ],
)
def test_surplus_that_cannot_be_is_refused(
    world: World, later: time_machine.Traveller, changes: dict[str, object], sentence: str
) -> None:
    petition = found(world, later)
    later.move_to(NEW_YEAR)
    with pytest.raises(Refusal, match=sentence):
        put(world, petition, **changes)  # type: ignore[arg-type]


def test_year_that_is_not_over_has_no_surplus(world: World, later: time_machine.Traveller) -> None:
    petition = found(world, later)
    later.move_to(NEW_YEAR.timestamp() - 0.001)
    with pytest.raises(Refusal, match="fiscal year that is over"):
        put(world, petition)


def test_only_the_organizer_pays_and_only_by_own_method(world: World, later: time_machine.Traveller) -> None:
    petition = found(world, later)
    later.move_to(NEW_YEAR)
    surplus = put(world, petition)
    accept(world, later, surplus)
    method, alice = pay_method(world), world.person("alice").id
    with pytest.raises(Refusal) as refusal:
        run_tx(lambda: sharing.pay_in(surplus.id, alice, method))
    assert refusal.value.status == 404
    foreign = db.session.scalars(
        sa.select(charging.PaymentMethod.id).where(charging.PaymentMethod.person_id == alice)
    ).first()
    organizer = world.person("organizer").id
    with pytest.raises(Refusal, match="Save a payment method"):
        run_tx(lambda: sharing.pay_in(surplus.id, organizer, foreign or ""))
