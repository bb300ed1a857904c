"""Paying back: to the last won, to the right purses, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.db import db, run_tx
from app.errors import Refusal
from app.ledger.booking import balances
from app.lending.models import Repayment
from app.lending.repaying import begin_repayment, settle_repayment
from app.payments.models import Charge, PaymentMethod
from app.pledges.models import Pledge
from tests.actions.stages import approve_payouts, name_payee
from tests.lending.borrowing import UNIT, Borrowing, differences
from tests.world import World


def test_a_loan_comes_back_to_the_last_won(borrowing: Borrowing, world: World) -> None:
    borrowing.run()
    loan = borrowing.loan
    assert (loan.lent, loan.units, loan.paid) == (30_000, 3, 0)
    assert [duty.amount for duty in borrowing.instalments] == [10_000] * 3
    borrowing.repay(10_000)
    assert (borrowing.purse("alice"), borrowing.purse("bob")) == (6_667, 3_333)
    borrowing.repay(10_000)
    assert (borrowing.purse("alice"), borrowing.purse("bob")) == (13_334, 6_666)
    borrowing.repay(10_000)
    assert (borrowing.purse("alice"), borrowing.purse("bob")) == (20_000, 10_000)
    assert [duty.state for duty in borrowing.instalments] == ["kept"] * 3
    assert borrowing.loan.repaid_at is not None
    assert world.action(borrowing.petition).state == "delivered"
    assert differences() == []


def test_the_first_to_pledge_lend_and_the_rest_pay_nothing(borrowing: Borrowing, world: World) -> None:
    borrowing.ask(units=3)
    borrowing.lend(("alice", 2), ("bob", 2), ("junho", 1))
    borrowing.fire()
    borrowing.pay_out()
    states = [world.pledge_state(each) for each in borrowing.pledges]
    assert states == ["captured", "captured", "released"]
    borrowing.repay(30_000)
    assert [borrowing.purse(name) for name in ("alice", "bob", "junho")] == [20_000, 10_000, 0]
    assert differences() == []


def test_any_amount_goes_towards_the_oldest_instalment(borrowing: Borrowing) -> None:
    borrowing.run()
    borrowing.repay(14_000)
    assert [(duty.state, duty.done) for duty in borrowing.instalments] == [
        ("kept", 10_000),
        ("open", 4_000),
        ("open", 0),
    ]
    assert differences() == []


def test_a_declined_card_pays_nothing_and_says_so(borrowing: Borrowing, world: World) -> None:
    borrowing.run()
    repayment = borrowing.repay(10_000, "pm_insufficient_funds")
    assert (repayment.state, borrowing.loan.paid) == ("failed", 0)
    assert (
        "did not go through" in world.letters("organizer")[-1].subject
        or "통과" in world.letters("organizer")[-1].subject
    )
    assert borrowing.repay(10_000).state == "done"
    assert differences() == []


def test_a_payment_sent_or_settled_twice_counts_once(borrowing: Borrowing, world: World) -> None:
    borrowing.run()
    first = borrowing.repay(10_000)
    charge = db.session.query(Charge).filter_by(subject_id=first.id).one()
    method = db.session.query(PaymentMethod).filter_by(id=charge.method_id).one()
    person_id = world.person("organizer").id
    again = run_tx(lambda: begin_repayment(borrowing.petition.id, person_id, 10_000, method.id, first.key))
    assert again.id == first.id
    assert not run_tx(lambda: settle_repayment(charge.id))
    world.work()
    assert borrowing.loan.paid == 10_000
    assert borrowing.purse("alice") == 6_667
    assert differences() == []


@pytest.mark.parametrize(("amount", "words"), [(30_001, "at most"), (0, "at most"), (-5, "at most")])
def test_more_than_is_owed_is_refused(borrowing: Borrowing, amount: int, words: str) -> None:
    borrowing.run()
    with pytest.raises(Refusal, match=words):
        borrowing.repay(amount)


def test_a_payment_on_its_way_is_not_owed_again(borrowing: Borrowing, world: World) -> None:
    borrowing.run()
    borrowing.repay(10_000)
    person_id = world.person("organizer").id
    method_id = str(borrowing.loan.method_id)
    run_tx(lambda: begin_repayment(borrowing.petition.id, person_id, 20_000, method_id, "one"))
    with pytest.raises(Refusal, match="Nothing is left"):
        run_tx(lambda: begin_repayment(borrowing.petition.id, person_id, 20_000, method_id, "two"))
    world.work()
    assert borrowing.loan.paid == 30_000
    assert differences() == []


def test_nobody_pays_from_a_strangers_card(borrowing: Borrowing, world: World) -> None:
    borrowing.run()
    stranger = db.session.query(PaymentMethod).filter(PaymentMethod.person_id.is_not(None)).first()
    assert stranger is not None
    person_id = world.person("organizer").id
    with pytest.raises(Refusal, match="Save a payment method"):
        run_tx(lambda: begin_repayment(borrowing.petition.id, person_id, 10_000, str(stranger.id), "one"))
    alice_id = world.person("alice").id
    with pytest.raises(Refusal, match="Only the borrower"):
        run_tx(lambda: begin_repayment(borrowing.petition.id, alice_id, 10_000, str(stranger.id), "two"))
    assert db.session.query(Repayment).count() == 0


def test_without_a_payout_in_thirty_days_everybody_gets_it_back(borrowing: Borrowing, world: World) -> None:
    borrowing.ask()
    borrowing.lend(("alice", 2), ("bob", 1))
    borrowing.fire()
    borrowing.later.shift(timedelta(days=29))
    world.work()
    assert world.action(borrowing.petition).state == "underway"
    borrowing.later.shift(timedelta(days=1, seconds=1))
    for _ in range(3):
        world.work()
    assert world.action(borrowing.petition).state == "stopped"
    assert [world.pledge_state(each) for each in borrowing.pledges] == ["refunded", "refunded"]
    assert differences() == []


def test_a_loan_that_was_never_paid_out_gives_the_tip_back_with_the_money(
    borrowing: Borrowing, world: World
) -> None:
    petition = borrowing.ask()
    borrowing.lend(("bob", 1))
    tipped = world.pledge(petition, "alice", 2 * UNIT, kind="loan", units=2, tip=1_000)
    borrowing.fire()
    assert balances(petition.id)["tips"] == 1_000
    borrowing.later.shift(timedelta(days=30, seconds=1))
    for _ in range(3):
        world.work()
    pledge = db.session.get_one(Pledge, tipped)
    assert (pledge.state, pledge.paid, pledge.came_back) == ("refunded", 21_000, 21_000)
    assert set(balances(petition.id).values()) == {0}
    assert differences() == []


def test_an_approved_payout_that_never_arrives_is_called_off_and_refunded(
    borrowing: Borrowing, world: World
) -> None:
    borrowing.ask()
    borrowing.lend(("alice", 2), ("bob", 1))
    borrowing.fire()
    name_payee(world, "110-222-330000")
    approve_payouts(world)
    world.work()
    borrowing.later.shift(timedelta(days=30, seconds=1))
    for _ in range(3):
        world.work()
    assert world.action(borrowing.petition).state == "stopped"
    assert [world.pledge_state(each) for each in borrowing.pledges] == ["refunded", "refunded"]
    assert any("not paid out" in letter.subject for letter in world.letters("organizer"))
    assert any("comes back" in letter.subject for letter in world.letters("alice"))
    assert differences() == []
