"""Gift: an all-or-nothing donation. Nothing is owed once it is collected."""

from __future__ import annotations

from app.money import CURRENCIES, LARGEST

from .base import BadPromise, Conditions, Kind, Offer, Others, Promise, Speech


class Gift(Kind):
    """Every amount counts, every amount is collected."""

    name = "gift"
    takes_tips = True

    def label(self, speech: Speech) -> str:
        _ = speech.gettext
        return _("Gift")

    def about(self, speech: Speech) -> str:
        _ = speech.gettext
        return _("People give money for the plan. Nobody gets anything back but the result.")

    def check(self, promise: Promise, offer: Offer, others: Others, speech: Speech) -> None:
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

    def explain(self, promise: Promise | None, conditions: Conditions, speech: Speech) -> str:
        _ = speech.gettext
        when = {
            "signatures": speech.number(conditions.signatures),
            "goal": speech.money(conditions.goal, conditions.currency),
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
            amount=speech.money(promise.amount, conditions.currency),
            **when,
        )


KIND = Gift()
