"""Booking: once per key however many try, and never changed or deleted again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DatabaseError

from app import clock
from app.db import db, new_id, run_tx
from app.ledger import booking
from app.ledger.booking import balances, book, open_accounts, totals, unbalanced_journals
from app.ledger.entries import Booking, Line, Unbalanced, captured, payout_approved, refund_decided, tipped
from app.ledger.models import Account, Journal, Posting
from tests.races.crowd import all_at_once

OWNER, PLEDGE, OTHER = (str(UUID(int=number)) for number in range(3))


def count(model: type) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def one_sided(key: str) -> None:
    """A journal written past the single insert path, with one posting and nothing against it."""
    account = open_accounts(captured(OWNER, PLEDGE, "KRW", 1))[OWNER, "clearing"]
    journal = new_id()
    db.session.execute(
        sa.insert(Journal).values(
            id=journal, key=key, cause="theft", owner=OWNER, subject_id=PLEDGE, at=clock.now()
        )
    )
    db.session.execute(
        sa.insert(Posting).values(id=new_id(), journal_id=journal, account_id=account, amount=5)
    )


@pytest.mark.usefixtures("context")
class TestBooking:
    def test_the_same_key_books_once(self) -> None:
        entry = captured(OWNER, PLEDGE, "KRW", 10_000)
        assert [run_tx(lambda: book(entry)) for _time in range(3)] == [True, False, False]
        assert balances(OWNER)["escrow"] == 10_000
        assert (count(Journal), count(Posting)) == (1, 2)

    def test_a_journal_rolled_back_leaves_nothing(self) -> None:
        def fail() -> None:
            book(captured(OWNER, PLEDGE, "KRW", 1))
            raise LookupError

        with pytest.raises(LookupError):
            run_tx(fail)
        assert (count(Journal), count(Posting), count(Account)) == (0, 0, 0)

    def test_currencies_are_kept_apart(self) -> None:
        run_tx(lambda: book(captured(OWNER, PLEDGE, "KRW", 1_000)))
        run_tx(lambda: book(captured(OWNER, OTHER, "USD", 7)))
        assert totals([OWNER]) == {(OWNER, "KRW"): {"capture": 1_000}, (OWNER, "USD"): {"capture": 7}}
        assert unbalanced_journals() == []

    def test_an_unbalanced_booking_is_refused_before_anything_is_written(self) -> None:
        bad = Booking("k", "theft", OWNER, PLEDGE, "KRW", (Line("clearing", 2), Line("escrow", -1)))
        with pytest.raises(Unbalanced):
            run_tx(lambda: book(bad))
        assert count(Journal) == 0

    def test_the_largest_amounts_add_up(self) -> None:
        for number in range(5):
            run_tx(partial(book, captured(OWNER, str(UUID(int=number)), "KRW", 10**12)))
        assert balances(OWNER)["clearing"] == 5 * 10**12


@pytest.mark.usefixtures("context")
class TestAppendOnly:
    @pytest.mark.parametrize("table", ["journal", "posting"])
    @pytest.mark.parametrize(
        "statement", ["UPDATE {} SET id = id", "DELETE FROM {}"], ids=["update", "delete"]
    )
    def test_what_is_written_stays(self, table: str, statement: str) -> None:
        run_tx(lambda: book(captured(OWNER, PLEDGE, "KRW", 10_000)))
        with pytest.raises(DatabaseError, match="append-only"):
            run_tx(lambda: db.session.execute(sa.text(statement.format(table))))
        assert balances(OWNER)["escrow"] == 10_000

    def test_replacing_a_row_is_refused_on_sqlite_too(self) -> None:
        if db.engine.dialect.name != "sqlite":
            return
        run_tx(lambda: book(captured(OWNER, PLEDGE, "KRW", 10_000)))
        with pytest.raises(DatabaseError, match="append-only"):
            run_tx(
                lambda: db.session.execute(
                    sa.text(
                        "INSERT OR REPLACE INTO posting SELECT id, journal_id, account_id, 1 FROM posting"
                    )
                )
            )

    def test_postgresql_refuses_a_posting_to_a_journal_of_before(self) -> None:
        """What was booked stays what was booked; on SQLite the audit names the journal."""
        run_tx(lambda: book(captured(OWNER, PLEDGE, "KRW", 5)))
        run_tx(lambda: book(tipped(OWNER, PLEDGE, "KRW", 1)))
        journal = db.session.scalars(sa.select(Journal.id).where(Journal.cause == "capture")).one()
        account = db.session.scalars(sa.select(Account.id).where(Account.kind == "tips")).one()
        late = sa.insert(Posting).values(id=new_id(), journal_id=journal, account_id=account, amount=1)
        if db.engine.dialect.name == "postgresql":
            with pytest.raises(DatabaseError, match="is closed"):
                run_tx(lambda: db.session.execute(late))
            assert unbalanced_journals() == []
            return
        run_tx(lambda: db.session.execute(late))
        assert [key for key, _currency, _rest in unbalanced_journals()] == [f"capture-{PLEDGE}"]

    def test_postgresql_refuses_an_unbalanced_journal_at_commit(self) -> None:
        """SQLite has no deferred triggers: there the audit names the journal."""
        if db.engine.dialect.name == "postgresql":
            with pytest.raises(DatabaseError, match="does not balance"):
                run_tx(lambda: one_sided("theft"))
            assert count(Journal) == 0
            return
        run_tx(lambda: one_sided("theft"))
        assert unbalanced_journals() == [("theft", "KRW", 5)]


def race(app: Flask) -> list[object]:
    entry = captured(OWNER, PLEDGE, "KRW", 10_000)
    return list(all_at_once(app, [partial(run_tx, partial(book, entry))] * 8))


@pytest.mark.usefixtures("context")
def test_eight_at_once_book_once(app: Flask) -> None:
    assert sorted(map(str, race(app))) == ["False"] * 7 + ["True"]
    assert balances(OWNER)["escrow"] == 10_000


@pytest.mark.usefixtures("context")
def test_without_its_key_every_one_of_them_books(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def keyless(model: type, values: dict[str, object]) -> bool:
        return insert(model, values | ({"key": new_id()} if model is Journal else {}))  # type: ignore[arg-type]

    insert: Callable[..., bool] = booking.insert_unless_there
    run_tx(lambda: open_accounts(captured(OWNER, PLEDGE, "KRW", 1)))
    monkeypatch.setattr(booking, "insert_unless_there", keyless)
    race(app)
    assert balances(OWNER)["escrow"] == 80_000


@pytest.mark.usefixtures("context")
@settings(
    max_examples=15,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
)
@given(
    st.lists(
        st.tuples(st.sampled_from([captured, payout_approved, refund_decided]), st.integers(1, 10**12)),
        max_size=6,
    )
)
def test_balances_are_the_sums_of_the_postings(
    history: list[tuple[Callable[[str, str, str, int], Booking], int]],
) -> None:
    """[1, 2] for any history, told twice."""
    owner = new_id()
    entries = [
        event(owner, str(UUID(int=number)), "KRW", amount) for number, (event, amount) in enumerate(history)
    ]
    keyed = [
        Booking(f"{owner}-{entry.key}", entry.cause, owner, entry.subject_id, "KRW", entry.lines)
        for entry in entries
    ]
    for _time in range(2):
        run_tx(lambda: [book(entry) for entry in keyed])
    taken = sum(amount for event, amount in history if event is captured)
    owed = sum(amount for event, amount in history if event is not captured)
    held = balances(owner)
    assert (held["clearing"], held["escrow"]) == (taken, taken - owed)
    assert unbalanced_journals() == []
    db.session.rollback()
