"""Gift: an all-or-nothing donation. Nothing is owed once it is collected."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.money import CURRENCIES, LARGEST

from .base import BadPromise, Conditions, Contribution, Duty, Promise, Speech


@dataclass(frozen=True)
class Gift:
    name: str = "gift"
    measure: str = "money"
    needs_method: bool = True

    def label(self, speech: Speech) -> str:
        _ = speech.gettext
        return _("Gift")

    def read_terms(self, given: Mapping[str, str], speech: Speech) -> dict[str, Any]:
        """A gift has no terms of its own."""
        return {}

    def check(self, promise: Promise, speech: Speech) -> None:
        _ = speech.gettext
        if promise.currency not in CURRENCIES:
            raise BadPromise("amount", _("This petition does not collect money."))
        if promise.amount <= 0:
            raise BadPromise("amount", _("Pledge more than nothing."))
        if promise.amount > LARGEST:
            raise BadPromise(
                "amount", _("Pledge at most %(most)s.", most=speech.money(LARGEST, promise.currency))
            )
        if promise.terms:
            raise BadPromise("kind", _("A gift has no terms of its own."))

    def contribution(self, promise: Promise) -> Contribution:
        return Contribution(self.measure, promise.amount)

    def collected(self, promise: Promise) -> int:
        return promise.amount

    def duties(self, promise: Promise, fired_at: datetime) -> tuple[Duty, ...]:
        return ()

    def explain(self, promise: Promise | None, conditions: Conditions, speech: Speech) -> str:
        _ = speech.gettext
        currency = conditions.currency or CURRENCIES[0]
        when = {
            "signatures": speech.number(conditions.signatures),
            "goal": speech.money(conditions.goal, currency),
            "day": speech.day(conditions.deadline),
        }
        if promise is None:
            return _(
                "You pay only if %(signatures)s people sign and %(goal)s is pledged by %(day)s. "
                "Until then you can take it back at any time.",
                **when,
            )
        return _(
            "You pay %(amount)s only if %(signatures)s people sign and %(goal)s is pledged by %(day)s. "
            "Until then you can take it back at any time.",
            amount=speech.money(promise.amount, promise.currency or currency),
            **when,
        )


KIND = Gift()
