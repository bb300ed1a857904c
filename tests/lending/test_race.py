"""Two payments for the last won, answers that get lost, a death in the middle: paid once, shared out once."""

from __future__ import annotations

import time
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from app.db import db, run_tx
from app.lending import repaying, splitting
from app.lending.models import Repayment
from app.lending.repaying import begin_repayment, settle_repayment
from app.payments.models import Charge
from tests.lending.borrowing import Borrowing, differences
from tests.races.crowd import all_at_once, errors
from tests.world import World


def without_lock(model: type[Any], key: Any) -> Any:
    return db.session.get_one(model, key, populate_existing=True)


@pytest.mark.parametrize("locked", [True, False])
def test_two_payments_race_for_what_is_owed(
    app: Flask, borrowing: Borrowing, world: World, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    """Without the lock both get through wherever two may write at once; with it one does."""
    borrowing.run()
    borrowing.repay(10_000)
    loan_id, method_id = borrowing.petition.id, str(borrowing.loan.method_id)
    person_id = world.person("organizer").id
    look = repaying.on_its_way

    def look_slowly(loan: str) -> int:
        found = look(loan)
        time.sleep(0.2)
        return found

    monkeypatch.setattr(repaying, "on_its_way", look_slowly)
    if not locked:
        monkeypatch.setattr(repaying, "lock", without_lock)
    db.session.rollback()
    deeds = [
        partial(run_tx, partial(begin_repayment, loan_id, person_id, 20_000, method_id, f"key {number}"))
        for number in range(2)
    ]
    results = all_at_once(app, deeds)
    one_writer = db.engine.dialect.name == "sqlite"
    assert len(errors(results)) == (1 if locked or one_writer else 0)


def test_a_repayment_settled_by_many_at_once_is_shared_out_once(
    app: Flask, borrowing: Borrowing, world: World
) -> None:
    borrowing.run()
    done = borrowing.repay(10_000)
    charge = db.session.scalars(sa.select(Charge).where(Charge.subject_id == done.id)).one()
    db.session.rollback()
    results = all_at_once(app, [partial(run_tx, partial(settle_repayment, charge.id))] * 4)
    assert results == [False] * 4
    assert (borrowing.purse("alice"), borrowing.loan.paid) == (6_667, 10_000)
    assert differences() == []


def test_an_answer_lost_on_the_way_is_looked_up_and_counts_once(borrowing: Borrowing, world: World) -> None:
    borrowing.run()
    repayment = borrowing.repay(10_000, "pm_timeout_after_success")
    assert repayment.state == "started"
    assert borrowing.loan.paid == 0
    borrowing.later.shift(180)
    world.work()
    assert world.fresh(repayment).state == "done"
    assert (borrowing.purse("alice"), borrowing.loan.paid) == (6_667, 10_000)
    assert differences() == []


@pytest.mark.parametrize("guarded", [True, False])
def test_a_death_between_the_split_and_the_commit_changes_nothing(
    borrowing: Borrowing, world: World, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """The split, the counters and the instalments are one transaction; told apart, the books would differ."""
    borrowing.run()
    share_out = splitting.share_out

    def die(*args: Any, **kwargs: Any) -> None:
        share_out(*args, **kwargs)
        if not guarded:
            db.session.commit()
        raise OSError("killed")

    with monkeypatch.context() as patched:
        patched.setattr(repaying, "share_out", die)
        borrowing.repay(10_000)
    found = differences()
    assert (borrowing.loan.paid, borrowing.purse("alice")) == ((0, 0) if guarded else (10_000, 6_667))
    assert (found == []) == guarded
    if guarded:
        borrowing.later.shift(86_400)
        assert any("came in and went nowhere" in line for line in differences())
        borrowing.later.shift(3600)
        world.work()
        assert (borrowing.purse("alice"), borrowing.loan.paid) == (6_667, 10_000)
        assert db.session.query(Repayment).filter_by(state="done").count() == 1
        assert differences() == []
