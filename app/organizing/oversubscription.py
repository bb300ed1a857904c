"""How many pledges it takes so that enough cards work: the binomial distribution, nothing else."""

from __future__ import annotations

from math import exp, lgamma, log, sqrt

FAILING = 0.08
"""The share of cards that fail when they are finally charged; 3 to 10 % in practice."""


def chance_of_enough(pledges: int, needed: int, failing: float = FAILING) -> float:
    """The probability that at least ``needed`` of ``pledges`` independent cards work.

    P(failures ≤ pledges − needed) for failures ~ Binomial(pledges, failing); terms further than twelve
    standard deviations below the mean are left out.
    """
    spare = pledges - needed
    if spare < 0:
        return 0.0
    mean = pledges * failing
    first = max(0, int(mean - 12 * sqrt(mean * (1 - failing))))
    return min(1.0, sum(probability(failures, pledges, failing) for failures in range(first, spare + 1)))


def probability(failures: int, pledges: int, failing: float) -> float:
    """The binomial probability of exactly so many failures, by logarithms so that nothing overflows."""
    ways = lgamma(pledges + 1) - lgamma(failures + 1) - lgamma(pledges - failures + 1)
    return exp(ways + failures * log(failing) + (pledges - failures) * log(1 - failing))


def pledges_for(needed: int, chance: float, failing: float = FAILING) -> int:
    """The smallest number of pledges with which ``needed`` cards work with at least this chance.

    Raises:
        ValueError: ``needed`` is not positive, or ``chance`` not strictly between 0 and 1.
    """
    if needed <= 0 or not 0 < chance < 1:
        raise ValueError("needed must be positive and chance between 0 and 1")
    low, high = needed, 2 * needed + 64
    while low < high:
        middle = (low + high) // 2
        if chance_of_enough(middle, needed, failing) >= chance:
            high = middle
        else:
            low = middle + 1
    return low
