"""Loan: many people lend equal units without interest; the borrower pays back by a signed schedule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.money import CURRENCIES, LARGEST

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
from .repaying import Stake, Waterfall, due_days, give_up, pay, received_by, schedule

MOST_UNITS = 100_000
MOST_INSTALMENTS = 120
MOST_MONTHS_BEFORE = 60


def stakes_of(offer: Offer, held: Sequence[Held]) -> list[Stake]:
    """Who lends which units, in pledge order; whoever comes after the last unit waits in vain."""
    unit, left, first = int(offer.terms["unit"]), offer.target // int(offer.terms["unit"]), 0
    stakes = []
    for pledge in held:
        units = min(pledge.promise.amount // unit, left - first)
        if units > 0:
            stakes.append(Stake(pledge.id, first, units))
            first += units
    return stakes


class Loan(Kind):
    """Units are lent; only the units asked for are collected, in the order of the pledges."""

    name = "loan"
    release = "disbursement"
    takes_tips = True
    counts_by_sum = False
    minds = "own"
    needs_signature = True
    licence = "lending_registration"

    def label(self, speech: Speech) -> str:
        _ = speech.gettext
        return _("Loan")

    def about(self, speech: Speech) -> str:
        _ = speech.gettext
        return _("People lend you equal units without interest. You pay them back by a schedule you sign.")

    def amount_label(self, offer: Offer, speech: Speech) -> str:
        _ = speech.gettext
        return _(
            "How much to lend, in units of %(unit)s",
            unit=speech.money(int(offer.terms["unit"]), offer.currency),
        )

    def target_label(self, speech: Speech) -> str:
        _ = speech.gettext
        return _("Sum to borrow")

    def suggestions(self, offer: Offer) -> tuple[int, ...]:
        unit, cap = int(offer.terms["unit"]), int(offer.terms["cap"])
        return tuple(unit * count for count in (1, 2, 3, 5) if count <= cap)

    def questions(self, speech: Speech) -> tuple[Question, ...]:
        _ = speech.gettext
        return (
            Question(
                "unit",
                _("One unit"),
                "money",
                _("Lenders lend whole units of this amount. The sum to borrow is a multiple of it."),
                start="10000",
            ),
            Question("cap", _("Units per lender, at most"), "whole", start="5"),
            Question("instalments", _("Monthly instalments"), "whole", start="12"),
            Question(
                "first_after",
                _("Months until the first instalment"),
                "whole",
                _("Counted from the day the money is paid to you."),
                start="1",
            ),
        )

    def read_offer(
        self, target: int, currency: str, given: Mapping[str, Any], speech: Speech
    ) -> dict[str, Any]:
        _ = speech.gettext
        unit = within(given, "unit", LARGEST, speech)
        if target % unit or target < unit:
            raise BadPromise(
                "target",
                _("The sum must be a multiple of one unit, %(unit)s.", unit=speech.money(unit, currency)),
            )
        units = target // unit
        if units > MOST_UNITS:
            raise BadPromise(
                "unit", _("That makes more than %(most)s units. Choose a larger one.", most=str(MOST_UNITS))
            )
        if given.get("cap", 1) > units:
            raise BadPromise("cap", _("There are only %(units)s units.", units=speech.number(units)))
        instalments = within(given, "instalments", min(MOST_INSTALMENTS, target), speech)
        return {
            "unit": unit,
            "cap": within(given, "cap", units, speech),
            "instalments": instalments,
            "first_after": within(given, "first_after", MOST_MONTHS_BEFORE, speech),
        }

    def read(self, asked: int, given: Mapping[str, str], offer: Offer, speech: Speech) -> Promise:
        return Promise(asked, offer.currency, {"units": asked // int(offer.terms["unit"])})

    def check(self, promise: Promise, offer: Offer, others: Others, speech: Speech) -> None:
        _ = speech.gettext
        if promise.currency not in CURRENCIES or promise.currency != offer.currency:
            raise BadPromise("amount", _("This petition counts in %(currency)s.", currency=offer.currency))
        unit, cap = int(offer.terms["unit"]), int(offer.terms["cap"])
        price = speech.money(unit, offer.currency)
        if promise.amount <= 0 or promise.amount % unit:
            raise BadPromise("amount", _("Lend whole units of %(unit)s.", unit=price))
        if others.own + promise.amount > cap * unit:
            most = speech.money(cap * unit, offer.currency)
            if others.own:
                raise BadPromise(
                    "amount",
                    _(
                        "One person lends at most %(most)s here, and you lend %(own)s already.",
                        most=most,
                        own=speech.money(others.own, offer.currency),
                    ),
                )
            raise BadPromise("amount", _("One person lends at most %(most)s here.", most=most))
        if promise.terms.get("units", promise.amount // unit) != promise.amount // unit:
            raise BadPromise("amount", _("Lend whole units of %(unit)s.", unit=price))

    def settle(self, offer: Offer, held: Sequence[Held]) -> Settlement:
        unit = int(offer.terms["unit"])
        stakes = stakes_of(offer, held)
        lent = sum(stake.units for stake in stakes) * unit
        if lent < offer.target:
            return Settlement(enough=False, charges={})
        return Settlement(
            enough=True,
            charges={stake.key: stake.units * unit for stake in stakes},
            terms={stake.key: {"got": stake.units, "first": stake.first} for stake in stakes},
        )

    def common_duties(self, offer: Offer, charged: int, began: datetime) -> tuple[Duty, ...]:
        """The instalments, as if the money were paid out at ``began``."""
        amounts = schedule(charged, int(offer.terms["instalments"]))
        days = due_days(began, len(amounts), int(offer.terms["first_after"]))
        return tuple(
            Duty("organizer", "crowd", "money", amount, due, name=f"instalment-{number}")
            for number, (amount, due) in enumerate(zip(amounts, days, strict=True), start=1)
        )

    def explain(self, promise: Promise | None, conditions: Conditions, speech: Speech) -> str:
        _ = speech.gettext
        when = {
            "signatures": speech.number(conditions.signatures),
            "goal": speech.money(conditions.goal, conditions.currency),
            "day": speech.day(conditions.deadline),
            "number": speech.number(int(conditions.offer.terms["instalments"])),
        }
        if promise is None:
            return _(
                "You lend only if %(signatures)s people sign and %(goal)s is lent by %(day)s; the borrower "
                "pays it back without interest, in monthly instalments (%(number)s). Until then you can take "
                "it back at any time.",
                **when,
            )
        return _(
            "You lend %(amount)s only if %(signatures)s people sign and %(goal)s is lent by %(day)s; the "
            "borrower pays it back without interest, in monthly instalments (%(number)s). Until then you can "
            "take it back at any time.",
            amount=speech.money(promise.amount, conditions.currency),
            **when,
        )

    def simulate(self, given: Mapping[str, Any]) -> dict[str, Any]:
        terms = mapping_of(given.get("terms"), "terms")
        unit, units = whole_of(terms, "unit"), whole_of(terms, "units", most=MOST_UNITS)
        instalments = whole_of(terms, "instalments", most=min(unit * units, MOST_INSTALMENTS))
        cap = whole_of(terms, "cap", most=units) if terms.get("cap") is not None else units
        if unit * units > LARGEST:
            raise Impossible("The loan is larger than anything that can be lent.")
        held, people = lenders_of(given, unit, cap)
        offer = Offer(unit * units, str(given.get("currency", "KRW")), {"unit": unit})
        stakes = stakes_of(offer, held)
        person_of = {pledge.id: pledge.person for pledge in held}
        fired = sum(stake.units for stake in stakes) == units
        reserve = whole_of(terms, "reserve", least=0) if terms.get("reserve") is not None else 0
        loan = Waterfall(unit * units, reserve)
        if fired:
            loan = run(loan, given.get("events", []))
        received, lost = dict.fromkeys(people, 0), dict.fromkeys(people, 0)
        for stake in stakes if fired else []:
            share = received_by(stake, loan.to_lenders, units)
            received[person_of[stake.key]] += share
            lost[person_of[stake.key]] += stake.units * unit - share if loan.defaulted else 0
        return {
            "fired": fired,
            "schedule": schedule(loan.lent, instalments) if fired else [],
            "received": received,
            "written_off": lost,
            "reserve_left": loan.reserve_left,
        }


def within(given: Mapping[str, Any], name: str, most: int, speech: Speech) -> int:
    """The answer to a question, a whole number from 1 to ``most``.

    Raises:
        BadPromise: it is not.
    """
    _ = speech.gettext
    value = given.get(name)
    if not isinstance(value, int) or not 1 <= value <= most:
        raise BadPromise(name, _("Write a whole number from 1 to %(most)s.", most=speech.number(most)))
    return value


def mapping_of(value: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise Impossible(f"“{name}” must be an object.")
    return value


def whole_of(given: Mapping[str, Any], name: str, *, least: int = 1, most: int = LARGEST) -> int:
    """A whole number of a simulation's input.

    Raises:
        Impossible: it is none, or out of bounds.
    """
    value = given.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise Impossible(f"“{name}” must be a whole number from {least} to {most}.")
    return value


def lenders_of(given: Mapping[str, Any], unit: int, cap: int) -> tuple[list[Held], list[str]]:
    """The made-up pledges whose card took the hold, and everybody who pledged.

    Raises:
        Impossible: a pledge is malformed, or somebody lends above the cap.
    """
    pledges, declined = given.get("pledges"), given.get("declined", [])
    if not isinstance(pledges, list) or not isinstance(declined, list):
        raise Impossible("“pledges” and “declined” must be lists.")
    own: dict[str, int] = {}
    held = []
    for number, row in enumerate(pledges):
        pledge = mapping_of(row, "pledges")
        person, units = pledge.get("person"), whole_of(pledge, "units", most=MOST_UNITS)
        if not isinstance(person, str) or not person:
            raise Impossible("Every pledge needs a “person”.")
        own[person] = own.get(person, 0) + units
        if own[person] > cap:
            raise Impossible(f"{person} lends {own[person]} units, more than the {cap} one person may lend.")
        if person not in declined:
            held.append(Held(str(number), person, Promise(units * unit)))
    if unknown := [str(person) for person in declined if not isinstance(person, str) or person not in own]:
        raise Impossible(f"{unknown[0]} is declined but pledged nothing.")
    return held, list(own)


def run(loan: Waterfall, events: Any) -> Waterfall:
    """What repayments, a default and recoveries make of a loan.

    Raises:
        Impossible: an event contradicts the loan.
    """
    if not isinstance(events, list):
        raise Impossible("“events” must be a list.")
    for row in events:
        event = mapping_of(row, "events")
        if set(event) == {"default"} and isinstance(event["default"], bool):
            if event["default"] and (loan.defaulted or loan.owed == 0):
                raise Impossible("A loan defaults once, and only while something is owed.")
            loan = give_up(loan) if event["default"] else loan
        elif set(event) in ({"repay"}, {"recover"}):
            name = next(iter(event))
            if name == "recover" and not loan.defaulted:
                raise Impossible("Nothing can be recovered before the loan has defaulted.")
            amount = whole_of(event, name)
            if amount > loan.owed:
                raise Impossible(f"{amount} is more than the {loan.owed} still owed.")
            loan = pay(loan, amount)
        else:
            raise Impossible("An event is one of “repay”, “default” and “recover”.")
    return loan


KIND = Loan()
