"""Gift: an all-or-nothing donation. Nothing is owed once it is collected, except thanks that were offered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from app.money import CURRENCIES, LARGEST, split_in_proportion

from .base import (
    BadPromise,
    Conditions,
    Duty,
    Held,
    Impossible,
    Kind,
    Offer,
    Others,
    Promise,
    Question,
    Speech,
)
from .thanks import check_wishes, question, read_tiers, read_wishes

SENT_WITHIN = timedelta(days=180)
"""How long an organizer has to send what was offered in thanks."""


class Gift(Kind):
    """Every amount counts, every amount is collected."""

    name = "gift"
    takes_tips = True
    private_terms = frozenset({"to", "behalf"})

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
        check_wishes(promise, offer, speech)

    def questions(self, speech: Speech) -> tuple[Question, ...]:
        return (question(speech),)

    def read_offer(
        self, target: int, currency: str, given: Mapping[str, Any], speech: Speech
    ) -> dict[str, Any]:
        tiers = read_tiers(str(given.get("thanks", "")), currency, speech)
        return {"thanks": tiers} if tiers else {}

    def read(self, asked: int, given: Mapping[str, str], offer: Offer, speech: Speech) -> Promise:
        return Promise(asked, offer.currency, read_wishes(given, offer, speech))

    def duties(self, promise: Promise, offer: Offer, began: datetime) -> tuple[Duty, ...]:
        """The thanks that were asked for, to be sent within :data:`SENT_WITHIN`."""
        if "thanks" not in promise.terms:
            return ()
        return (Duty("organizer", "pledger", "thanks", 1, began + SENT_WITHIN, name="thanks"),)

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

    def simulate(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """``terms`` are the ``goal`` and, optional, a sponsor's ``bonus_pool``.

        ``held`` is what the cards that do not decline come to. Once that is the goal it is captured, and
        with ``rejected`` what was not ``spent`` goes back in proportion; short of it nobody pays, and the
        pool is shared in proportion among those whose cards are good. Each map names only those it concerns.
        """
        goal, pool = read_made_up_terms(given)
        held = read_made_up_pledges(given)
        spent = whole(given.get("spent", 0), "spent", least=0)
        settled = self.settle(Offer(goal, "KRW"), held)
        total = sum(pledge.promise.amount for pledge in held)
        result = {"fired": settled.enough, "held": total, "captured": {}, "refunded": {}, "bonus": {}}
        if not settled.enough:
            return result | {"bonus": {person: won for person, won in shared(pool, held).items() if won}}
        if spent > total:
            raise Impossible(f"{spent} is more than the {total} that was captured.")
        captured = by_person((pledge.person, settled.charges[pledge.id]) for pledge in held)
        back = shared(total - spent, held) if read_truth(given, "rejected") else {}
        return result | {"captured": captured, "refunded": back}


def shared(total: int, held: Sequence[Held]) -> dict[str, int]:
    """A sum in minor units, shared by what each pledged, to the last of them; nobody, nothing."""
    if not held:
        return {}
    parts = split_in_proportion(total, [pledge.promise.amount for pledge in held])
    return by_person(zip((pledge.person for pledge in held), parts, strict=True))


def by_person(parts: Iterable[tuple[str, int]]) -> dict[str, int]:
    """What each person gets in all, in the order in which they come first."""
    sums: dict[str, int] = {}
    for person, part in parts:
        sums[person] = sums.get(person, 0) + part
    return sums


def read_made_up_terms(given: Mapping[str, Any]) -> tuple[int, int]:
    """The goal and the bonus pool of a trial."""
    terms = given.get("terms")
    if not isinstance(terms, Mapping):
        raise Impossible("terms must say the goal.")
    if given.get("currency", "KRW") not in CURRENCIES:
        raise Impossible(f"currency must be one of {', '.join(CURRENCIES)}.")
    pool = terms.get("bonus_pool")
    return whole(terms.get("goal"), "goal"), 0 if pool is None else whole(pool, "bonus_pool", least=0)


def read_made_up_pledges(given: Mapping[str, Any]) -> list[Held]:
    """The pledges of a trial whose cards are good, in order."""
    pledges, declined = given.get("pledges"), given.get("declined", [])
    if not isinstance(pledges, list) or not all(isinstance(pledge, Mapping) for pledge in pledges):
        raise Impossible('pledges must be a list of {"person", "amount"}.')
    if not isinstance(declined, list) or not all(isinstance(person, str) for person in declined):
        raise Impossible("declined must be a list of people.")
    if not all(isinstance(pledge.get("person"), str) and pledge["person"] for pledge in pledges):
        raise Impossible("Every pledge names its person.")
    if strangers := set(declined) - {pledge["person"] for pledge in pledges}:
        raise Impossible(f"{min(strangers)} declined, but pledged nothing.")
    amounts = [whole(pledge.get("amount"), f"amount of {pledge['person']}") for pledge in pledges]
    refused = set(declined)
    return [
        Held(str(number), pledge["person"], Promise(amount))
        for number, (pledge, amount) in enumerate(zip(pledges, amounts, strict=True))
        if pledge["person"] not in refused
    ]


def read_truth(given: Mapping[str, Any], name: str) -> bool:
    value = given.get(name, False)
    if not isinstance(value, bool):
        raise Impossible(f"{name} must be true or false.")
    return value


def whole(value: object, name: str, *, least: int = 1) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= LARGEST:
        raise Impossible(f"{name} must be a whole number from {least} to {LARGEST}.")
    return value


KIND = Gift()
