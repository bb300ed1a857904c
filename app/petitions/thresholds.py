"""When a petition is tipped: pure rules over its thresholds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
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
