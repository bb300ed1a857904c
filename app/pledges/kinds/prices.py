"""What a group order costs: tiers of prices, whole cases, freight and duty shared by units. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

from app.money import LARGEST

from .base import Impossible

Tiers = Sequence[Sequence[int]]
"""Pairs of the least quantity of the whole order and the price of one unit, in minor units, ascending."""


def price_at(tiers: Tiers, quantity: int) -> int | None:
    """The one price of a unit when ``quantity`` is ordered in all; None below the first tier."""
    reached = [price for least, price in tiers if least <= quantity]
    return reached[-1] if reached else None


def next_tier(tiers: Tiers, quantity: int) -> tuple[int, int] | None:
    """The next better tier: from how many units, at what price; None when the best is reached."""
    return next(((least, price) for least, price in tiers if least > quantity), None)


def whole_cases(least: int, most: int, case: int | None) -> int:
    """The largest whole number of cases up to ``most``, in units; 0 when it does not cover ``least``."""
    packed = most - most % (case or 1)
    return packed if packed >= least else 0


def in_cases(quantity: int, case: int | None) -> int:
    """The quantity, rounded up to whole cases."""
    return -(-quantity // (case or 1)) * (case or 1)


def allot(wants: Sequence[tuple[int, int]], case: int | None) -> list[int]:
    """How many units each gets, from what each takes at least and at most.

    Everybody gets the least; the spare units go round one by one, in the order given, to those who take
    more. All get nothing when no whole number of cases lies between what is needed and what is wanted.
    """
    needed = sum(least for least, _ in wants)
    spare = whole_cases(needed, sum(most for _, most in wants), case) - needed
    if spare < 0:
        return [0] * len(wants)
    rooms = [most - least for least, most in wants]
    rounds = full_rounds(rooms, spare)
    spare -= sum(min(room, rounds) for room in rooms)
    got = []
    for (least, _), room in zip(wants, rooms, strict=True):
        one_more = room > rounds and spare > 0
        spare -= one_more
        got.append(least + min(room, rounds) + one_more)
    return got


def full_rounds(rooms: Sequence[int], spare: int) -> int:
    """How often ``spare`` units can go once round to everybody who still has room."""
    before = 0
    below = 0
    for place, room in enumerate(sorted(rooms)):
        left = len(rooms) - place
        if below + room * left > spare:
            return max(before, (spare - below) // left)
        below, before = below + room, room
    return before


def share_landed(landed: int, got: Sequence[int]) -> list[int]:
    """Freight and duty, shared exactly: each of N units bears ⌊L/N⌋, the first L mod N of them one more.

    Units are numbered in the order of the pledges; nobody gets anything, nobody bears anything.
    """
    quantity = sum(got)
    if not quantity:
        return [0] * len(got)
    share, rest = divmod(landed, quantity)
    ends = list(accumulate(got))
    return [
        units * share + max(0, min(end, rest) - (end - units)) for units, end in zip(got, ends, strict=True)
    ]


def dearest_share(landed: int, fewest: int) -> int:
    """The most that one unit can come to bear of freight and duty when at least ``fewest`` are ordered."""
    return -(-landed // fewest)


def what_is_wrong(tiers: Tiers) -> str | None:
    """``quantity`` or ``price`` where a table does not ascend or fall, None where it does."""
    leasts, prices = [0, *(tier[0] for tier in tiers)], [tier[1] for tier in tiers]
    if any(later <= earlier for earlier, later in pairwise(leasts)):
        return "quantity"
    falling = all(later < earlier for earlier, later in pairwise(prices))
    return None if falling and prices[-1] > 0 else "price"


def read_made_up_tiers(given: object) -> Tiers:
    if not isinstance(given, list) or not given:
        raise Impossible("An order needs at least one tier: a quantity and a price.")
    if not all(isinstance(tier, list) and len(tier) == 2 and all(map(is_count, tier)) for tier in given):
        raise Impossible("Each tier is a quantity and a price, both whole numbers of at least 1.")
    if why := what_is_wrong(given):
        grows = "Each tier must start from a larger quantity than the one before."
        raise Impossible(grows if why == "quantity" else "Each tier must be cheaper than the one before.")
    return given


def is_count(value: object) -> bool:
    """Whether this is a whole number from 1 to the largest that anything here accepts."""
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= LARGEST


def cost_of_missing(paid: int, units: int, missing: int, more: int) -> int:
    """What ``more`` missing units cost of ``paid`` for ``units``, when ``missing`` were paid back before.

    Cumulative, so that the parts add up: ⌊paid·(missing+more)/units⌋ − ⌊paid·missing/units⌋.
    """
    return paid * (missing + more) // units - paid * missing // units
