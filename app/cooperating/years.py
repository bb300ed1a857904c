"""Fiscal years: they end with a month, at midnight in Seoul. Pure.

A year is named by the moment it is over: the first one of the month after.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from app.clock import SEOUL


def year_end(at: datetime, month: int) -> datetime:
    """When the fiscal year that ``at`` lies in is over; ``month`` (1 to 12) is its last."""
    here = at.astimezone(SEOUL)
    end = datetime(here.year, month % 12 + 1, 1, tzinfo=SEOUL)
    if month == 12:
        end = end.replace(year=here.year + 1)
    return end if end > here else end.replace(year=end.year + 1)


def years_over(began: datetime, now: datetime, month: int) -> list[datetime]:
    """The ends of the fiscal years since ``began`` that are over, the first one first."""
    ends = [year_end(began, month)]
    while ends[-1] <= now:
        ends.append(year_end(ends[-1], month))
    return ends[:-1]


def last_day(end: datetime) -> datetime:
    """The last day of the year that is over at ``end``, for saying it."""
    return end.astimezone(SEOUL) - timedelta(days=1)
