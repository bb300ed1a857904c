"""By the calendar alone: late, delinquent after 30 days, defaulted after 180 days without payment."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.clock import SEOUL
from app.lending.standing import Instalment, next_change, reminders, stand, still_timely
from app.pledges.kinds.repaying import due_days

BEGAN = datetime(2026, 1, 31, 3, tzinfo=UTC)
PLAN = [Instalment(250_000, due) for due in due_days(BEGAN, 12, 1)]
FIRST = PLAN[0].due
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("paid", "after", "state", "arrears"),
    [
        (0, timedelta(0), "current", 0),
        (0, SECOND, "late", 250_000),
        (100_000, SECOND, "late", 150_000),
        (250_000, SECOND, "current", 0),
        (0, timedelta(days=30) - SECOND, "late", 250_000),
        (0, timedelta(days=30), "delinquent", 250_000),
        (250_000, timedelta(days=30), "current", 0),
        (0, timedelta(days=180) - SECOND, "delinquent", 1_500_000),
        (0, timedelta(days=180), "defaulted", 1_500_000),
        (3_000_000, timedelta(days=900), "repaid", 0),
        (2_999_999, timedelta(days=900), "defaulted", 1),
    ],
)
def test_the_calendar_says_how_a_loan_stands(paid: int, after: timedelta, state: str, arrears: int) -> None:
    now = stand(PLAN, paid, None, FIRST + after)
    assert (now.state, now.arrears) == (state, arrears)


def test_a_payment_starts_the_hundred_and_eighty_days_anew() -> None:
    paid_at = FIRST + timedelta(days=170)
    assert stand(PLAN, 1, paid_at, FIRST + timedelta(days=200)).state == "delinquent"
    assert stand(PLAN, 1, paid_at, paid_at + timedelta(days=180)).state == "defaulted"


def test_a_payment_before_it_was_due_delays_no_default() -> None:
    early = FIRST - timedelta(days=20)
    assert stand(PLAN, 1, early, FIRST + timedelta(days=180)).state == "defaulted"


def test_what_is_missing_names_the_first_open_instalment() -> None:
    now = stand(PLAN, 600_000, BEGAN, PLAN[1].due)
    assert (now.next, now.missing, now.arrears) == (PLAN[2], 150_000, 0)


@settings(max_examples=100, deadline=None)
@given(
    st.integers(0, 3_100_000),
    st.integers(0, 700),
    st.integers(0, 700),
)
def test_arrears_are_what_fell_due_and_was_not_paid(paid: int, day: int, paid_day: int) -> None:
    at = BEGAN + timedelta(days=max(day, paid_day))
    last = BEGAN + timedelta(days=paid_day) if paid else None
    now = stand(PLAN, paid, last, at)
    assert now.due == sum(step.amount for step in PLAN if step.due < at)
    assert now.arrears == max(0, now.due - paid)
    assert (now.arrears > 0) == (now.state in {"late", "delinquent", "defaulted"})
    assert (now.state == "repaid") == (paid >= 3_000_000)
    change = next_change(PLAN, paid, last, at)
    if change is not None:
        assert change > at
        assert stand(PLAN, paid, last, change - timedelta(microseconds=1)).state == now.state
        assert stand(PLAN, paid, last, change).state != now.state
    else:
        assert now.state in {"defaulted", "repaid"}


def test_reminders_come_a_week_before_on_the_day_and_twice_after_it() -> None:
    mornings = dict(reminders(FIRST))
    assert [moment.astimezone(SEOUL).isoformat()[:16] for moment in mornings.values()] == [
        "2026-02-21T09:00",
        "2026-02-28T09:00",
        "2026-03-03T09:00",
        "2026-03-14T09:00",
    ]
    assert list(mornings) == [-7, 0, 3, 14]
    for offset, moment in mornings.items():
        assert [other for other in mornings if still_timely(FIRST, other, moment)] == [offset]
    assert not any(still_timely(FIRST, offset, mornings[-7] - SECOND) for offset in mornings)
