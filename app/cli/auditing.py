"""The audit of every room: what the actions check, and what each kind's life after the firing adds."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module

from app.actions.auditing import Audit, Check, audit

ROOMS = (
    "purses",
    "pools",
    "proposing",
    "lending",
    "ordering",
    "cooperating",
    "subscribing",
    "doing",
    "giving",
)


def checks_of_rooms() -> Iterator[Check]:
    """The ``CHECKS`` of every room that has an ``auditing`` module."""
    for room in ROOMS:
        yield from import_module(f"app.{room}.auditing").CHECKS


def audit_everything() -> Audit:
    """Recompute every balance, total and state there is."""
    return audit(checks_of_rooms())
