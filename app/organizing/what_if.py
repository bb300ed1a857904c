"""What would become of a petition if cards fail, a borrower stops, a surplus comes: by the kinds' own rules.

Everything is worked out from the pledges that count now, in their order; nothing is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.pledges.kinds.base import Held, Kind, Offer
from app.pledges.kinds.cooperative import rules_of
from app.pledges.kinds.order import landed_cost
from app.pledges.kinds.prices import dearest_share, price_at
from app.pledges.kinds.repaying import schedule
from app.pledges.wording import SPEECH
from app.web.formatting import day, format_money, number

from .oversubscription import chance_of_enough

USUAL_FAILURES = (3, 5, 8, 10)
"""Per cent of cards that fail in practice: the rows beside the one that was asked for."""


@dataclass(frozen=True)
class Asked:
    """What the organizer wants to know: per cent of failing cards, months and a part of one paid back, a
    reserve and a surplus in minor units, one member's per cent of all use, how many more people promise."""

    failing: int = 8
    months: int = 5
    part: int = 0
    reserve: int = 0
    surplus: int = 1_000_000
    use: int = 25
    others: int = 10


@dataclass(frozen=True)
class Scenario:
    """One answer: a sentence over a table, whose rows begin with their names."""

    title: str
    sentence: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Given:
    """One offer of a petition, and its pledges in order."""

    kind: Kind
    offer: Offer
    pledges: tuple[Held, ...]

    def counted(self, value: int) -> str:
        return self.kind.counted(value, self.offer, SPEECH)

    def money(self, minor: int) -> str:
        return format_money(minor, self.offer.currency)

    @property
    def total(self) -> int:
        return sum(pledge.promise.amount for pledge in self.pledges)


def scenarios_of(given: Given, asked: Asked) -> list[Scenario]:
    """Every answer there is for one offer; a kind that nothing is known about gets none of its own."""
    found = [cards_fail(given, asked)] if given.kind.collects else []
    own = OWN.get(given.kind.name)
    return [*found, own(given, asked)] if own else found


def fails(place: int, percent: int) -> bool:
    """Whether the pledge at this place (from 1) fails when so many per cent do: every 100/percent-th."""
    return place * percent // 100 > (place - 1) * percent // 100


def cards_fail(given: Given, asked: Asked) -> Scenario:
    outcomes = {percent: outcome(given, percent) for percent in sorted({*USUAL_FAILURES, asked.failing})}
    told = outcomes[asked.failing]
    sentence = _(
        "If %(percent)s%% of cards fail, %(held)s of %(goal)s is reserved: %(result)s",
        percent=asked.failing,
        held=given.counted(told.held),
        goal=given.counted(given.offer.target),
        result=result_of(given, told),
    )
    rows = tuple(
        (
            f"{percent}%",
            number(each.failed),
            given.counted(each.held),
            chance(given, percent),
            given.money(each.collected) if each.enough else _("nobody pays"),
        )
        for percent, each in outcomes.items()
    )
    columns = (
        _("Cards that fail"),
        _("Pledges that fail"),
        _("Reserved"),
        _("Chance of enough"),
        _("Collected"),
    )
    return Scenario(_("What if cards fail?"), sentence, columns, rows)


def result_of(given: Given, told: Outcome) -> str:
    """What follows, as the end of a sentence."""
    if told.enough:
        return str(_("that is enough, and %(amount)s is collected.", amount=given.money(told.collected)))
    if given.total < given.offer.target:
        return str(_("too little is pledged so far, even if every card works. Nobody pays."))
    return str(_("that is too little, every reservation is let go, and nobody pays."))


@dataclass(frozen=True)
class Outcome:
    """What is ``held`` in the measure once ``failed`` pledges are gone, and ``collected`` in minor units."""

    failed: int
    held: int
    enough: bool
    collected: int


def outcome(given: Given, percent: int) -> Outcome:
    held = [pledge for place, pledge in enumerate(given.pledges, start=1) if not fails(place, percent)]
    settled = given.kind.settle(given.offer, held)
    return Outcome(
        len(given.pledges) - len(held),
        sum(pledge.promise.amount for pledge in held),
        settled.enough,
        sum(settled.charges.values()) if settled.enough else 0,
    )


def chance(given: Given, percent: int) -> str:
    """The odds that enough cards work, each failing by itself; pledges are taken to be of average size."""
    count, total = len(given.pledges), given.total
    needed = -(-given.offer.target * count // total) if total else count + 1
    odds = float(needed <= count) if not percent else chance_of_enough(count, needed, percent / 100)
    tenths = round(odds * 1000)
    if percent and 0 < needed <= count:
        tenths = min(999, tenths)
    return f"{tenths // 10}.{tenths % 10}%"


def borrower_stops(given: Given, asked: Asked) -> Scenario:
    terms = given.offer.terms
    instalments, unit = int(terms["instalments"]), int(terms["unit"])
    months = min(asked.months, instalments)
    cases = [(each, 0) for each in sorted({0, instalments // 2, instalments} - {months})]
    told = unit_after(given, months, asked.part, asked.reserve)
    sentence = _(
        "If the borrower stops after %(months)s of %(all)s instalments and %(part)s more, %(paid)s has come "
        "back: a unit of %(unit)s gets back %(received)s and loses %(lost)s.",
        months=number(months),
        all=number(instalments),
        part=given.money(asked.part),
        paid=given.money(told.paid),
        unit=given.money(unit),
        received=span(given, told.received),
        lost=span(given, told.lost),
    )
    rows = [stopped_row(given, months, asked.part, told)]
    rows += [stopped_row(given, each, 0, unit_after(given, each, 0, asked.reserve)) for each, _part in cases]
    columns = (
        _("Instalments paid"),
        _("Paid back"),
        _("A unit gets back"),
        _("A unit loses"),
        _("Left of the reserve"),
    )
    return Scenario(_("What if the borrower stops?"), sentence, columns, tuple(rows))


@dataclass(frozen=True)
class Unit:
    """What one unit ``received`` and ``lost`` (the least and the most, minor units) after ``paid`` in all."""

    paid: int
    received: tuple[int, int]
    lost: tuple[int, int]
    reserve_left: int


def unit_after(given: Given, months: int, part: int, reserve: int) -> Unit:
    """The first and the last unit of the loan after a default, by the loan's own rules.

    Raises:
        Impossible: more is paid than is owed.
    """
    target, terms = given.offer.target, given.offer.terms
    unit, instalments = int(terms["unit"]), int(terms["instalments"])
    units = target // unit
    paid = sum(schedule(target, instalments)[:months]) + part
    events: list[dict[str, Any]] = [{"repay": paid}] if paid else []
    events += [{"default": True}] if paid < target else []
    middle = [{"person": "others", "units": units - 2}] if units > 2 else []
    lenders = [{"person": "first", "units": 1}, *middle, {"person": "last", "units": 1}][:units]
    result = given.kind.simulate(
        {
            "terms": {"unit": unit, "units": units, "instalments": instalments, "reserve": reserve},
            "pledges": lenders,
            "events": events,
        }
    )
    last = lenders[-1]["person"]
    ends = [(result["received"][who], result["written_off"][who]) for who in ("first", last)]
    received, lost = zip(*ends, strict=True)
    return Unit(paid, (min(received), max(received)), (min(lost), max(lost)), result["reserve_left"])


def span(given: Given, ends: tuple[int, int]) -> str:
    """One amount, or the least and the most."""
    least, most = ends
    if least == most:
        return given.money(least)
    return str(_("%(least)s to %(most)s", least=given.money(least), most=given.money(most)))


def stopped_row(given: Given, months: int, part: int, unit: Unit) -> tuple[str, ...]:
    name = f"{number(months)} + {given.money(part)}" if part else number(months)
    return (
        name,
        given.money(unit.paid),
        span(given, unit.received),
        span(given, unit.lost),
        given.money(unit.reserve_left),
    )


def price_falls(given: Given, _asked: Asked) -> Scenario:
    terms = given.offer.terms
    landed = landed_cost(terms)
    rows = tuple(
        (
            _("%(units)s or more", units=given.counted(least)),
            given.money(price),
            given.money(dearest_share(landed, least)),
            given.money(price + dearest_share(landed, least)),
        )
        for least, price in terms["tiers"]
    )
    reached = price_at(terms["tiers"], given.total)
    sentence = (
        _(
            "%(units)s are ordered now: at today's quantity a unit costs %(price)s.",
            units=given.counted(given.total),
            price=given.money(reached),
        )
        if reached is not None
        else _("%(units)s are ordered now: too few for the first price.", units=given.counted(given.total))
    )
    columns = (
        _("Ordered in all"),
        _("Price of a unit"),
        _("Freight and duty a unit"),
        _("A unit costs at most"),
    )
    return Scenario(_("What if more is ordered?"), sentence, columns, rows)


def crowd_grows(given: Given, asked: Asked) -> Scenario:
    matched = given.offer.terms.get("mode") == "crowdmatched"
    rows, worth = [], {}
    for percent in sorted({0, asked.failing}):
        staying = [pledge for place, pledge in enumerate(given.pledges, 1) if not fails(place, percent)]
        result = given.kind.simulate(month_of(given, staying, matched=matched))
        charged = result["charged"].values()
        worth[percent] = sum(charged)
        each = given.money(max(charged, default=0)) if matched else "–"
        rows.append((f"{percent}%", number(len(charged)), each, given.money(sum(charged))))
    sentence = _(
        "A month is worth %(today)s with today's %(patrons)s, and %(less)s if %(percent)s%% of cards fail.",
        today=given.money(worth[0]),
        patrons=ngettext("%(num)d subscriber", "%(num)d subscribers", len(given.pledges)),
        less=given.money(worth[asked.failing]),
        percent=asked.failing,
    )
    columns = _("Cards that fail"), _("Who pay"), _("Each of them pays"), _("A month brings")
    return Scenario(_("What is a month worth?"), sentence, columns, tuple(rows))


def month_of(given: Given, staying: Sequence[Held], *, matched: bool) -> dict[str, Any]:
    """A month of these subscriptions as the kind tries it out."""
    pledges = [
        {"person": pledge.id, "cap": pledge.promise.terms.get("cap")}
        if matched
        else {"person": pledge.id, "amount": pledge.promise.amount}
        for pledge in staying
    ]
    terms = {"mode": "crowdmatched", "unit": given.offer.terms["unit"]} if matched else {"mode": "fixed"}
    return {"terms": terms, "pledges": pledges}


def surplus_comes(given: Given, asked: Asked) -> Scenario:
    terms, members = given.offer.terms, members_of(given)
    result = given.kind.simulate(
        {
            "terms": {name: terms[name] for name in ("unit", "total_units", "founders", "cap_percent")}
            | {"target": given.offer.target},
            "pledges": [{"person": name, "units": units} for name, units in members.items()],
            "surplus": asked.surplus,
            "use": use_of(members, asked.use),
            "reserve_percent": terms.get("reserve_percent", 10),
            "dividend_cap_percent": terms.get("dividend_cap_percent", 10),
        }
    )
    patronage, dividend = sum(result["patronage"].values()), sum(result["dividend"].values())
    sentence = _(
        "Of a surplus of %(surplus)s, %(reserve)s is reserved and %(shared)s goes to the members. Whoever "
        "makes %(percent)s%% of all use gets %(part)s for it.",
        percent=asked.use,
        part=given.money(result["patronage"].get(next(iter(members), ""), 0)),
        surplus=given.money(asked.surplus),
        reserve=given.money(result["reserve"]),
        shared=given.money(patronage + dividend),
    )
    rows = (
        (_("Reserve"), given.money(result["reserve"])),
        (_("To members, by use"), given.money(patronage)),
        (_("To members, by shares"), given.money(dividend)),
        (_("Stays"), given.money(result["retained"])),
    )
    return Scenario(_("What if there is a surplus?"), sentence, (_("Part"), _("Amount")), rows)


def use_of(members: Iterable[str], percent: int) -> dict[str, float]:
    """The first member's part of all use in per cent; the others share the rest evenly, in hundredths."""
    first, *others = members
    each = (100 - percent) * 100 // len(others) / 100 if others else 0.0
    return {first: float(percent)} | dict.fromkeys(others, each)


def members_of(given: Given) -> dict[str, int]:
    """The members so far with their units, and as many made-up ones as the target still needs."""
    terms, members = given.offer.terms, dict[str, int]()
    for pledge in given.pledges:
        members[pledge.person] = members.get(pledge.person, 0) + pledge.promise.amount
    missing = max(0, given.offer.target - given.total)
    rules = rules_of(terms)
    more = max(-(-missing // rules.cap), rules.founders - len(members)) if missing else 0
    more = min(more, missing)
    for place in range(more):
        members[f"+{place}"] = missing // more + (place < missing % more)
    return members


def others_join(given: Given, asked: Asked) -> Scenario:
    usual = max(1, given.total // len(given.pledges)) if given.pledges else 1
    rows = []
    for more in sorted({0, asked.others, 2 * asked.others}):
        reached = given.total + more * usual
        missing = max(0, given.offer.target - reached)
        rows.append(
            (number(more), given.counted(reached), given.counted(missing) if missing else _("nothing"))
        )
    missing = max(0, given.offer.target - given.total - asked.others * usual)
    values = {
        "others": number(asked.others),
        "usual": given.counted(usual),
        "day": day(given.offer.deadline) if given.offer.deadline else "",
        "missing": given.counted(missing),
    }
    sentence = (
        _("If %(others)s others promise %(usual)s each by %(day)s, %(missing)s is still missing.", **values)
        if missing
        else _("If %(others)s others promise %(usual)s each by %(day)s, it holds.", **values)
    )
    columns = _("Others who join"), _("Promised then"), _("Still missing")
    return Scenario(_("What if others join?"), sentence, columns, tuple(rows))


OWN: dict[str, Callable[[Given, Asked], Scenario]] = {
    "loan": borrower_stops,
    "order": price_falls,
    "recurring": crowd_grows,
    "share": surplus_comes,
    "deed": others_join,
}
