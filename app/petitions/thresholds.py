"""When a petition is tipped: pure rules over its thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


class Measured(Protocol):
    """Anything with a target and a tally."""

    @property
    def target(self) -> int: ...
    @property
    def tally(self) -> int: ...


def holds(threshold: Measured) -> bool:
    """Whether one threshold is reached now."""
    return threshold.tally >= threshold.target


def all_hold(thresholds: Sequence[Measured]) -> bool:
    """Whether every threshold is reached now; a petition without thresholds never tips."""
    return bool(thresholds) and all(holds(threshold) for threshold in thresholds)


def in_time(at: datetime, deadline: datetime) -> bool:
    """Whether ``at`` is at or before the deadline."""
    return at <= deadline


@dataclass(frozen=True)
class Tipping:
    """Since when every threshold holds, and until when that is provisional; None while one is missing."""

    tipped_at: datetime | None = None
    window_ends_at: datetime | None = None

    def is_over(self, at: datetime) -> bool:
        """Whether the verification window is over at ``at``: what held until then is stamped."""
        return self.window_ends_at is not None and at >= self.window_ends_at


def tip(before: Tipping, *, holding: bool, at: datetime, deadline: datetime, window: timedelta) -> Tipping:
    """What a tally that moved at ``at`` makes of a petition that has not fired.

    It tips when every threshold holds, at or before the deadline; until the window is over and it has fired
    it un-tips when one of them is lost.
    """
    if not holding:
        return Tipping()
    if before.tipped_at is None and in_time(at, deadline):
        return Tipping(at, at + window)
    return before
