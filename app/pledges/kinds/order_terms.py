"""The terms of a group order as its organizer writes them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from app.money import NotMoney, parse_major

from .base import BadPromise, Question, Speech
from .prices import what_is_wrong

MOST_UNITS = 9_999
"""The largest order of one person."""
MOST_PICKUPS = 20
TRADES = ("group", "direct", "import")
MOST_TIERS = 12
LONGEST_LINE = 120
LINE_OF_TIER = re.compile(r"(\d[\d,]*)(?:\s*(?:-\s*[\d,]*|\+))?\s*(?:[:=]|\s)\s*(\S.*)")


def questions(speech: Speech) -> tuple[Question, ...]:
    _ = speech.gettext
    prices = _("One line each: from how many units in all, a colon, the price of one unit.")
    cases = _("Only if whole cases must be ordered. People then say the least and the most they take.")
    return (
        Question("item", _("What is ordered"), "text", _("One unit, such as: tangerines, a box of 5 kg.")),
        Question("trade", _("How it is bought"), "choice", start="group", options=trades(speech)),
        Question(
            "origin",
            _("Producer and origin"),
            "text",
            _("Who makes it, and where it comes from. Needed for direct trade and imports."),
            required=False,
        ),
        Question("tiers", _("Prices"), "lines", prices, start="1: 12000\n50: 11000\n100: 10000"),
        Question("case", _("Units in a case"), "whole", cases, required=False),
        Question(
            "freight",
            _("Freight for the whole order"),
            "money",
            _("All units share it exactly."),
            required=False,
        ),
        Question(
            "duty",
            _("Customs duty and tax for the whole order"),
            "money",
            _("For imports. All units share it exactly."),
            required=False,
        ),
        Question(
            "limit",
            _("Most units for one person"),
            "whole",
            _("Leave it empty if there is no limit."),
            required=False,
        ),
        Question(
            "pickups",
            _("Pick-up points"),
            "lines",
            _("One line each: the name, the address, and when somebody is there."),
        ),
        Question(
            "delivery",
            _("Delivered by"),
            "day",
            _("The last day on which buyers get what they ordered; after the deadline."),
        ),
    )


def read_terms(target: int, currency: str, given: Mapping[str, Any], speech: Speech) -> dict[str, Any]:
    """The offer that an organizer's answers make.

    Raises:
        BadPromise: with the name of the question and the sentence beside it.
    """
    _ = speech.gettext
    trade = str(given.get("trade", "group"))
    if trade not in TRADES:
        raise BadPromise("trade", _("Choose how it is bought."))
    tiers = read_tiers(str(given.get("tiers", "")), currency, speech)
    if tiers[0][0] > target:
        raise BadPromise("tiers", _("The first price must hold at the target already."))
    terms = {
        "item": read_line("item", given, speech),
        "trade": trade,
        "origin": read_line("origin", given, speech),
        "tiers": tiers,
        "case": read_count("case", given, speech),
        "freight": int(given.get("freight") or 0),
        "duty": int(given.get("duty") or 0),
        "limit": read_count("limit", given, speech),
        "pickups": read_pickups(str(given.get("pickups", "")), speech),
        "delivery": read_day(str(given.get("delivery", "")), speech),
    }
    if not terms["item"]:
        raise BadPromise("item", _("Say what is ordered."))
    if trade != "group" and not terms["origin"]:
        raise BadPromise("origin", _("Say who makes it, and where it comes from."))
    if terms["duty"] and trade != "import":
        raise BadPromise("duty", _("Duty falls due on imports alone. Leave it empty, or choose import."))
    return terms


def trades(speech: Speech) -> tuple[tuple[str, str], ...]:
    """The ways to buy, in words."""
    _ = speech.gettext
    return (
        ("group", _("We buy from a seller together")),
        ("direct", _("I make it myself: direct trade")),
        ("import", _("We bring it in from abroad")),
    )


def read_line(name: str, given: Mapping[str, Any], speech: Speech) -> str:
    _ = speech.gettext
    text = " ".join(str(given.get(name, "")).split())
    if len(text) > LONGEST_LINE:
        raise BadPromise(name, _("Shorten this to %(most)s characters.", most=speech.number(LONGEST_LINE)))
    return text


def read_count(name: str, given: Mapping[str, Any], speech: Speech) -> int | None:
    """A number of units, or None where the organizer left the field empty."""
    _ = speech.gettext
    count = given.get(name)
    if count is not None and not 1 <= int(count) <= MOST_UNITS:
        most = speech.number(MOST_UNITS)
        raise BadPromise(name, _("Write a whole number from 1 to %(most)s.", most=most))
    return int(count) if count else None


def read_pickups(text: str, speech: Speech) -> list[str]:
    _ = speech.gettext
    points = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    if not points:
        raise BadPromise("pickups", _("Name at least one place where buyers pick up their order."))
    if len(points) > MOST_PICKUPS or max(map(len, points)) > LONGEST_LINE:
        most, longest = speech.number(MOST_PICKUPS), speech.number(LONGEST_LINE)
        raise BadPromise(
            "pickups",
            _("Write at most %(most)s lines of %(longest)s characters.", most=most, longest=longest),
        )
    return points


def read_day(text: str, speech: Speech) -> str:
    _ = speech.gettext
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as bad:
        raise BadPromise("delivery", _("Choose the day by which everything is delivered.")) from bad


def read_tiers(text: str, currency: str, speech: Speech) -> list[list[int]]:
    """The table of prices: ascending quantities, falling prices in minor units."""
    _ = speech.gettext
    tiers: list[list[int]] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        found = LINE_OF_TIER.fullmatch(line)
        try:
            if found is None or len(found[1]) > 12 or len(line) > LONGEST_LINE:
                raise NotMoney("malformed")
            tiers.append([int(found[1].replace(",", "")), parse_major(found[2], currency)])
        except NotMoney as bad:
            raise BadPromise(
                "tiers", _("“%(line)s” is not a quantity, a colon and a price.", line=line[:LONGEST_LINE])
            ) from bad
    if not 1 <= len(tiers) <= MOST_TIERS:
        raise BadPromise("tiers", _("Write from 1 to %(most)s prices.", most=speech.number(MOST_TIERS)))
    if why := what_is_wrong(tiers):
        ascending = _("Each line must start from more units than the one before, the first from at least 1.")
        raise BadPromise(
            "tiers", ascending if why == "quantity" else _("Each price must be lower than before.")
        )
    return tiers
