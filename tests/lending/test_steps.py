"""The steps of a loan: before the money leaves they may stop it, afterwards it is owed whatever they say."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from app.actions.forgetting import running_actions
from app.actions.locking import lock_action
from app.actions.milestones import end_vote
from app.actions.models import Milestone, Payout
from app.actions.paying import propose_disbursement
from app.actions.payouts import call_off
from app.actions.stopping import stop
from app.actions.sweeping import sweep
from app.db import db, new_id, run_tx
from app.errors import Refusal
from app.ledger.booking import balances, book
from app.ledger.entries import move
from app.lending.auditing import reserves_stay_while_loans_run
from app.pools import auditing
from app.pools.ending import end_due, end_pools, return_rest
from app.pools.models import Pool
from app.web.tokens import make_token
from tests.actions.stages import approve_payouts, cast, claim_step, name_payee, read
from tests.lending.borrowing import LENDERS, Borrowing, differences
from tests.pools.sponsors import deposit
from tests.world import World


def lent_with_reserve(borrowing: Borrowing, world: World, reserve: int = 5_000) -> tuple[Pool, list[str]]:
    """A loan of 30,000 in three instalments, collected and not paid out, with a plan and a real reserve."""
    petition = borrowing.ask()
    steps = world.plan(petition, 60, 40)
    pool = deposit(world, petition, reserve, "carol")
    borrowing.lend(*LENDERS)
    borrowing.fire()
    world.work()
    return pool, steps


def reject(world: World, step: str) -> None:
    claim_step(world, step)
    cast(world, step, False, "alice", "bob")
    world.work()
    world.work()


def troubles() -> list[str]:
    return [*differences(), *(line for check in auditing.CHECKS for line in check())]


def test_a_rejected_step_does_not_stop_a_loan_and_its_reserve_covers_the_default(
    borrowing: Borrowing, world: World
) -> None:
    pool, (first, _last) = lent_with_reserve(borrowing, world)
    borrowing.pay_out()
    reject(world, first)
    assert db.session.get_one(Milestone, first).state == "rejected"
    assert world.action(borrowing.petition).state == "underway"
    assert end_due() == 0
    assert (world.fresh(pool).state, balances(borrowing.petition.id)["pool"]) == ("lying", 5_000)
    assert borrowing.purse("carol") == 0
    borrowing.repay(10_000)
    borrowing.until(borrowing.instalments[1], days=180)
    world.work()
    loan = borrowing.loan
    assert loan.defaulted_at is not None
    assert (loan.drawn, loan.to_lenders) == (5_000, 15_000)
    assert (borrowing.purse("alice"), borrowing.purse("bob")) == (10_000, 5_000)
    assert world.fresh(pool).state == "returned"
    assert borrowing.purse("carol") == 0
    assert troubles() == []


def test_between_approval_and_payment_a_loan_is_not_stopped_either(
    borrowing: Borrowing, world: World
) -> None:
    pool, (first, _last) = lent_with_reserve(borrowing, world)
    name_payee(world)
    approve_payouts(world)
    claim_step(world, first)
    cast(world, first, False, "alice", "bob")
    world.work()
    world.work()
    assert world.action(borrowing.petition).state == "underway"
    assert borrowing.loan.lent == 30_000
    assert world.fresh(pool).state == "lying"
    assert troubles() == []


def test_before_the_approval_a_rejected_step_gives_everything_back(
    borrowing: Borrowing, world: World
) -> None:
    pool, (first, _last) = lent_with_reserve(borrowing, world)
    reject(world, first)
    assert world.action(borrowing.petition).state == "stopped"
    assert db.session.query(Payout).count() == 0
    assert (world.fresh(pool).state, borrowing.purse("carol")) == ("returned", 5_000)
    assert set(balances(borrowing.petition.id).values()) == {0}
    assert troubles() == []


def test_after_a_rejected_step_the_next_may_be_shown(borrowing: Borrowing, world: World) -> None:
    _pool, (first, last) = lent_with_reserve(borrowing, world)
    borrowing.pay_out()
    reject(world, first)
    claim_step(world, last)
    cast(world, last, True, "alice", "bob")
    assert world.action(borrowing.petition).state == "underway"


def test_paid_back_whole_it_is_delivered_whatever_steps_are_left(borrowing: Borrowing, world: World) -> None:
    pool, (_first, _last) = lent_with_reserve(borrowing, world)
    borrowing.pay_out()
    borrowing.repay(30_000)
    world.work()
    assert world.action(borrowing.petition).state == "delivered"
    assert (world.fresh(pool).state, borrowing.purse("carol")) == ("returned", 5_000)
    assert troubles() == []


def test_an_accepted_step_delivers_no_loan_that_was_not_paid_out(borrowing: Borrowing, world: World) -> None:
    _pool, (first, last) = lent_with_reserve(borrowing, world)
    for step in (first, last):
        claim_step(world, step)
        cast(world, step, True, "alice", "bob")
    assert world.action(borrowing.petition).state == "underway"


def test_a_vote_that_is_on_is_counted_before_the_loan_is_delivered(
    borrowing: Borrowing, world: World
) -> None:
    _pool, (first, _last) = lent_with_reserve(borrowing, world)
    borrowing.pay_out()
    claim_step(world, first)
    borrowing.repay(30_000)
    assert world.action(borrowing.petition).state == "underway"
    borrowing.later.shift(timedelta(days=8))
    world.work()
    assert db.session.get_one(Milestone, first).state == "accepted"
    assert world.action(borrowing.petition).state == "delivered"


def test_a_vote_on_an_action_that_ended_is_left_alone(borrowing: Borrowing, world: World) -> None:
    _pool, (first, _last) = lent_with_reserve(borrowing, world)
    borrowing.later.shift(timedelta(days=29))
    claim_step(world, first)
    borrowing.later.shift(timedelta(days=1, hours=1))
    world.work()
    assert world.action(borrowing.petition).state == "stopped"
    with pytest.raises(Refusal, match="is over"):
        cast(world, first, False, "alice")
    borrowing.later.shift(timedelta(days=8))
    assert not run_tx(lambda: end_vote(first))
    assert sweep() == 0


def test_what_was_disbursed_cannot_be_stopped(borrowing: Borrowing, world: World) -> None:
    lent_with_reserve(borrowing, world)
    borrowing.pay_out()

    def halt() -> None:
        action = lock_action(borrowing.petition.id)
        assert action is not None
        stop(action, reason="milestone_rejected")

    with pytest.raises(ValueError, match="disbursed"):
        run_tx(halt)


def test_a_reserve_that_went_back_too_early_is_noticed(borrowing: Borrowing, world: World) -> None:
    """The control: neither the verb nor the audit rests on the action's state alone."""
    pool, _steps = lent_with_reserve(borrowing, world)
    borrowing.pay_out()
    petition_id = borrowing.petition.id
    run_tx(lambda: setattr(lock_action(petition_id), "state", "stopped"))
    assert not run_tx(lambda: end_pools(petition_id))
    assert end_due() == 0
    assert world.fresh(pool).state == "lying"
    assert list(reserves_stay_while_loans_run()) == []
    run_tx(lambda: return_rest(petition_id))
    assert "its reserve went back" in next(reserves_stay_while_loans_run())


def test_who_still_owes_a_loan_is_not_forgotten(borrowing: Borrowing, world: World) -> None:
    lent_with_reserve(borrowing, world)
    borrowing.pay_out()
    borrower = world.person("organizer").id
    petition_id = borrowing.petition.id
    run_tx(lambda: setattr(lock_action(petition_id), "state", "stopped"))
    assert [found.id for found in running_actions(borrower)] == [petition_id]
    run_tx(lambda: setattr(lock_action(petition_id), "state", "underway"))
    borrowing.repay(30_000)
    assert running_actions(borrower) == []


def test_only_what_was_lent_goes_to_the_borrower(borrowing: Borrowing, world: World) -> None:
    """A month of subscriptions lies in the same escrow, and is none of the borrower's."""
    lent_with_reserve(borrowing, world)
    petition_id = borrowing.petition.id
    month = move(
        "month-1", "month", petition_id, new_id(), "KRW", debit="clearing", credit="escrow", amount=15_000
    )

    def propose_again() -> int:
        action = lock_action(petition_id)
        assert action is not None
        assert call_off(db.session.query(Payout).one())
        book(month)
        payout = propose_disbursement(action)
        assert payout is not None
        return payout.amount

    assert run_tx(propose_again) == 30_000
    borrowing.pay_out()
    assert borrowing.loan.lent == 30_000
    assert balances(petition_id)["escrow"] == 15_000


def test_lenders_read_what_their_vote_does(borrowing: Borrowing, world: World, client: FlaskClient) -> None:
    _pool, (first, last) = lent_with_reserve(borrowing, world)
    account, vote = f"/actions/{borrowing.petition.slug}", f"/milestones/{first}/votes"
    assert "goes out in one payment once a second person approves it" in read(client, account)
    claim_step(world, first)
    world.sign_in(client, "alice")
    assert "the action stops and all of it goes back" in read(client, vote)
    borrowing.pay_out()
    assert "is owed to the backers, whatever comes of this vote" in read(client, vote)
    assert "more votes against than for stop" not in read(client, account)
    cast(world, first, False, "alice", "bob")
    world.work()
    assert "The money is owed and paid back all the same." in read(client, vote)
    assert "was paid out. It is over once all of it is paid back." in read(client, account)
    assert any("The loan goes on" in letter.text for letter in world.letters("alice"))
    assert not any("the action stops here" in letter.text.lower() for letter in world.letters("organizer"))
    world.sign_in(client, "organizer")
    desk = client.get(f"/desk/{borrowing.petition.slug}?lang=en").text
    assert f"/milestones/{last}/claim" in desk
    borrowing.repay(30_000)
    assert "Delivered: ₩30,000 was paid out, and all of it was paid back." in read(client, account)
    assert "all of it was paid back" in world.letters("bob")[-1].text


def test_the_way_to_the_loan_from_every_page_of_ones_own(
    borrowing: Borrowing, world: World, client: FlaskClient
) -> None:
    petition = borrowing.ask()
    slug = quote(petition.slug)
    desk, own, pool = f"/desk/{slug}", f"/me/borrowing/{slug}", f"/petitions/{slug}/pool"
    world.sign_in(client, "organizer")
    assert pool in client.get(desk).text
    assert own in client.get(desk).text
    assert pool in client.get(f"/petitions/{slug}").text
    borrowing.lend(*LENDERS)
    borrowing.fire()
    borrowing.pay_out()
    assert "Pay back" in read(client, desk)
    assert own in client.get(desk).text
    token = make_token("pledge", borrowing.pledges[0])
    assert f"/pledges/{token}/loan" in client.get(f"/pledges/{token}").text
    assert read(client, f"/pledges/{token}/loan")
    assert 'href="/me/loans"' in client.get("/me").text
