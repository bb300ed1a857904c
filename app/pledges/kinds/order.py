"""Order: neighbours buy together. One price for everybody, the lower the more is really ordered.

What counts towards the threshold is what is sure: the least a pledge takes. What is held is the dearest it
can become: the highest price of the table, with freight and duty as if no more than the target were ordered.
Both only ever fall from there, so nobody pays above what was shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from app.clock import SEOUL
from app.money import CURRENCIES, LARGEST, to_major

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
    Settlement,
    Speech,
)
from .order_terms import MOST_UNITS, questions, read_terms
from .prices import (
    allot,
    dearest_share,
    in_cases,
    is_count,
    price_at,
    read_made_up_tiers,
    share_landed,
)

SOONEST = timedelta(days=14)
"""When a delivery falls due whose day was over before the action began."""


class Order(Kind):
    """``Offer.terms``: ``item``, ``trade``, ``origin``, ``tiers``, ``case``, ``freight``, ``duty``,
    ``limit``, ``pickups``, ``delivery``. ``Promise.terms``: ``quantity``, or ``min`` and ``max`` where cases
    are ordered, and ``pickup``, counted from 1; once settled also ``got``, ``price`` of a unit, and
    ``landed``, the pledge's part of freight and duty.
    """

    name = "order"
    asks = "whole"
    waits_for_all = True
    counts_by_sum = False
    minds = "own"

    def label(self, speech: Speech) -> str:
        _ = speech.gettext
        return _("Group order")

    def about(self, speech: Speech) -> str:
        _ = speech.gettext
        return _("People order the same thing together; the more is ordered, the less each of them pays.")

    def measure(self, terms: Mapping[str, Any]) -> str:
        return "units"

    def amount_label(self, offer: Offer, speech: Speech) -> str:
        _ = speech.gettext
        return _("The least you take") if offer.terms.get("case") else _("How many units")

    def suggestions(self, offer: Offer) -> tuple[int, ...]:
        return tuple(count for count in (1, 2, 3, 5) if count <= (offer.terms.get("limit") or MOST_UNITS))

    def questions(self, speech: Speech) -> tuple[Question, ...]:
        return questions(speech)

    def read_offer(
        self, target: int, currency: str, given: Mapping[str, Any], speech: Speech
    ) -> dict[str, Any]:
        return read_terms(target, currency, given, speech)

    def answers(self, offer: Offer, speech: Speech) -> dict[str, str]:
        tiers = "\n".join(
            f"{least}: {to_major(price, offer.currency):,f}" for least, price in offer.terms["tiers"]
        )
        return super().answers(Offer(offer.target, offer.currency, {**offer.terms, "tiers": [tiers]}), speech)

    def check_deadline(self, terms: Mapping[str, Any], deadline: datetime, speech: Speech) -> None:
        _ = speech.gettext
        due = delivery_due(terms)
        if due is not None and due <= deadline:
            raise BadPromise("delivery", _("Choose a day after the deadline."))

    def read(self, asked: int, given: Mapping[str, str], offer: Offer, speech: Speech) -> Promise:
        _ = speech.gettext
        terms: dict[str, Any] = {"quantity": asked}
        if offer.terms.get("case"):
            most = given.get("order_most", "").strip().replace(",", "")
            if most and not (most.isascii() and most.isdigit() and len(most) <= 9):
                raise BadPromise("order_most", _("Write a whole number, such as 3."))
            terms = {"min": asked, "max": int(most) if most else asked}
        points = len(offer.terms.get("pickups", ()))
        if points:
            chosen = given.get("order_pickup", "").strip() or ("1" if points == 1 else "")
            if chosen not in {str(number) for number in range(1, points + 1)}:
                raise BadPromise("order_pickup", _("Choose where you pick it up."))
            terms["pickup"] = int(chosen)
        return Promise(asked, offer.currency, terms)

    def check(self, promise: Promise, offer: Offer, others: Others, speech: Speech) -> None:
        _ = speech.gettext
        if promise.currency not in CURRENCIES:
            raise BadPromise("amount", _("This petition does not collect money."))
        if promise.amount < 1:
            raise BadPromise("amount", _("Order at least one unit."))
        least, most = wanted(promise)
        if least != promise.amount or least > most:
            raise BadPromise("order_most", _("The most you take cannot be less than the least."))
        if most > least and not offer.terms.get("case"):
            raise BadPromise("order_most", _("This order is not packed in cases: one quantity is enough."))
        limit = offer.terms.get("limit") or MOST_UNITS
        if most + most_of(others, offer) > limit:
            field = "order_most" if most > least else "amount"
            raise BadPromise(field, _("One person orders at most %(most)s.", most=units(limit, speech)))
        points = len(offer.terms.get("pickups", ()))
        if points and promise.terms.get("pickup") not in range(1, points + 1):
            raise BadPromise("order_pickup", _("Choose where you pick it up."))
        if self.cost(promise, offer) > LARGEST:
            largest = speech.money(LARGEST, promise.currency)
            raise BadPromise("amount", _("Pledge at most %(most)s.", most=largest))

    def cost(self, promise: Promise, offer: Offer) -> int:
        return wanted(promise)[1] * dearest(offer)

    def settle(self, offer: Offer, held: Sequence[Held]) -> Settlement:
        """One price on what is really held. It is enough when what is sure reaches the target, the cases come
        out even, and the table has a price for the quantity; otherwise everybody is let go."""
        got = allot([wanted(pledge.promise) for pledge in held], offer.terms.get("case"))
        price = price_at(offer.terms["tiers"], sum(got))
        sure = sum(pledge.promise.amount for pledge in held)
        if not sum(got) or price is None or sure < offer.target:
            return Settlement(False, {})
        shares = share_landed(landed_cost(offer.terms), got)
        terms = {
            pledge.id: {"got": count, "price": price, "landed": share}
            for pledge, count, share in zip(held, got, shares, strict=True)
        }
        return Settlement(True, {id_: it["got"] * price + it["landed"] for id_, it in terms.items()}, terms)

    def duties(self, promise: Promise, offer: Offer, began: datetime) -> tuple[Duty, ...]:
        """The organizer owes each buyer the units by the offer's day."""
        count = int(promise.terms.get("got", promise.amount))
        due = delivery_due(offer.terms)
        if due is None or due <= began:
            due = began + SOONEST
        return (Duty("organizer", "pledger", "units", count, due, "delivery"),) if count else ()

    def explain(self, promise: Promise | None, conditions: Conditions, speech: Speech) -> str:
        _ = speech.gettext
        offer = conditions.offer
        when = {
            "signatures": speech.number(conditions.signatures),
            "goal": units(conditions.goal, speech),
            "day": speech.day(conditions.deadline),
        }
        if promise is None:
            return _(
                "You pay only if %(signatures)s people sign and %(goal)s are ordered by %(day)s: at most "
                "%(most)s a unit, less when more is ordered. Until then you can take it back at any time.",
                most=speech.money(dearest(offer), offer.currency),
                **when,
            )
        return _(
            "You pay at most %(most)s for %(promise)s, and less when more is ordered, only if %(signatures)s "
            "people sign and %(goal)s are ordered by %(day)s. Until then you can take it back at any time.",
            most=speech.money(self.cost(promise, offer), offer.currency),
            promise=self.describe(promise, speech),
            **when,
        )

    def describe(self, promise: Promise, speech: Speech) -> str:
        _ = speech.gettext
        least, most = wanted(promise)
        if most > least:
            return _("%(least)s to %(most)s", least=speech.number(least), most=units(most, speech))
        return units(least, speech)

    def simulate(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """``terms`` may carry a ``goal`` in units; without one it is the first line of the table. The maps
        name everybody who pledged."""
        offer = read_made_up_offer(given)
        pledges = read_made_up_pledges(given.get("pledges"))
        declined = read_declined(given.get("declined", []), {pledge.person for pledge in pledges})
        held = [pledge for pledge in pledges if pledge.person not in declined]
        settled = self.settle(offer, held)
        quantity, captured, released = (dict.fromkeys((p.person for p in pledges), 0) for _ in range(3))
        for pledge in held:
            paid = settled.charges.get(pledge.id, 0)
            quantity[pledge.person] += settled.terms.get(pledge.id, {}).get("got", 0)
            captured[pledge.person] += paid
            released[pledge.person] += self.cost(pledge.promise, offer) - paid
        return {
            "fired": settled.enough,
            "price": next((terms["price"] for terms in settled.terms.values()), None),
            "quantity": quantity,
            "captured": captured,
            "released": released,
        }


def wanted(promise: Promise) -> tuple[int, int]:
    """The least and the most units somebody takes."""
    least = int(promise.terms.get("min", promise.terms.get("quantity", promise.amount)))
    return least, int(promise.terms.get("max", least))


def most_of(others: Others, offer: Offer) -> int:
    """The most units somebody's own orders come to; every one may be filled to its most."""
    return sum(wanted(Promise(0, offer.currency, terms))[1] for terms in others.terms)


def landed_cost(terms: Mapping[str, Any]) -> int:
    """Freight and duty of the whole order, in minor units."""
    return int(terms.get("freight") or 0) + int(terms.get("duty") or 0)


def fewest(offer: Offer) -> int:
    """The fewest units that can ever be ordered: the target, in whole cases."""
    return in_cases(max(offer.target, 1), offer.terms.get("case"))


def dearest(offer: Offer) -> int:
    """The most that one unit can cost, in minor units, freight and duty included."""
    highest: int = max(price for _, price in offer.terms["tiers"])
    return highest + dearest_share(landed_cost(offer.terms), fewest(offer))


def delivery_due(terms: Mapping[str, Any]) -> datetime | None:
    """The last moment of the promised day, in Seoul."""
    day = terms.get("delivery")
    return datetime.combine(date.fromisoformat(day), time(23, 59, 59), SEOUL) if day else None


def units(count: int, speech: Speech) -> str:
    _ = speech.gettext
    return _("1 unit") if count == 1 else _("%(count)s units", count=speech.number(count))


def read_made_up_offer(given: Mapping[str, Any]) -> Offer:
    terms = given.get("terms")
    if not isinstance(terms, Mapping):
        raise Impossible("An order needs terms with the tiers of its prices.")
    tiers = read_made_up_tiers(terms.get("tiers"))
    case, landed, goal = terms.get("case"), terms.get("landed_cost") or 0, terms.get("goal", tiers[0][0])
    if case is not None and not is_count(case):
        raise Impossible("A case holds a whole number of units, at least 1.")
    if landed != 0 and not is_count(landed):
        raise Impossible("The landed cost is a whole number of minor units, not less than 0.")
    if not is_count(goal):
        raise Impossible("The goal is a whole number of units, at least 1.")
    currency = str(given.get("currency", "KRW"))
    return Offer(goal, currency, {"tiers": tiers, "case": case, "freight": landed})


def read_made_up_pledges(given: object) -> list[Held]:
    if not isinstance(given, list):
        raise Impossible("Pledges are a list of people and quantities.")
    held = []
    for number, pledge in enumerate(given):
        person = pledge.get("person") if isinstance(pledge, Mapping) else None
        if not isinstance(person, str) or not person:
            raise Impossible(f"Pledge {number + 1} names no person.")
        names = {"quantity", "min", "max"} & pledge.keys()
        if names not in ({"quantity"}, {"min", "max"}) or not all(is_count(pledge[it]) for it in names):
            raise Impossible(f"{person} needs a quantity, or a min and a max, in whole units of at least 1.")
        terms = {name: pledge[name] for name in names}
        least, most = wanted(Promise(1, None, terms))
        if least > most:
            raise Impossible(f"{person} takes at least {least} and at most {most} units.")
        held.append(Held(str(number), person, Promise(least, None, terms)))
    return held


def read_declined(given: object, people: set[str]) -> set[str]:
    if not isinstance(given, list) or not all(isinstance(person, str) for person in given):
        raise Impossible("Declined is a list of the people whose cards fail.")
    if strangers := set(given) - people:
        raise Impossible(f"{min(strangers)} declined, but pledged nothing.")
    return set(given)


KIND = Order()
