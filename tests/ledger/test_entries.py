"""Entries: whatever happens to an action, every journal sums to zero, every account says what it should."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ledger import entries
from app.ledger.entries import ACCOUNTS, Booking, Line, Unbalanced, balance, check_balanced, move

AMOUNTS = st.integers(1, 10**12)
EVENTS = {
    "capture": entries.captured,
    "payout_due": entries.payout_approved,
    "payout": entries.paid_out,
    "refund_due": entries.refund_decided,
    "refund": entries.refunded,
}
HISTORIES = st.lists(st.tuples(st.sampled_from(sorted(EVENTS)), AMOUNTS), max_size=30)


def held_after(bookings: list[Booking]) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for booking in bookings:
        for line in booking.lines:
            sums[line.account] += line.amount
    return {kind: balance(kind, sums[kind]) for kind in ACCOUNTS}


@given(HISTORIES)
def test_every_event_balances_and_says_what_it_is(history: list[tuple[str, int]]) -> None:
    bookings = [EVENTS[cause]("action", f"it-{i}", "KRW", n) for i, (cause, n) in enumerate(history)]
    for booking, (cause, amount) in zip(bookings, history, strict=True):
        check_balanced(booking)
        assert booking.cause == cause
        assert sorted(line.amount for line in booking.lines) == [-amount, amount]
        assert booking.subject_id in booking.key


@given(HISTORIES)
def test_the_gateway_holds_what_somebody_is_owed(history: list[tuple[str, int]]) -> None:
    """[5, 6] clearing = escrow + payouts due + refunds due = captured - refunded - paid out, always."""
    held = held_after([EVENTS[cause]("action", str(i), "KRW", n) for i, (cause, n) in enumerate(history)])
    turnover: Counter[str] = Counter()
    for cause, amount in history:
        turnover[cause] += amount
    assert held["clearing"] == turnover["capture"] - turnover["refund"] - turnover["payout"]
    assert held["clearing"] == held["escrow"] + held["payouts_due"] + held["refunds_due"]
    assert held["escrow"] == turnover["capture"] - turnover["payout_due"] - turnover["refund_due"]


@given(st.permutations(HISTORY := [("capture", 7), ("payout_due", 3), ("payout", 3), ("refund_due", 4)]))
def test_the_order_of_events_changes_nothing(history: list[tuple[str, int]]) -> None:
    def after(events: list[tuple[str, int]]) -> dict[str, int]:
        return held_after([EVENTS[cause]("action", cause, "KRW", amount) for cause, amount in events])

    expected = dict.fromkeys(ACCOUNTS, 0) | {"clearing": 4, "refunds_due": 4}
    assert after(history) == after(HISTORY) == expected


@given(st.sampled_from(sorted(EVENTS)), st.integers(-(10**12), 0))
def test_nothing_and_less_than_nothing_is_refused(cause: str, amount: int) -> None:
    with pytest.raises(Unbalanced):
        EVENTS[cause]("action", "pledge", "KRW", amount)


@pytest.mark.parametrize(
    ("debit", "credit"), [("escrow", "escrow"), ("escrow", "pocket"), ("pocket", "escrow")]
)
def test_money_moves_between_two_known_accounts(debit: str, credit: str) -> None:
    with pytest.raises(Unbalanced):
        move("k", "theft", "action", "pledge", "KRW", debit=debit, credit=credit, amount=1)


@pytest.mark.parametrize(
    "lines",
    [
        (("clearing", 2), ("escrow", -1)),
        (("clearing", 0), ("escrow", 0)),
        (("clearing", 1), ("clearing", -1)),
        (("clearing", 1), ("clearing", -1, "action")),
        (("clearing", 1), ("pocket", -1)),
        (("clearing", 1),),
    ],
)
def test_what_makes_or_loses_money_is_refused(lines: tuple[tuple[str, int], ...]) -> None:
    with pytest.raises(Unbalanced):
        check_balanced(Booking("k", "theft", "action", "pledge", "KRW", tuple(Line(*line) for line in lines)))


def test_each_event_of_each_subject_has_a_key_of_its_own() -> None:
    keys = [event("action", subject, "KRW", 1).key for event in EVENTS.values() for subject in ("a", "b")]
    assert len(set(keys)) == 2 * len(EVENTS)
