"""The calendar of monthly charges: which month a moment belongs to, when it is told and when it is charged.

A month is a whole number, twelve times the year and the month from 0, so that the next one is always one
more. It is the calendar month in Seoul, whatever the clock of the machine says; it is charged from its first
moment on. Nothing here asks what day somebody joined, so no month is too short for anybody. Pure.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from app.clock import SEOUL

NOTICE: Final = timedelta(days=7)
"""How long before a month begins its sums are told."""
SHORTEST_NOTICE: Final = timedelta(days=3)
"""Told later than this before the month, a sum may not be higher than the last one."""

TRY_AFTER: Final = (2, 4, 9, 14, 19)
"""Days after the first try of the 1st: the 3rd, 5th, 10th, 15th and 20th."""
MOST_TRIES: Final = len(TRY_AFTER) + 1


def month_of(at: datetime) -> int:
    """The month in Seoul that a moment belongs to."""
    there = at.astimezone(SEOUL)
    return there.year * 12 + there.month - 1


def starts_at(month: int) -> datetime:
    """The first moment of a month."""
    return datetime(month // 12, month % 12 + 1, 1, tzinfo=SEOUL)


def told_at(month: int) -> datetime:
    """When the sums of a month are told to those who pay them."""
    return starts_at(month) - NOTICE


def first_month(began: datetime) -> int:
    """The first month that somebody who begins at this moment pays for: the next one."""
    return month_of(began) + 1


def told_month(at: datetime) -> int:
    """The last month whose sums have been due to be told at this moment."""
    return month_of(at + NOTICE)


def joining_month(at: datetime) -> int:
    """The first month that somebody pays for who joins others at this moment: the next whose sums are not
    due to be told."""
    return told_month(at) + 1


def in_good_time(month: int, at: datetime) -> bool:
    """Whether somebody told at this moment can still cancel before the month begins."""
    return at <= starts_at(month) - SHORTEST_NOTICE


def written(month: int) -> str:
    """A month as addresses, files and keys carry it: 2026-12."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def read(text: str) -> int:
    """The month of what :func:`written` wrote."""
    year, number = text.split("-")
    return int(year) * 12 + int(number) - 1


def next_try(first: datetime, failures: int, at: datetime) -> datetime | None:
    """When a charge that failed so many times is tried again; None after the sixth failure.

    ``first`` is the moment of the first try. A try that was late does not make the next one hurry: there is
    a day between any two.
    """
    if failures >= MOST_TRIES:
        return None
    there = first.astimezone(SEOUL)
    midnight = there.replace(hour=0, minute=0, second=0, microsecond=0)
    return max(midnight + timedelta(days=TRY_AFTER[failures - 1]), at + timedelta(days=1))


def last_try(month: int) -> datetime:
    """The end of the day of the last try of a month's charge: the 21st begins."""
    return starts_at(month) + timedelta(days=TRY_AFTER[-1] + 1)
