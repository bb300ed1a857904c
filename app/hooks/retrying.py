"""When to try again. Pure rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

JITTER = 0.2
FIRST_REST = timedelta(seconds=5)
LONGEST_REST = timedelta(minutes=5)


def pause_after(attempts: int, pauses: Sequence[int], chance: float) -> timedelta | None:
    """How long a message waits after so many failed attempts, at least 1; None when it is given up.

    ``pauses`` are in seconds. ``chance`` in [0, 1) draws each out by up to a fifth, so that what failed
    together does not come back together.
    """
    if attempts > len(pauses):
        return None
    return timedelta(seconds=pauses[attempts - 1] * (1 + JITTER * chance))


def rest_after(failures: int) -> timedelta:
    """How long an endpoint gets nothing at all after so many failures in a row, at least 1."""
    return min(FIRST_REST * (1 << min(failures - 1, 10)), LONGEST_REST)
