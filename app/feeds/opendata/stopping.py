"""Ending a long work early, between two of its small steps."""

from __future__ import annotations

from collections.abc import Callable

Stopping = Callable[[], bool]
"""Whether somebody asks for the end."""


class Stopped(Exception):  # noqa: N818
    """The end was asked for; what has been done so far is of no use."""


def never() -> bool:
    """Nobody asks for the end."""
    return False


def go_on(stopping: Stopping) -> None:
    """Return while nobody asks for the end.

    Raises:
        Stopped: somebody does.
    """
    if stopping():
        raise Stopped
