"""What the calendar makes of a loan that is not paid: late, delinquent, default, and money that comes "
"after."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from app.db import db, run_tx
from app.errors import Refusal
from app.ledger.booking import balances, book
from app.ledger.entries import move
from app.lending.rescheduling import carry_out, propose
from app.lending.watching import look_at
from app.points.models import PointRow
from app.proposing.models import Proposal
from app.proposing.voting import cast
from tests.lending.borrowing import Borrowing, differences
from tests.world import World


def lay_by(borrowing: Borrowing, amount: int) -> None:
    """A sponsor's first-loss reserve lies in the loan's pool."""
    petition_id = borrowing.petition.id
    deposit = move(
        "deposit-1",
        "deposit",
        petition_id,
        petition_id,
        "KRW",
        debit="clearing",
        credit="pool",
        amount=amount,
    )
    run_tx(lambda: book(deposit))


def subjects(world: World, name: str) -> list[str]:
    return [letter.subject for letter in world.letters(name)]


def test_thirty_days_late_is_delinquent_until_it_is_paid(borrowing: Borrowing, world: World) -> None:
    borrowing.run()
    first = borrowing.instalments[0]
    borrowing.until(first, days=29)
    assert borrowing.loan.delinquent_at is None
    borrowing.until(first, days=30)
    assert borrowing.loan.delinquent_at is not None
    world.work()
    assert sum("30 days late" in subject for subject in subjects(world, "alice")) == 1
    borrowing.repay(20_000)
    assert borrowing.loan.delinquent_at is None
    assert borrowing.loan.defaulted_at is None
    assert differences() == []


def test_default_reserve_and_recovery_go_to_the_last_won(borrowing: Borrowing, world: World) -> None:
    borrowing.run()
    lay_by(borrowing, 5_000)
    borrowing.repay(14_000)
    assert (borrowing.purse("alice"), borrowing.purse("bob")) == (9_334, 4_666)
    second = borrowing.instalments[1]
    borrowing.until(second, days=180, seconds=-1)
    assert borrowing.loan.defaulted_at is None
    borrowing.until(second, days=180)
    loan = borrowing.loan
    assert loan.defaulted_at is not None
    assert (loan.drawn, loan.to_lenders) == (5_000, 19_000)
    assert (borrowing.purse("alice"), borrowing.purse("bob")) == (12_667, 6_333)
    assert [duty.state for duty in borrowing.instalments] == ["kept", "broken", "broken"]
    assert not run_tx(lambda: look_at(loan.id))
    assert world.action(borrowing.petition).state == "underway"
    borrowing.repay(12_000)
    assert (borrowing.purse("alice"), borrowing.purse("bob")) == (20_000, 10_000)
    assert balances(borrowing.petition.id)["pool"] == 1_000
    borrowing.repay(4_000)
    assert balances(borrowing.petition.id)["pool"] == 5_000
    assert borrowing.loan.repaid_at is not None
    assert world.action(borrowing.petition).state == "delivered"
    assert sum("in default" in subject for subject in subjects(world, "alice")) == 1
    assert differences() == []


def test_the_borrower_is_reminded_four_times_and_never_of_what_is_paid(
    borrowing: Borrowing, world: World
) -> None:
    borrowing.run()
    first, second, _third = borrowing.instalments

    def reminders() -> int:
        world.work()
        return sum(letter.cause.startswith("instalment-") for letter in world.letters("organizer"))

    borrowing.until(first, days=-8)
    assert reminders() == 0
    for days, expected in ((-7, 1), (-1, 1), (0, 2), (1, 2), (3, 3), (14, 4), (20, 4)):
        borrowing.until(first, days=days)
        assert reminders() == expected, days
    borrowing.repay(20_000)
    borrowing.until(second, days=14)
    assert reminders() == 4


def test_points_come_with_instalments_on_time_alone(borrowing: Borrowing, world: World) -> None:
    borrowing.run()

    def earned(name: str, reason: str) -> int:
        person_id = world.person(name).id
        rows = db.session.query(PointRow).filter_by(person_id=person_id, reason=reason).all()
        return sum(row.mp for row in rows)

    borrowing.repay(10_000)
    effort = {"alice": 4_472, "bob": 3_162}
    for name, mp in effort.items():
        assert earned(name, "instalment_lent") == (mp - mp // 2) // 3
    assert earned("organizer", "instalment_paid") == sum(mp // 2 // 3 for mp in effort.values())
    borrowing.until(borrowing.instalments[1], seconds=1)
    before = earned("alice", "instalment_lent")
    borrowing.repay(10_000)
    assert earned("alice", "instalment_lent") == before
    borrowing.repay(10_000)
    whole = effort["alice"] - effort["alice"] // 2
    assert earned("alice", "instalment_lent") == before + whole - 2 * (whole // 3)


def ask_for_time(
    borrowing: Borrowing, world: World, instalments: int = 4, name: str = "organizer"
) -> Proposal:
    person_id, key = world.person(name).id, uuid4().hex
    return run_tx(
        lambda: propose(
            borrowing.petition.id, person_id, instalments=instalments, first_after=2, reason="아파요", key=key
        )
    )


def vote(borrowing: Borrowing, world: World, proposal: Proposal, **choices: str) -> None:
    borrowing.later.move_to(proposal.opens_at + timedelta(minutes=1))
    world.work()
    for name, choice in choices.items():
        person_id = world.person(name).id
        run_tx(lambda person_id=person_id, choice=choice: cast(proposal.id, person_id, choice, uuid4().hex))  # type: ignore[misc]
    borrowing.later.move_to(proposal.ends_at + timedelta(minutes=1))
    world.work()
    world.work()


def test_lenders_accept_another_schedule_of_the_rest(borrowing: Borrowing, world: World) -> None:
    borrowing.run()
    borrowing.repay(14_000)
    proposal = ask_for_time(borrowing, world)
    with pytest.raises(Refusal, match="asked already"):
        ask_for_time(borrowing, world, 7)
    vote(borrowing, world, proposal, alice="yes")
    open_now = [duty for duty in borrowing.instalments if duty.state == "open"]
    assert [duty.amount for duty in open_now] == [4_000] * 4
    assert [duty.state for duty in borrowing.instalments if duty.state != "open"] == [
        "kept",
        "waived",
        "waived",
    ]
    assert not run_tx(lambda: carry_out(proposal.id))
    assert sum("schedule has changed" in subject for subject in subjects(world, "alice")) == 1
    borrowing.repay(16_000)
    assert borrowing.loan.repaid_at is not None
    assert differences() == []


def test_a_rejected_schedule_changes_nothing(borrowing: Borrowing, world: World) -> None:
    borrowing.run()
    before = [(duty.id, duty.due_at) for duty in borrowing.instalments]
    vote(borrowing, world, ask_for_time(borrowing, world), alice="no", bob="yes")
    assert [(duty.id, duty.due_at) for duty in borrowing.instalments] == before
    assert differences() == []


def test_only_the_borrower_asks_and_only_while_it_makes_sense(borrowing: Borrowing, world: World) -> None:
    borrowing.run()
    with pytest.raises(Refusal, match="Only the borrower"):
        ask_for_time(borrowing, world, name="alice")
    with pytest.raises(Refusal, match="whole number"):
        ask_for_time(borrowing, world, 121)
    borrowing.until(borrowing.instalments[0], days=181)
    with pytest.raises(Refusal, match="has defaulted"):
        ask_for_time(borrowing, world)
    borrowing.repay(30_000)
    with pytest.raises(Refusal, match="nothing to reschedule"):
        ask_for_time(borrowing, world)
