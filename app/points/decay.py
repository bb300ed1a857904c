"""Halving over time, exactly: the floor of a sum of ``c·2^(−n/360)`` is never off by one."""

from collections.abc import Iterable, Mapping
from decimal import ROUND_FLOOR, Context, Decimal
from functools import lru_cache
from typing import Final

STEPS_PER_HALVING: Final = 360
_FIRST_DIGITS: Final = 24


@lru_cache(maxsize=4096)
def _fractional_power(step: int, digits: int) -> int:
    """Return 2^(−step/360) in units of 10^−digits, less than two units from the true value."""
    context = Context(prec=digits + 10, rounding=ROUND_FLOOR)
    exponent = context.divide(Decimal(-step), Decimal(STEPS_PER_HALVING))
    return int(context.scaleb(context.power(Decimal(2), exponent), digits))


def floor_of_decayed(terms: Iterable[tuple[int, int]]) -> int:
    """Return ⌊Σ c·2^(−n/360)⌋ exactly.

    ``terms`` are pairs (whole amount c, age n ≥ 0 in 360ths of a halving).

    The powers 2^(−r/360), 0 ≤ r < 360, are linearly independent over the rationals (x^360 − 2 is
    irreducible), so after gathering equal r the sum is either rational, and floored in whole numbers, or
    irrational, and then an interval around it excludes every whole number once it is narrow enough.
    """
    listed = [(amount, *divmod(age, STEPS_PER_HALVING)) for amount, age in terms if amount]
    halvings = max((whole for _, whole, _ in listed), default=0)
    by_step: dict[int, int] = {}
    for amount, whole, step in listed:
        by_step[step] = by_step.get(step, 0) + (amount << (halvings - whole))
    return _floor_gathered(by_step, halvings)


def _floor_gathered(by_step: Mapping[int, int], halvings: int) -> int:
    """Return ⌊2^−halvings · Σ a_r·2^(−r/360)⌋, widening the precision until the answer is certain."""
    doubt = 2 * sum(abs(amount) for step, amount in by_step.items() if step)
    digits = _FIRST_DIGITS + len(f"{doubt:x}")
    while True:
        total = sum(amount * _fractional_power(step, digits) for step, amount in by_step.items())
        unit: int = 10**digits
        low: int = (total - doubt) // unit >> halvings
        high: int = (total + doubt) // unit >> halvings
        if low == high:
            return low
        digits *= 2
