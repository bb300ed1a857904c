"""Subscription: money every month, for as long as the person likes.

Either everybody names their own amount, or the sum is *crowdmatched*: each active patron owes one unit for
every active patron, up to the own cap. The value is the largest k that at least k patrons go along with,
and those whose cap is lower pay nothing. A cap is kept as a whole number of units.

Nothing is held at the firing. The months and their retries are those of :mod:`.months`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from app.money import CURRENCIES, LARGEST

from .base import (
    BadPromise,
    Conditions,
    Held,
    Impossible,
    Kind,
    Offer,
    Others,
    Promise,
    Question,
    Settlement,
    Speech,
)

FIXED, CROWDMATCHED = "fixed", "crowdmatched"
MODES = (FIXED, CROWDMATCHED)
FEE_SHARE = 10
"""A sum is charged once the fee is less than one part in so many."""
MOST_MONTHS = 1200


def crowd_value(caps: Iterable[int | None]) -> int:
    """The largest k with at least k caps of k or more; a cap that is None is higher than any.

    ``caps`` are those of the active patrons, in units. The result is how many units each of them owes.
    """
    sizes = list(caps)
    highest = sorted((len(sizes) if cap is None else cap for cap in sizes), reverse=True)
    return sum(1 for place, cap in enumerate(highest, start=1) if cap >= place)


def units_owed(cap: int | None, value: int) -> int:
    """The units a patron owes for a month of this value: all of it, or nothing when the cap is lower."""
    return value if cap is None or cap >= value else 0


def worth_charging(owed: int, fee: int) -> bool:
    """Whether the fee of a charge is less than a tenth of it; until then the sum is carried on."""
    return owed > 0 and fee * FEE_SHARE < owed


class Recurring(Kind):
    """Money every month: an amount of one's own, or as much as the crowd is large."""

    name = "recurring"
    collects = False
    lasts = True
    release = "never"
    minds = "own"

    def label(self, speech: Speech) -> str:
        _ = speech.gettext
        return _("Monthly subscription")

    def about(self, speech: Speech) -> str:
        _ = speech.gettext
        return _("People give money every month until they stop; you are paid every month.")

    def measure(self, terms: Mapping[str, Any]) -> str:
        return "units" if terms.get("mode") == CROWDMATCHED else "money"

    def amount_label(self, offer: Offer, speech: Speech) -> str:
        _ = speech.gettext
        if offer.terms.get("mode") == CROWDMATCHED:
            return _("The most you pay a month")
        return _("Your own amount a month")

    def target_label(self, speech: Speech) -> str:
        _ = speech.gettext
        return _("Money needed a month, or people")

    def questions(self, speech: Speech) -> tuple[Question, ...]:
        _ = speech.gettext
        return (
            Question(
                "mode",
                _("What each person pays a month"),
                "choice",
                _("The target is the money a month, or the number of people who take part."),
                start=FIXED,
                options=(
                    (FIXED, _("An amount of their own")),
                    (CROWDMATCHED, _("More, the more people take part, up to a limit of their own")),
                ),
            ),
            Question(
                "unit",
                _("Paid by each for each person who takes part"),
                "money",
                _("Only where people pay more the more take part. ₩10 and 300 people: ₩3,000 each."),
                required=False,
            ),
        )

    def read_offer(
        self, target: int, currency: str, given: Mapping[str, Any], speech: Speech
    ) -> dict[str, Any]:
        _ = speech.gettext
        mode = given.get("mode") or FIXED
        if mode not in MODES:
            raise BadPromise("mode", _("Choose what each person pays a month."))
        if mode == FIXED:
            return {"mode": FIXED}
        unit = given.get("unit")
        if not isinstance(unit, int) or unit < 1:
            raise BadPromise("unit", _("Say how much each pays for each person who takes part."))
        if unit * target * target > LARGEST:
            raise BadPromise("unit", _("That comes to more a month than can be collected. Choose less."))
        return {"mode": CROWDMATCHED, "unit": unit}

    def read(self, asked: int, given: Mapping[str, str], offer: Offer, speech: Speech) -> Promise:
        if offer.terms.get("mode") == CROWDMATCHED:
            unit = int(offer.terms["unit"])
            return Promise(1, offer.currency, {"cap": asked // unit, "most": asked // unit * unit})
        return Promise(asked, offer.currency)

    def check(self, promise: Promise, offer: Offer, others: Others, speech: Speech) -> None:
        _ = speech.gettext
        if promise.currency not in CURRENCIES or promise.currency != offer.currency:
            raise BadPromise("amount", _("This petition does not collect money."))
        if others.own:
            raise BadPromise(
                "kind", _("You have a subscription here already. Change its amount instead of adding one.")
            )
        if offer.terms.get("mode") == CROWDMATCHED:
            self.check_cap(promise, offer, speech)
        elif promise.amount <= 0:
            raise BadPromise("amount", _("Pledge more than nothing."))
        elif promise.amount > LARGEST:
            raise BadPromise(
                "amount", _("Pledge at most %(most)s.", most=speech.money(LARGEST, offer.currency))
            )
        elif promise.terms:
            raise BadPromise("kind", _("An amount of your own has no further terms."))

    def check_cap(self, promise: Promise, offer: Offer, speech: Speech) -> None:
        _ = speech.gettext
        unit, cap = int(offer.terms["unit"]), promise.terms.get("cap")
        if not isinstance(cap, int) or cap < 1 or promise.amount != 1:
            raise BadPromise(
                "amount", _("Write at least %(unit)s a month.", unit=speech.money(unit, offer.currency))
            )
        if cap * unit > LARGEST:
            raise BadPromise(
                "amount", _("Pledge at most %(most)s.", most=speech.money(LARGEST, offer.currency))
            )

    def cost(self, promise: Promise, offer: Offer) -> int:
        return 0

    def settle(self, offer: Offer, held: Sequence[Held]) -> Settlement:
        return Settlement(True, {})

    def explain(self, promise: Promise | None, conditions: Conditions, speech: Speech) -> str:
        if conditions.offer.terms.get("mode") == CROWDMATCHED:
            return self.explain_crowd(promise, conditions, speech)
        _ = speech.gettext
        if conditions.starts is not None:
            starts = speech.day(conditions.starts)
            if promise is None:
                return _(
                    "You pay every month, on %(day)s for the first time. "
                    "You can pause or cancel at any time.",
                    day=starts,
                )
            return _(
                "You pay %(amount)s every month, on %(day)s for the first time. "
                "You can pause or cancel at any time.",
                amount=speech.money(promise.amount, conditions.currency),
                day=starts,
            )
        when = {
            "signatures": speech.number(conditions.signatures),
            "goal": speech.money(conditions.goal, conditions.currency),
            "day": speech.day(conditions.deadline),
        }
        if promise is None:
            return _(
                "You pay every month, from the first of the month after %(signatures)s people have signed "
                "and %(goal)s a month is pledged; if that has not happened by %(day)s, you pay nothing. "
                "You can pause or cancel at any time.",
                **when,
            )
        return _(
            "You pay %(amount)s every month, from the first of the month after %(signatures)s people have "
            "signed and %(goal)s a month is pledged; if that has not happened by %(day)s, you pay nothing. "
            "You can pause or cancel at any time.",
            amount=speech.money(promise.amount, conditions.currency),
            **when,
        )

    def explain_crowd(self, promise: Promise | None, conditions: Conditions, speech: Speech) -> str:
        _ = speech.gettext
        if conditions.starts is not None:
            return self.explain_joining_crowd(promise, conditions, conditions.starts, speech)
        when = {
            "signatures": speech.number(conditions.signatures),
            "goal": speech.number(conditions.goal),
            "unit": speech.money(int(conditions.offer.terms["unit"]), conditions.currency),
            "day": speech.day(conditions.deadline),
        }
        if promise is None:
            return _(
                "You pay %(unit)s a month for each person who takes part, never more than the limit you set, "
                "from the first of the month after %(signatures)s people have signed and %(goal)s take part; "
                "if that has not happened by %(day)s, you pay nothing. "
                "We write to you before your amount grows, and you can pause or cancel at any time.",
                **when,
            )
        return _(
            "You pay %(unit)s a month for each person who takes part, at most %(most)s, "
            "from the first of the month after %(signatures)s people have signed and %(goal)s take part; "
            "if that has not happened by %(day)s, you pay nothing. "
            "We write to you before your amount grows, and you can pause or cancel at any time.",
            most=speech.money(int(promise.terms["most"]), conditions.currency),
            **when,
        )

    def explain_joining_crowd(
        self, promise: Promise | None, conditions: Conditions, starts: datetime, speech: Speech
    ) -> str:
        _ = speech.gettext
        when = {
            "unit": speech.money(int(conditions.offer.terms["unit"]), conditions.currency),
            "day": speech.day(starts),
        }
        if promise is None:
            return _(
                "You pay %(unit)s a month for each person who takes part, never more than the limit you set, "
                "on %(day)s for the first time. "
                "We write to you before your amount grows, and you can pause or cancel at any time.",
                **when,
            )
        return _(
            "You pay %(unit)s a month for each person who takes part, at most %(most)s, "
            "on %(day)s for the first time. "
            "We write to you before your amount grows, and you can pause or cancel at any time.",
            most=speech.money(int(promise.terms["most"]), conditions.currency),
            **when,
        )

    def counted(self, value: int, offer: Offer, speech: Speech) -> str:
        _ = speech.gettext
        if self.measure(offer.terms) == "money":
            return _("%(amount)s a month", amount=speech.money(value, offer.currency))
        return _("1 person") if value == 1 else _("%(count)s people", count=speech.number(value))

    def describe(self, promise: Promise, speech: Speech) -> str:
        _ = speech.gettext
        currency = promise.currency or CURRENCIES[0]
        if "most" in promise.terms:
            return _("at most %(amount)s a month", amount=speech.money(int(promise.terms["most"]), currency))
        return _("%(amount)s a month", amount=speech.money(promise.amount, currency))

    def simulate(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """What each patron is charged in so many months, all of them alike.

        ``terms`` are ``mode`` and, crowdmatched, ``unit``; pledges carry an ``amount`` in minor units, or a
        ``cap`` in units (none is no limit). Optional: ``months`` (1), ``declined`` (people whose cards fail:
        they are no patrons) and ``fee`` of one charge in minor units, for which small sums are carried on.
        ``value`` is the units each pays, or for own amounts all the money of a month; ``carried`` comes with
        a ``fee``.
        """
        terms = mapping(given.get("terms"), "terms")
        mode = terms.get("mode")
        if mode not in MODES:
            raise Impossible("The mode is fixed or crowdmatched.")
        months = whole(given.get("months", 1), "months", least=1, most=MOST_MONTHS)
        fee = whole(given.get("fee", 0), "fee", least=0)
        patrons = patrons_of(given)
        if mode == CROWDMATCHED:
            unit = whole(terms.get("unit", 1), "unit", least=1)
            caps = {person: cap_of(person, pledge) for person, pledge in patrons.items()}
            value = crowd_value(caps.values())
            sums = {person: units_owed(cap, value) * unit for person, cap in caps.items()}
        else:
            sums = {
                person: whole(pledge.get("amount"), f"amount of {person}", least=1)
                for person, pledge in patrons.items()
            }
            value = sum(sums.values())
        charged = {person: charged_in(months, owed, fee) for person, owed in sums.items()}
        result: dict[str, Any] = {
            "value": value,
            "charged": {person: total for person, total in charged.items() if total},
        }
        if "fee" in given:
            carried = {person: months * owed - charged[person] for person, owed in sums.items()}
            result["carried"] = {person: rest for person, rest in carried.items() if rest}
        return result


def charged_in(months: int, owed: int, fee: int) -> int:
    """What is charged in so many months of ``owed`` each; the rest is carried on."""
    if not owed:
        return 0
    months_a_charge = fee * FEE_SHARE // owed + 1
    return months // months_a_charge * months_a_charge * owed


def patrons_of(given: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The pledges by person, without the declined."""
    pledges, declined = given.get("pledges"), given.get("declined", [])
    if not isinstance(pledges, list) or not isinstance(declined, list):
        raise Impossible("The pledges, and the declined, are lists.")
    found: dict[str, Mapping[str, Any]] = {}
    for entry in pledges:
        pledge = mapping(entry, "pledge")
        person = pledge.get("person")
        if not isinstance(person, str) or not person:
            raise Impossible("Every pledge names its person.")
        if person in found:
            raise Impossible(f"{person} has two subscriptions; everybody has one.")
        found[person] = pledge
    for name in declined:
        if not isinstance(name, str) or found.pop(name, None) is None:
            raise Impossible(f"{name} is declined and has pledged nothing, or is named twice.")
    return found


def cap_of(person: str, pledge: Mapping[str, Any]) -> int | None:
    cap = pledge.get("cap")
    return None if cap is None else whole(cap, f"cap of {person}", least=0)


def mapping(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise Impossible(f"The {name} should be a set of named values.")
    return value


def whole(value: object, name: str, *, least: int, most: int = LARGEST) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise Impossible(f"The {name} should be a whole number from {least} to {most}.")
    return value


KIND = Recurring()
