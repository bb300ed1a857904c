"""How lent money comes back: who gets what of it, when it is due, and what a default costs whom. Pure.

What has come back is split by one stateless rule over all units (:func:`received_by`): after ``R`` over ``N``
units, unit ``j`` has received ``⌊R/N⌋ + [j < R mod N]``. Each person is paid the difference to what they had,
which is never negative because the rule only grows with ``R``.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import datetime, time

from app.clock import SEOUL
from app.money import split_evenly

END_OF_DAY = time(23, 59, 59)


@dataclass(frozen=True)
class Stake:
    """The units one pledge lends: ``units`` of them, from number ``first`` on (0-based, in pledge order)."""

    key: str
    first: int
    units: int


@dataclass(frozen=True)
class Waterfall:
    """Where a loan's money stands, in minor units.

    ``lent`` by the lenders, ``paid`` back by the borrower in all, ``to_lenders`` of everything that came,
    ``reserve`` deposited, ``drawn`` out of it at the default and ``restored`` to it by recoveries.
    """

    lent: int
    reserve: int = 0
    paid: int = 0
    to_lenders: int = 0
    drawn: int = 0
    restored: int = 0
    defaulted: bool = False

    @property
    def owed(self) -> int:
        """What the borrower still owes, whoever covered it."""
        return self.lent - self.paid

    @property
    def written_off(self) -> int:
        """What lenders have lost so far: nothing before the default."""
        return self.lent - self.to_lenders if self.defaulted else 0

    @property
    def reserve_left(self) -> int:
        return self.reserve - self.drawn + self.restored


def pay(loan: Waterfall, amount: int) -> Waterfall:
    """The borrower pays: lenders first; after a default what is left over restores the reserve.

    Raises:
        ValueError: not an amount between 1 and what is owed.
    """
    if not 0 < amount <= loan.owed:
        raise ValueError("a payment lies between 1 and what is owed")
    lenders = min(amount, loan.lent - loan.to_lenders)
    return replace(
        loan,
        paid=loan.paid + amount,
        to_lenders=loan.to_lenders + lenders,
        restored=loan.restored + amount - lenders,
    )


def give_up(loan: Waterfall) -> Waterfall:
    """The loan defaults: the reserve covers what lenders lack, as far as it reaches. Once only."""
    if loan.defaulted or loan.owed == 0:
        return loan
    drawn = min(loan.reserve, loan.lent - loan.to_lenders)
    return replace(loan, defaulted=True, drawn=drawn, to_lenders=loan.to_lenders + drawn)


def received_by(stake: Stake, total: int, units: int) -> int:
    """What one stake has received once ``total`` minor units were split over ``units`` equal units."""
    each, rest = divmod(total, units)
    lucky = min(max(rest - stake.first, 0), stake.units)
    return stake.units * each + lucky


def schedule(lent: int, instalments: int) -> list[int]:
    """The instalments in minor units: equal, the first ones taking the remainder."""
    return split_evenly(lent, instalments)


def due_days(start: datetime, instalments: int, first_after: int) -> list[datetime]:
    """When each instalment is due: the end of the day in Seoul, month by month, shortened to month ends."""
    local = start.astimezone(SEOUL)
    moments = []
    for month in range(first_after, first_after + instalments):
        year, index = divmod(local.year * 12 + local.month - 1 + month, 12)
        day = min(local.day, monthrange(year, index + 1)[1])
        moments.append(datetime.combine(local.date().replace(year, index + 1, day), END_OF_DAY, SEOUL))
    return moments
