"""Leaving: at par, after the fiscal year, once; and never below the founders' number."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa
import time_machine

from app.cooperating import leaving, sweeping
from app.cooperating.models import Leaving
from app.db import db, run_tx
from app.errors import Refusal
from app.ledger.booking import balances
from app.payments.models import Charge
from app.petitions.models import Petition
from tests.cooperating.societies import (
    FORTY,
    NEW_YEAR,
    differences,
    found,
    offering,
    pay_method,
    purse,
    society,
)
from tests.world import World

SIX = (*FORTY[:4], ("Eve", 2), ("Zoe", 2))


def ask(world: World, petition: Petition, name: str) -> str:
    person = world.person(name).id
    return run_tx(lambda: leaving.ask(petition.id, person)).id


def pay(world: World, petition: Petition, token: str = "pm_ok") -> None:
    method, organizer = pay_method(world, token), world.person("organizer").id
    run_tx(lambda: leaving.pay_in(petition.id, organizer, method))
    world.work()
    world.work()


def test_member_gets_back_at_par_after_the_fiscal_year_and_leaves_the_register(
    world: World, later: time_machine.Traveller
) -> None:
    petition = found(world, later, *SIX)
    leaving_id = ask(world, petition, "bob")
    assert ask(world, petition, "bob") == leaving_id, "asked twice is asked once"
    world.work()
    assert "December 31, 2026" in world.letters("bob")[-1].text
    organizer_before = len(world.letters("organizer"))
    with pytest.raises(Refusal, match="Nobody is to be paid back"):
        pay(world, petition)
    later.move_to(NEW_YEAR)
    world.work()
    assert len(world.letters("organizer")) == organizer_before + 1, "it is time to pay"
    assert len(society(petition).members) == 6, "a member until the money is there"
    pay(world, petition)
    assert purse(world, "bob") == 500_000
    assert balances(petition.id)["returns_due"] == 0
    left = society(petition)
    assert [member.number for member in left.members] == [1, 3, 4, 5, 6], "numbers never change"
    assert left.units == 30
    assert max(member.units for member in left.members) <= left.rules.cap
    assert "yours again" in world.letters("bob")[-1].subject
    assert differences() == []


def test_sixth_member_may_leave_and_the_fifth_may_not(world: World, later: time_machine.Traveller) -> None:
    petition = found(world, later, *SIX)
    ask(world, petition, "Zoe")
    with pytest.raises(Refusal, match="At least 5 members must stay"):
        ask(world, petition, "Eve")
    with pytest.raises(Refusal) as refusal:
        ask(world, petition, "Mallory")
    assert refusal.value.status == 404


def race(world: World, petition: Petition, *names: str) -> list[str]:
    """These people leave at once; what came of each."""
    app, seen, start = world.app, [], threading.Barrier(len(names))
    people = [world.person(name).id for name in names]
    petition_id = petition.id
    db.session.rollback()

    def press(person: str) -> None:
        with app.app_context():
            start.wait()
            try:
                run_tx(lambda: leaving.ask(petition_id, person))
                seen.append("leaves")
            except Refusal:
                seen.append("stays")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=press, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(seen)


def test_all_leaving_at_once_leave_five_behind(world: World, later: time_machine.Traveller) -> None:
    petition = found(world, later, *SIX)
    assert race(world, petition, "alice", "bob", "minji", "Eve") == ["leaves", "stays", "stays", "stays"]
    assert differences() == []


def test_audit_finds_too_few_members(world: World, later: time_machine.Traveller) -> None:
    """The negative control: an exit paid behind the rule's back."""
    petition = found(world, later)
    bob = world.person("bob").id
    values = {"units": 10, "amount": 500_000, "currency": "KRW", "asked_at": NEW_YEAR, "due_at": NEW_YEAR}
    run_tx(
        lambda: db.session.add(Leaving(petition_id=petition.id, person_id=bob, paid_at=NEW_YEAR, **values))
    )
    said = "\n".join(differences())
    assert "4 members are left of 5 founders" in said
    assert "500000 paid back, but booked otherwise" in said


def test_change_of_mind_counts_until_the_money_is_on_its_way(
    world: World, later: time_machine.Traveller
) -> None:
    petition = found(world, later, *SIX)
    first = ask(world, petition, "bob")
    bob, alice = world.person("bob").id, world.person("alice").id
    with pytest.raises(Refusal) as refusal:
        run_tx(lambda: leaving.stay(first, alice))
    assert refusal.value.status == 404
    assert run_tx(lambda: leaving.stay(first, bob))
    assert not run_tx(lambda: leaving.stay(first, bob))
    second = ask(world, petition, "bob")
    assert second != first
    later.move_to(NEW_YEAR)
    method, organizer = pay_method(world), world.person("organizer").id
    run_tx(lambda: leaving.pay_in(petition.id, organizer, method))
    with pytest.raises(Refusal, match="paid back already"):
        run_tx(lambda: leaving.stay(second, bob))


def test_exit_is_paid_once_however_often_it_is_pressed(world: World, later: time_machine.Traveller) -> None:
    petition = found(world, later, *SIX)
    ask(world, petition, "bob")
    later.move_to(NEW_YEAR)
    method, organizer = pay_method(world), world.person("organizer").id
    for _press in range(3):
        run_tx(lambda: leaving.pay_in(petition.id, organizer, method))
    [charge] = db.session.scalars(sa.select(Charge)).all()
    world.work()
    assert not leaving.settle(charge.id)
    assert sweeping.settle_left_over() == 0
    assert purse(world, "bob") == 500_000


def test_declined_exit_keeps_the_member_and_is_tried_with_another_card(
    world: World, later: time_machine.Traveller
) -> None:
    petition = found(world, later, *SIX)
    ask(world, petition, "bob")
    later.move_to(NEW_YEAR)
    pay(world, petition, "pm_insufficient_funds")
    assert purse(world, "bob") == 0
    assert len(society(petition).members) == 6
    pay(world, petition)
    assert purse(world, "bob") == 500_000
    assert differences() == []


def test_nobody_leaves_a_petition_that_is_no_cooperative(world: World, later: time_machine.Traveller) -> None:
    petition = offering(world)
    with pytest.raises(Refusal) as refusal:
        ask(world, petition, "bob")
    assert refusal.value.status == 404
