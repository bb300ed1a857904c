"""What every kind of pledge says about itself. Pure: plain values in, plain values out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True)
class Promise:
    """What one person promises.

    ``amount`` is in the kind's measure; for money in minor units of ``currency``. ``terms`` are JSON values
    that the kind itself has read and checked.
    """

    amount: int
    currency: str | None = None
    terms: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Conditions:
    """What has to hold before anything is collected: the petition's targets and its last moment.

    ``goal`` is the target of the kind's measure, for money in minor units of ``currency``.
    """

    signatures: int
    goal: int
    currency: str | None
    deadline: datetime


@dataclass(frozen=True)
class Contribution:
    """What a pledge adds to which threshold."""

    measure: str
    amount: int


@dataclass(frozen=True)
class Duty:
    """Something owed after the firing: who owes whom how much of what, by when.

    ``debtor`` and ``creditor`` are roles: ``pledger`` or ``organizer``.
    """

    debtor: str
    creditor: str
    measure: str
    amount: int
    due: datetime


class BadPromise(ValueError):  # noqa: N818
    """The promise is not valid; ``sentence`` belongs beside the form field ``field``."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


class Speech(Protocol):
    """How values are written in the reader's language."""

    def gettext(self, msgid: str, **params: str) -> str: ...
    def money(self, minor: int, currency: str) -> str: ...
    def number(self, value: int) -> str: ...
    def day(self, at: datetime) -> str: ...


class Kind(Protocol):
    """The rules of one kind of pledge.

    ``name`` is what forms and rows carry, ``measure`` the threshold it counts towards, ``needs_method``
    whether a payment method has to be saved before it counts.
    """

    @property
    def name(self) -> str: ...
    @property
    def measure(self) -> str: ...
    @property
    def needs_method(self) -> bool: ...

    def label(self, speech: Speech) -> str:
        """Two or three words for lists and choices."""

    def read_terms(self, given: Mapping[str, str], speech: Speech) -> dict[str, Any]:
        """The terms a form sent, as JSON values; fields of other kinds are left alone.

        Raises:
            BadPromise: with the field and the sentence beside it.
        """

    def check(self, promise: Promise, speech: Speech) -> None:
        """Refuse a promise this kind does not allow.

        Raises:
            BadPromise: with the field and the sentence beside it.
        """

    def contribution(self, promise: Promise) -> Contribution:
        """What the promise adds to which threshold while it counts."""

    def collected(self, promise: Promise) -> int:
        """Minor units to hold at the firing; 0 collects nothing."""

    def duties(self, promise: Promise, fired_at: datetime) -> tuple[Duty, ...]:
        """What is owed after the firing."""

    def explain(self, promise: Promise | None, conditions: Conditions, speech: Speech) -> str:
        """One sentence: what is promised and when it falls due; without a promise, before one is made."""
