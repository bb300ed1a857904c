"""Amounts as people write them, and the few we suggest."""

from __future__ import annotations

from app import money
from app.web.formatting import format_money

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
    except money.NotMoney as bad:
        raise BadAmount(sentence_for(bad.code, currency)) from bad
    if minor > MOST:
        raise BadAmount(sentence_for("too_large", currency))
    return minor


def sentence_for(code: str, currency: str) -> str:
    """What to do about an amount that :mod:`app.money` refused."""
    smallest = format_money(1, currency)
    if code == "empty":
        return _("Choose an amount, or write one.")
    if code == "fraction":
        return _("Write an amount without a fraction of %(smallest)s.", smallest=smallest)
    if code == "not_positive":
        return _("Write an amount of at least %(smallest)s.", smallest=smallest)
    if code == "too_large":
        return _("Write an amount of at most %(most)s.", most=format_money(MOST, currency))
    return _("Write the amount in digits, such as %(example)s.", example=example_of(currency))


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


def example_of(currency: str) -> str:
    """An amount as a person may write it: 30,000."""
    return format(int(major_text(suggested_amounts(currency)[1], currency)), ",")
