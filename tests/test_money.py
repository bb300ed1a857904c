"""Money: exact splits, amounts as people type them, amounts as people read them."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.money import (
    CURRENCIES,
    LARGEST,
    NotMoney,
    exponent,
    format_money,
    format_money_short,
    parse_major,
    split_evenly,
    split_in_proportion,
    to_major,
)

TOTALS = st.integers(0, LARGEST)
WEIGHTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=60).filter(lambda weights: sum(weights) > 0)


@given(TOTALS, st.integers(1, 400))
def test_even_parts_add_up_and_differ_by_at_most_one(total: int, parts: int) -> None:
    split = split_evenly(total, parts)
    assert (sum(split), len(split)) == (total, parts)
    assert max(split) - min(split) <= 1
    assert split == sorted(split, reverse=True)


@given(TOTALS, WEIGHTS)
def test_parts_in_proportion_add_up_and_are_off_by_less_than_one(total: int, weights: list[int]) -> None:
    split = split_in_proportion(total, weights)
    assert sum(split) == total
    for part, weight in zip(split, weights, strict=True):
        assert part >= 0
        assert abs(part - Fraction(total * weight, sum(weights))) < 1
        assert weight or not part


@given(TOTALS, st.integers(1, 10**6), st.integers(1, 300))
def test_equal_weights_are_treated_alike(total: int, weight: int, number: int) -> None:
    assert split_in_proportion(total, [weight] * number) == split_evenly(total, number)


@given(WEIGHTS, st.data())
def test_nobody_gets_back_more_than_they_gave(weights: list[int], data: st.DataObject) -> None:
    rest = data.draw(st.integers(0, sum(weights)))
    assert all(
        part <= weight for part, weight in zip(split_in_proportion(rest, weights), weights, strict=True)
    )


def test_what_276_backers_get_back_of_what_is_left() -> None:
    back = split_in_proportion(276 * 10_000 - 1_000_000, [10_000] * 276)
    assert sum(back) == 1_760_000
    assert Counter(back) == {6_377: 224, 6_376: 52}


@pytest.mark.parametrize(
    ("total", "parts"), [(-1, 3), (1, 0), (1, -2)], ids=["less than nothing", "nobody", "fewer"]
)
def test_an_impossible_even_split_is_refused(total: int, parts: int) -> None:
    with pytest.raises(ValueError, match="parts must be positive"):
        split_evenly(total, parts)


@pytest.mark.parametrize(
    ("total", "weights"), [(1, [0, 0]), (-1, [1]), (1, [2, -1])], ids=["no weight", "debt", "negative"]
)
def test_an_impossible_split_is_refused(total: int, weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights must not be negative"):
        split_in_proportion(total, weights)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("10000", "KRW", 10_000),
        ("10,000원", "KRW", 10_000),
        ("₩10,000", "KRW", 10_000),
        ("  3 000 000 ", "KRW", 3_000_000),
        ("10000.0", "KRW", 10_000),
        ("1000000000000", "KRW", LARGEST),
        ("0.01", "USD", 1),
        ("$1,234.5", "USD", 123_450),
        (".5", "USD", 50),
        ("€12.30", "EUR", 1_230),
        ("¥500", "JPY", 500),
        ("007", "GBP", 700),
    ],
)
def test_amounts_are_read_as_people_type_them(text: str, currency: str, minor: int) -> None:
    assert parse_major(text, currency) == minor


@pytest.mark.parametrize(
    ("text", "currency", "code"),
    [
        ("", "KRW", "empty"),
        ("원", "KRW", "empty"),
        (" \u00a0", "USD", "empty"),
        ("0", "KRW", "not_positive"),
        ("-1", "KRW", "not_positive"),
        ("0.001", "KRW", "fraction"),
        ("0.001", "USD", "fraction"),
        ("10.5", "KRW", "fraction"),
        ("10,000,000,000.01", "USD", "too_large"),
        ("10,50", "EUR", "malformed"),
        ("1,5", "USD", "malformed"),
        ("1,0000", "KRW", "malformed"),
        ("1,,000", "KRW", "malformed"),
        (",100", "KRW", "malformed"),
        (",", "KRW", "empty"),
        ("1000000000001", "KRW", "too_large"),
        ("9" * 40, "KRW", "malformed"),
        ("NaN", "USD", "malformed"),
        ("Infinity", "USD", "malformed"),
        ("1e3", "KRW", "malformed"),
        ("１０００", "KRW", "malformed"),
        ("٣", "KRW", "malformed"),
        ("1.2.3", "USD", "malformed"),
        ("--1", "KRW", "malformed"),
        (".", "USD", "malformed"),
        ("=1+1", "KRW", "malformed"),
        ("1\x000", "KRW", "malformed"),
        ("만원", "KRW", "malformed"),
        ("1", "BTC", "currency"),
    ],
)
def test_what_is_no_amount_is_named(text: str, currency: str, code: str) -> None:
    with pytest.raises(NotMoney) as caught:
        parse_major(text, currency)
    assert caught.value.code == code


@given(st.text(max_size=40), st.sampled_from(CURRENCIES))
def test_whatever_is_typed_is_an_amount_or_no_money(text: str, currency: str) -> None:
    try:
        read: int | str = parse_major(text, currency)
    except NotMoney as refused:
        read = refused.code
    codes = {"empty", "malformed", "fraction", "not_positive", "too_large"}
    assert read in codes if isinstance(read, str) else 0 < read <= LARGEST


@given(st.integers(1, LARGEST), st.sampled_from(CURRENCIES))
def test_what_is_written_out_is_read_back(minor: int, currency: str) -> None:
    major = to_major(minor, currency)
    assert parse_major(f"{major:,f}", currency) == minor
    assert major * 10 ** exponent(currency) == minor


@pytest.mark.parametrize(
    ("minor", "currency", "locale", "shown"),
    [
        (3_000_000, "KRW", "ko", "₩3,000,000"),
        (3_000_000, "KRW", "en", "₩3,000,000"),
        (100_000, "USD", "en", "$1,000.00"),
        (1, "USD", "en", "$0.01"),
        (0, "KRW", "ko", "₩0"),
        (LARGEST, "KRW", "en", "₩1,000,000,000,000"),
    ],
)
def test_amounts_are_written_exactly(minor: int, currency: str, locale: str, shown: str) -> None:
    assert format_money(minor, currency, locale) == shown


@pytest.mark.parametrize(
    ("minor", "locale", "shown"),
    [
        (3_000_000, "ko", "300만원"),
        (100_000_000, "ko", "1억원"),
        (123_456_789, "ko", "1억 2,345만 6,789원"),
        (10_001, "ko", "1만 1원"),
        (9_999, "ko", "9,999원"),
        (0, "ko", "0원"),
        (3_000_000, "en", "₩3,000,000"),
    ],
)
def test_headlines_count_won_as_koreans_do(minor: int, locale: str, shown: str) -> None:
    assert format_money_short(minor, "KRW", locale) == shown
