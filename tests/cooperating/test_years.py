"""Fiscal years end at midnight in Seoul, whatever the month is long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.clock import SEOUL
from app.cooperating.years import last_day, year_end, years_over

moments = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
months = st.integers(1, 12)


@pytest.mark.parametrize(
    ("at", "month", "end"),
    [
        ("2026-12-31T23:59:59+09:00", 12, "2027-01-01"),
        ("2026-12-31T15:00:00+00:00", 12, "2028-01-01"),
        ("2027-01-01T00:00:00+09:00", 12, "2028-01-01"),
        ("2028-02-29T12:00:00+09:00", 2, "2028-03-01"),
        ("2026-03-31T23:59:59+09:00", 3, "2026-04-01"),
        ("2026-04-01T00:00:00+09:00", 3, "2027-04-01"),
    ],
)
def test_year_is_over_at_midnight_in_seoul(at: str, month: int, end: str) -> None:
    assert year_end(datetime.fromisoformat(at), month) == datetime.fromisoformat(f"{end}T00:00:00+09:00")


@given(moments, months)
def test_every_moment_lies_in_one_year(at: datetime, month: int) -> None:
    end = year_end(at, month)
    assert at < end <= at + timedelta(days=366)
    assert last_day(end).month == month
    assert year_end(end - timedelta(microseconds=1), month) == end


@given(moments, moments, months)
def test_years_that_are_over_are_never_skipped_or_doubled(a: datetime, b: datetime, month: int) -> None:
    began, now = sorted((a, b))
    ends = years_over(began, now, month)
    assert all(began < end <= now for end in ends)
    assert len({end.astimezone(SEOUL).year for end in ends}) == len(ends)
    assert year_end(now, month) not in ends
    expected = year_end(now, month).year - year_end(began, month).year
    assert len(ends) == expected
