"""Levels 0 to 4: what a score, the number of people behind it, its span and kept promises add up to."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from app.points.rules import MP_PER_POINT, PointEvent, quarter_of
from app.points.score import events_that_stand, score

HOLDING_FACTOR: Final = Fraction(9, 10)
DEMOTION_AFTER_DAYS: Final = 14
FRAUD_BAR_DAYS: Final = 180
SMALLEST_PROMISE_WON: Final = 1000


@dataclass(frozen=True)
class Bounds:
    """What a level asks for: mp, distinct clusters, days from first to last deed, reliability."""

    mp: int
    counterparties: int
    span_days: int
    reliability: Fraction


@dataclass(frozen=True)
class Standing:
    """Where a person stands: raw score in mp, distinct clusters, days first to last deed, reliability."""

    mp: int
    counterparties: int
    span_days: int
    reliability: Fraction


@dataclass(frozen=True)
class Promise:
    """A promise of ``won`` to a ``counterparty`` (its cluster), due on ``day``, kept or broken."""

    counterparty: str
    day: int
    won: int
    kept: bool


LEVELS: Final[tuple[Bounds, ...]] = (
    Bounds(0, 0, 0, Fraction(0)),
    Bounds(5 * MP_PER_POINT, 2, 0, Fraction(0)),
    Bounds(50 * MP_PER_POINT, 8, 0, Fraction(80, 100)),
    Bounds(150 * MP_PER_POINT, 20, 90, Fraction(90, 100)),
    Bounds(300 * MP_PER_POINT, 40, 180, Fraction(95, 100)),
)


def reliability(kept: int, broken: int) -> Fraction:
    """Return ρ = (kept + 1)/(kept + broken + 2), one half for somebody who promised nothing yet.

    Raises ValueError for a negative count.
    """
    if kept < 0 or broken < 0:
        raise ValueError("promises are counted from 0")
    return Fraction(kept + 1, kept + broken + 2)


def count_promises(promises: Iterable[Promise]) -> tuple[int, int]:
    """Return (kept, broken), counting at most one promise per counterparty a quarter, from 1,000 won.

    Where a quarter saw several promises to one counterparty, one broken among them makes the quarter a
    broken one.
    """
    kept_all: dict[tuple[str, int], bool] = {}
    for promise in promises:
        if promise.won >= SMALLEST_PROMISE_WON:
            key = (promise.counterparty, quarter_of(promise.day))
            kept_all[key] = kept_all.get(key, True) and promise.kept
    kept = sum(kept_all.values())
    return kept, len(kept_all) - kept


def reach(events: Iterable[PointEvent], person: str, day: int) -> tuple[int, int]:
    """Return (distinct clusters, days from the first to the last deed) of ``person`` up to ``day``.

    Only earning events with a counterparty count; the same events stand as in the score.
    """
    deeds = [
        event
        for event in events_that_stand(events)
        if event.person == person and event.day <= day and event.class_ != "penalty" and event.kin is not None
    ]
    days = [event.day for event in deeds]
    return len({event.kin for event in deeds}), max(days) - min(days) if days else 0


def standing_at(
    events: Iterable[PointEvent], person: str, day: int, promises: Iterable[Promise] = ()
) -> Standing:
    """Return where ``person`` stands at ``day``; ``promises`` are their own, later ones are ignored."""
    listed = list(events)
    counterparties, span_days = reach(listed, person, day)
    kept, broken = count_promises(promise for promise in promises if promise.day <= day)
    return Standing(score(listed, person, day), counterparties, span_days, reliability(kept, broken))


def level(standing: Standing) -> int:
    """Return the highest level, 0 to 4, whose every bound ``standing`` meets."""
    return _highest(standing, Fraction(1), len(LEVELS) - 1)


def holdable_level(standing: Standing, held: int) -> int:
    """Return the highest level up to ``held`` that may be kept: every bound met to nine tenths."""
    return _highest(standing, HOLDING_FACTOR, held)


def next_level(
    held: int, standing: Standing, days_below: int = 0, days_since_fraud: int | None = None
) -> int:
    """Return the level that follows ``held``: up at once, down only after 14 days below 0.9 × a bound.

    ``days_below`` says for how many days ``holdable_level`` has been under ``held``. Whoever was found to
    have cheated has level 0 for 180 days.
    """
    if days_since_fraud is not None and days_since_fraud < FRAUD_BAR_DAYS:
        return 0
    earned = level(standing)
    if earned >= held:
        return earned
    return held if days_below < DEMOTION_AFTER_DAYS else holdable_level(standing, held)


def _highest(standing: Standing, factor: Fraction, ceiling: int) -> int:
    return max(rank for rank in range(ceiling + 1) if rank == 0 or _meets(standing, LEVELS[rank], factor))


def _meets(standing: Standing, bounds: Bounds, factor: Fraction) -> bool:
    return (
        standing.mp >= factor * bounds.mp
        and standing.counterparties >= factor * bounds.counterparties
        and standing.span_days >= factor * bounds.span_days
        and standing.reliability >= factor * bounds.reliability
    )
