"""Amounts as people write them, and the few we suggest."""

from __future__ import annotations

from app import money
from app.web.amounts import money_problem

from .wording import SPEECH

_ = SPEECH.gettext

MOST = 10**11
"""The largest pledge the form takes, in minor units."""

SIGNS = {"KRW": "₩￦원", "JPY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}

SUGGESTED = {
    "KRW": (10_000, 30_000, 50_000, 100_000),
    "JPY": (1_000, 3_000, 5_000, 10_000),
}


class BadAmount(ValueError):  # noqa: N818
    """The sentence says what to write instead."""


def suggested_amounts(currency: str) -> tuple[int, ...]:
    """Four amounts in minor units that a person can choose with one press."""
    return SUGGESTED.get(currency, (1_000, 3_000, 5_000, 10_000))


def major_text(minor: int, currency: str) -> str:
    """An amount as a form carries it: plain digits in major units, without a trailing ``.00``."""
    major = money.to_major(minor, currency)
    return str(int(major)) if major == major.to_integral_value() else str(major)


def read_money(text: str, currency: str) -> int:
    """The minor units of what a person wrote in major units.

    Raises:
        BadAmount: with the sentence for the person.
    """
    foreign = {sign for signs in SIGNS.values() for sign in signs} - set(SIGNS[currency])
    if foreign & set(text):
        raise BadAmount(_("This petition counts in %(currency)s.", currency=currency))
    try:
        minor = money.parse_major(text, currency)
        if minor > MOST:
            raise money.NotMoney("too_large")
    except money.NotMoney as bad:
        empty = _("Choose an amount, or write one.")
        raise BadAmount(money_problem(bad, currency, empty=empty, most=MOST)) from bad
    return minor


def read_whole(text: str) -> int:
    """A whole number of hours or units.

    Raises:
        BadAmount: with the sentence for the person.
    """
    cleaned = text.strip().replace(",", "")
    if not cleaned:
        raise BadAmount(_("Choose an amount, or write one."))
    if not cleaned.isascii() or not cleaned.isdigit() or len(cleaned) > 9 or int(cleaned) == 0:
        raise BadAmount(_("Write a whole number, such as 3."))
    return int(cleaned)
