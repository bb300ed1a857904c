"""What went wrong elsewhere, as far as months go: each guard at work, and what happens without it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from uuid import uuid4

import pytest
import structlog

from app.db import db, run_tx
from app.errors import Trouble
from app.ledger.booking import balances
from app.payments.models import Charge
from app.pledges.kinds.months import month_of
from app.pledges.models import Pledge
from app.subscribing import beginning, billing, carefully, ending, sweeping
from app.subscribing.auditing import CHECKS
from app.subscribing.billing import ask_for, month_failed, month_paid
from app.subscribing.models import Bill
from tests.races.crowd import all_at_once, errors
from tests.world import World

from .months import at, bills, charged, day, months, own_bill, subscribed, work_at

PATRONS = [("alice", 10_000, "pm_ok"), ("bob", 10_000, "pm_ok"), ("junho", 10_000, "pm_ok")]


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Trouble that is asked for is not news."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.reset_defaults()


def audited() -> list[str]:
    db.session.rollback()
    return [found for check in CHECKS for found in check()]


def look(world: World, moment: Any) -> Callable[[], None]:
    def deed() -> None:
        with at(moment):
            sweeping.sweep()

    return deed


def test_a_monthly_job_that_runs_six_times_at_once_charges_everybody_once(world: World) -> None:
    petition, _ = subscribed(world, PATRONS)
    work_at(world, day(-1, 24))
    deeds = [look(world, day(0, 1))] * 6
    assert errors(all_at_once(world.app, deeds)) == []
    work_at(world, day(0, 1, 9), day(0, 1, 10))
    assert charged(world, petition) == 30_000
    assert audited() == []


class TestTheSameBillAskedForTwice:
    """Two runs that both saw the bill as due: its state stops the second, and else its key does."""

    def asked_twice(self, world: World) -> int:
        petition, pledges = subscribed(world, PATRONS[:1])
        with at(day(-1, 24)):
            sweeping.run_due_months()
        with at(day(0, 1)):
            sweeping.run_due_months()
            bill_id = own_bill(pledges["alice"]).id
            run_tx(lambda: ask_for(pledges["alice"]))
            run_tx(lambda: forget_that_it_was_asked(bill_id))
            run_tx(lambda: ask_for(pledges["alice"]))
        work_at(world, day(0, 1, 10))
        return charged(world, petition)

    def test_is_charged_once(self, world: World) -> None:
        assert self.asked_twice(world) == 10_000

    def test_is_charged_twice_with_a_fresh_key(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(billing, "key_of", lambda _bill: uuid4().hex)
        assert self.asked_twice(world) == 20_000
        assert any("was charged 2 times" in found for found in audited())


def forget_that_it_was_asked(bill_id: str) -> None:
    bill = db.session.get_one(Bill, bill_id)
    bill.state, bill.next_try_at = "due", bill.made_at


def test_one_poisoned_patron_would_stop_everybody_where_all_share_one_transaction(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With their own ones nobody is stopped: see the run."""

    def together(ids: Sequence[str], verb: Callable[[str], object], _step: str) -> None:
        run_tx(lambda: [verb(pledge_id) for pledge_id in ids])

    monkeypatch.setattr(billing, "do_in_batches", together)
    petition, pledges = subscribed(world, PATRONS)
    run_tx(lambda: setattr(db.session.get_one(Pledge, pledges["bob"]), "payment_method_id", None))
    with pytest.raises(Trouble):
        work_at(world, day(-1, 24), day(0, 1))
    assert charged(world, petition) == 0


def test_set_up_a_minute_before_the_month_ends_would_be_charged_twice_if_that_month_counted(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """31 January, 23:59 in Seoul; with the rule as it is it is charged once: see the run."""
    monkeypatch.setattr(beginning, "first_month", month_of)
    petition, _ = subscribed(world, PATRONS[:1], began=day(1, 31, 23).replace(minute=59))
    work_at(world, day(2, 1, 0), day(2, 1, 1))
    assert charged(world, petition) == 20_000


def test_an_answer_that_comes_three_times_is_one_payment(world: World) -> None:
    petition, pledges = subscribed(world, PATRONS[:1])
    work_at(world, day(-1, 24), day(0, 1))
    charge_id = db.session.query(Charge.id).scalar()
    with at(day(0, 1, 10)):
        assert not month_paid(charge_id)
        assert not month_failed(charge_id)
    assert bills(pledges["alice"]) == [(10_000, "paid")]
    assert balances(petition.id)["escrow"] == 10_000


def test_a_failure_that_is_told_again_during_the_next_try_counts_once(world: World) -> None:
    _, pledges = subscribed(world, [("alice", 10_000, "pm_declined_on_hold")])
    work_at(world, day(-1, 24), day(0, 1))
    first = db.session.query(Charge.id).scalar()
    with at(day(0, 3)):
        run_tx(lambda: ask_for(pledges["alice"]))
        assert not month_failed(first)
    assert own_bill(pledges["alice"]).failures == 1


class TestCancellingAPaidMonth:
    """What was paid is on record whatever its person does afterwards."""

    def after_cancelling(self, world: World) -> list[tuple[int, str]]:
        _, pledges = subscribed(world, PATRONS[:1])
        work_at(world, day(-1, 24), day(0, 1))
        with at(day(0, 2)):
            run_tx(lambda: ending.cancel(pledges["alice"]))
        assert months(pledges["alice"]) == {0: 10_000}
        return bills(pledges["alice"])

    def test_keeps_the_payment(self, world: World) -> None:
        assert self.after_cancelling(world) == [(10_000, "paid")]
        assert audited() == []

    def test_would_lose_it_if_every_bill_were_let_go(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def any_bill(pledge_id: str) -> Bill:
            bill = db.session.query(Bill).filter_by(pledge_id=pledge_id).one()
            bill.state = "due"
            return bill

        monkeypatch.setattr(ending, "open_bill", any_bill)
        assert self.after_cancelling(world) == [(10_000, "let_go")]
        assert audited() != []


def test_a_run_killed_after_each_patron_ends_where_one_in_a_piece_ends(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after every single commit of the run, and begun again each time."""
    petition, _ = subscribed(world, PATRONS)
    work_at(world, day(-1, 24))
    monkeypatch.setattr(carefully, "BATCH", 1)
    done = run_tx
    allowed = 0

    def mortal(verb: Callable[[], Any]) -> Any:
        nonlocal allowed
        if allowed == 0:
            raise KeyboardInterrupt
        allowed -= 1
        return done(verb)

    monkeypatch.setattr(carefully, "run_tx", mortal)
    for _ in range(8):
        allowed = 1
        try:
            look(world, day(0, 1))()
        except KeyboardInterrupt:
            continue
    monkeypatch.setattr(carefully, "run_tx", done)
    work_at(world, day(0, 1, 10))
    assert charged(world, petition) == 30_000
    assert audited() == []
