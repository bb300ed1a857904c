"""Money: whole numbers of a currency's minor unit, with an ISO 4217 code. No float touches it."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from babel.numbers import format_currency, format_decimal, get_currency_precision

CURRENCIES = ("KRW", "USD", "EUR", "GBP", "JPY")
SEPARATED = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d*)?", re.ASCII)
LARGEST = 10**12
"""The largest amount in minor units that anything here accepts."""


class NotMoney(ValueError):  # noqa: N818
    """``code`` is one of empty, malformed, fraction, not_positive, too_large, currency."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def exponent(currency: str) -> int:
    """How many decimal places the currency has: KRW 0, USD 2."""
    if currency not in CURRENCIES:
        raise NotMoney("currency")
    return get_currency_precision(currency)


def parse_major(text: str, currency: str) -> int:
    """Read what a person typed in major units; return minor units.

    Thousands separators and the currency's sign are allowed; nothing is rounded. A comma anywhere else is
    no separator: 10,50 may mean ten and a half, and is not taken for a thousand and fifty.

    Raises:
        NotMoney: with the code that says what is wrong.
    """
    cleaned = text.strip().replace("\u00a0", "").replace(" ", "").removesuffix("원").lstrip("₩￦$€£¥")
    if not cleaned.replace(",", ""):
        raise NotMoney("empty")
    if "," in cleaned and not SEPARATED.fullmatch(cleaned):
        raise NotMoney("malformed")
    cleaned = cleaned.replace(",", "")
    if not cleaned.isascii() or not cleaned.lstrip("-").replace(".", "", 1).isdigit() or len(cleaned) > 32:
        raise NotMoney("malformed")
    try:
        minor = Decimal(cleaned).scaleb(exponent(currency))
    except InvalidOperation as error:
        raise NotMoney("malformed") from error
    if minor != minor.to_integral_value():
        raise NotMoney("fraction")
    if minor <= 0:
        raise NotMoney("not_positive")
    if minor > LARGEST:
        raise NotMoney("too_large")
    return int(minor)


def to_major(minor: int, currency: str) -> Decimal:
    """The same amount in major units, exactly."""
    return Decimal(minor).scaleb(-exponent(currency))


@lru_cache(maxsize=4096)
def format_money(minor: int, currency: str, locale: str) -> str:
    """The exact amount as the locale writes it: ₩3,000,000 or $1,000.00."""
    return format_currency(to_major(minor, currency), currency, locale=locale)


def format_money_short(minor: int, currency: str, locale: str) -> str:
    """The amount as a headline writes it: 300만원 where won are counted in Korean, exact elsewhere."""
    if currency == "KRW" and locale.startswith("ko") and minor >= 0:
        man, rest = divmod(minor, 10_000)
        eok, man = divmod(man, 10_000)
        parts = [f"{eok:,}억" if eok else "", f"{man:,}만" if man else "", f"{rest:,}" if rest else ""]
        return (" ".join(part for part in parts if part) or "0") + "원"
    return format_money(minor, currency, locale)


def format_number(number: int, locale: str) -> str:
    """A whole number with the locale's separators."""
    return format_decimal(number, locale=locale)


def split_evenly(total: int, parts: int) -> list[int]:
    """Split exactly; equal parts differ by at most one, the earlier ones taking the remainder."""
    if parts <= 0 or total < 0:
        raise ValueError("parts must be positive and total not negative")
    share, rest = divmod(total, parts)
    return [share + (index < rest) for index in range(parts)]


def split_in_proportion(total: int, weights: list[int]) -> list[int]:
    """Split exactly by weight; the remainder goes one by one to the earliest with a weight.

    Each part lies within one minor unit of its exact proportion (largest remainder, ties by order).
    """
    whole = sum(weights)
    if whole <= 0 or total < 0 or min(weights) < 0:
        raise ValueError("weights must not be negative and must add up to something")
    parts = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for index in by_remainder[: total - sum(parts)]:
        parts[index] += 1
    return parts
