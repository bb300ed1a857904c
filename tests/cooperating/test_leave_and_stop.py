"""Leaving and stopping: whoever is paid back has no part in the rest, and nobody gets both."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app.actions import milestones
from app.actions.models import Milestone, Payout
from app.actions.payouts import pay_due
from app.cooperating import leaving, sweeping
from app.cooperating.models import Leaving
from app.db import db, run_tx
from app.errors import Refusal
from app.ledger.booking import balances, book
from app.ledger.entries import refund_decided
from app.outbox import drain
from app.payments.charging import run_charges
from app.payments.models import Charge
from app.petitions.models import Petition
from app.pledges.models import Pledge
from app.reactions import REACTIONS
from tests.actions.stages import approve_payouts, cast, claim_step, name_payee
from tests.cooperating.societies import NEW_YEAR, differences, found, pay_method, purse, society
from tests.cooperating.test_leave import SIX, ask, pay
from tests.world import World

STAY = ("alice", "minji", "junho", "Eve", "Zoe")


def step_of(petition: Petition) -> str:
    """The first step of the plan."""
    return (
        db.session.scalars(
            sa.select(Milestone.id).where(Milestone.petition_id == petition.id).order_by(Milestone.position)
        ).first()
        or ""
    )


def reject(world: World, petition: Petition, *names: str) -> None:
    """The first step is shown, and these members stop the action."""
    step = step_of(petition)
    claim_step(world, step)
    cast(world, step, False, *names)
    for _look in range(3):
        world.work()
    assert world.action(petition).state == "stopped"


def refunds(petition: Petition) -> dict[str, int]:
    """What came back of each pledge, by the name on it."""
    db.session.rollback()
    rows = db.session.scalars(sa.select(Pledge).where(Pledge.petition_id == petition.id))
    return {pledge.name: pledge.refunded for pledge in rows}


def test_a_member_who_was_leaving_gets_a_part_of_the_rest_and_not_the_whole_as_well(
    world: World, later: time_machine.Traveller
) -> None:
    petition = found(world, later, *SIX)
    leaving_id = ask(world, petition, "bob")
    reject(world, petition, *STAY, "bob")
    assert refunds(petition)["Bob"] == 500_000
    later.move_to(NEW_YEAR)
    before = len(world.letters("organizer"))
    world.work()
    assert len(world.letters("organizer")) == before, "nobody is asked to pay him once more"
    with pytest.raises(Refusal, match="has stopped"):
        pay(world, petition)
    assert db.session.get_one(Leaving, leaving_id).taken_back_at is not None
    assert any("not paid back in full" in letter.subject for letter in world.letters("bob"))
    assert purse(world, "bob") == 0
    assert differences() == []


def test_a_member_who_was_paid_back_has_no_part_in_the_rest(
    world: World, later: time_machine.Traveller
) -> None:
    petition = found(world, later, *SIX)
    ask(world, petition, "bob")
    later.move_to(NEW_YEAR)
    pay(world, petition)
    assert purse(world, "bob") == 500_000
    reject(world, petition, *STAY)
    back = refunds(petition)
    assert back["Bob"] == 0
    assert sum(back.values()) == 1_500_000, "nobody gets back more than they paid"
    [left] = db.session.scalars(sa.select(Payout)).all()
    assert (left.amount, left.state, left.cause) == (500_000, "proposed", f"remainder-{petition.id}")
    assert differences() == []
    name_payee(world)
    approve_payouts(world)
    world.work()
    assert set(balances(petition.id).values()) == {0}
    assert differences() == []


def test_a_member_who_was_paid_back_has_no_vote_on_a_step(
    world: World, later: time_machine.Traveller
) -> None:
    petition = found(world, later, *SIX)
    step = step_of(petition)
    ask(world, petition, "bob")
    later.move_to(NEW_YEAR)
    world.work()
    claim_step(world, step)
    cast(world, step, False, "bob")
    pay(world, petition)
    with pytest.raises(Refusal, match="Only people whose pledge"):
        cast(world, step, True, "bob")
    assert milestones.count_backers(petition.id) == 5
    assert milestones.count_votes(step) == (0, 0), "a vote goes with the member"
    asked = [letter for letter in world.letters("bob") if "Vote" in letter.subject]
    cast(world, step, True, *STAY[:4])
    assert db.session.get_one(Milestone, step).state == "claimed", "one member has not voted yet"
    cast(world, step, True, STAY[4])
    world.work()
    assert db.session.get_one(Milestone, step).state == "accepted"
    assert [letter for letter in world.letters("bob") if "Vote" in letter.subject] == asked


def test_what_the_organizer_paid_in_too_late_goes_back_to_the_organizer(
    world: World, later: time_machine.Traveller
) -> None:
    petition = found(world, later, *SIX)
    leaving_id = ask(world, petition, "bob")
    later.move_to(NEW_YEAR)
    method, organizer = pay_method(world), world.person("organizer").id
    step = step_of(petition)
    claim_step(world, step)
    cast(world, step, False, *STAY)
    run_tx(lambda: leaving.pay_in(petition.id, organizer, method))
    cast(world, step, False, "bob")
    run_charges()
    for _look in range(3):
        drain(REACTIONS)
        pay_due()
        world.work()
    assert purse(world, "bob") == 0
    assert purse(world, "organizer") == 500_000
    assert refunds(petition)["Bob"] == 500_000
    assert db.session.get_one(Leaving, leaving_id).returned_at is not None
    assert sweeping.settle_left_over() == 0
    assert differences() == []


def test_audit_finds_a_member_who_got_both(world: World, later: time_machine.Traveller) -> None:
    """The negative control: a refund behind the rule's back, after the exit was paid."""
    petition = found(world, later, *SIX)
    ask(world, petition, "bob")
    later.move_to(NEW_YEAR)
    pay(world, petition)
    pledge = db.session.scalars(sa.select(Pledge).where(Pledge.name == "Bob")).one()
    run_tx(lambda: book(refund_decided(petition.id, pledge.id, "KRW", 200_000, part="again")))
    assert "700000 went back for 500000 paid in" in "\n".join(differences())
    assert len(society(petition).members) == 5


def test_paying_back_and_stopping_at_once_pay_a_member_once(
    world: World, later: time_machine.Traveller
) -> None:
    petition = found(world, later, *SIX)
    ask(world, petition, "bob")
    later.move_to(NEW_YEAR)
    method, organizer = pay_method(world), world.person("organizer").id
    step, last = step_of(petition), world.person("bob").id
    claim_step(world, step)
    cast(world, step, False, *STAY)
    run_tx(lambda: leaving.pay_in(petition.id, organizer, method))
    run_charges()
    charge_id = db.session.scalars(sa.select(Charge.id).where(Charge.purpose == leaving.PURPOSE)).one()
    db.session.rollback()
    at_once(
        world,
        lambda: leaving.settle(charge_id),
        lambda: run_tx(lambda: milestones.vote(step, last, accepts=False)),
    )
    later.shift(timedelta(days=30))
    for _look in range(3):
        world.work()
    assert world.action(petition).state == "stopped"
    assert purse(world, "bob") + refunds(petition)["Bob"] == 500_000
    assert differences() == []


def at_once(world: World, *verbs: Callable[[], object]) -> None:
    """All of these in threads of their own; whoever came too late may be refused."""
    start = threading.Barrier(len(verbs))

    def press(verb: Callable[[], object]) -> None:
        with world.app.app_context():
            start.wait()
            try:
                verb()
            except Refusal:
                db.session.rollback()
            finally:
                db.session.remove()

    threads = [threading.Thread(target=press, args=(verb,)) for verb in verbs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
