"""Where a loan stands by the calendar: pure rules over its instalments and what was paid.

Arrears are what fell due and was not paid, whichever instalment it was: ``max(0, due − paid)``. A loan is
late from the end of the day an instalment was due, delinquent thirty days later, and defaulted once nothing
was paid for 180 days of being late.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import accumulate
from typing import Literal

from app.clock import SEOUL

DELINQUENT_AFTER = timedelta(days=30)
DEFAULTED_AFTER = timedelta(days=180)
REMIND_ON = (-7, 0, 3, 14)
"""Days before and after the day an instalment is due on which the borrower is reminded."""
MORNING = time(9, 0)

State = Literal["current", "late", "delinquent", "defaulted", "repaid"]


@dataclass(frozen=True)
class Instalment:
    """``amount`` minor units, to be paid until ``due``."""

    amount: int
    due: datetime


@dataclass(frozen=True)
class Standing:
    """``due`` by now in all and ``arrears`` of it, in minor units; ``since`` is when it became late.

    ``next`` is the first instalment that is not covered yet, with what is missing of it in ``missing``.
    """

    state: State
    due: int
    arrears: int
    since: datetime | None
    next: Instalment | None
    missing: int


def stand(plan: Sequence[Instalment], paid: int, last_paid_at: datetime | None, at: datetime) -> Standing:
    """How a loan with these instalments stands at a moment, after ``paid`` minor units in all."""
    ordered = sorted(plan, key=lambda instalment: instalment.due)
    due = sum(instalment.amount for instalment in ordered if instalment.due < at)
    coming, missing = first_open(ordered, paid)
    if coming is None:
        return Standing("repaid", due, 0, None, None, 0)
    if coming.due >= at:
        return Standing("current", due, 0, None, coming, missing)
    state: State = "late"
    if at >= coming.due + DELINQUENT_AFTER:
        state = "delinquent"
    if at >= silent_since(coming.due, last_paid_at) + DEFAULTED_AFTER:
        state = "defaulted"
    return Standing(state, due, due - paid, coming.due, coming, missing)


def first_open(ordered: Sequence[Instalment], paid: int) -> tuple[Instalment | None, int]:
    """The first instalment that payments in their order do not cover, and what is missing of it."""
    totals = accumulate(instalment.amount for instalment in ordered)
    for instalment, total in zip(ordered, totals, strict=True):
        if total > paid:
            return instalment, min(instalment.amount, total - paid)
    return None, 0


def silent_since(late_since: datetime, last_paid_at: datetime | None) -> datetime:
    """From when on nothing has been paid although something was due."""
    return late_since if last_paid_at is None else max(late_since, last_paid_at)


def next_change(
    plan: Sequence[Instalment], paid: int, last_paid_at: datetime | None, at: datetime
) -> datetime | None:
    """The next moment at which the state changes if nothing more is paid; None when it never does."""
    coming, _missing = first_open(sorted(plan, key=lambda instalment: instalment.due), paid)
    if coming is None:
        return None
    steps = (
        coming.due + timedelta(microseconds=1),
        coming.due + DELINQUENT_AFTER,
        silent_since(coming.due, last_paid_at) + DEFAULTED_AFTER,
    )
    return min((step for step in steps if step > at), default=None)


def reminders(due: datetime) -> Iterator[tuple[int, datetime]]:
    """When to remind the borrower of an instalment: the offset in days, and the morning in Seoul."""
    day = due.astimezone(SEOUL).date()
    for offset in REMIND_ON:
        yield offset, datetime.combine(day + timedelta(days=offset), MORNING, SEOUL)


def still_timely(due: datetime, offset: int, at: datetime) -> bool:
    """Whether a reminder is the latest one due: after a standstill only that one is written."""
    return [number for number, moment in reminders(due) if moment <= at][-1:] == [offset]
