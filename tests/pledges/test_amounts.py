"""Amounts as people write them."""

from __future__ import annotations

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.pledges.amounts import MOST, BadAmount, major_text, read_money, read_whole, suggested_amounts


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("30000", "KRW", 30_000),
        (" ₩30,000 ", "KRW", 30_000),
        ("30,000원", "KRW", 30_000),
        ("1", "USD", 100),
        ("$0.10", "USD", 10),
        ("1,234.56", "USD", 123_456),
        ("100000000000", "KRW", MOST),
    ],
)
def test_an_amount_in_major_units_becomes_minor_units(
    context: None, text: str, currency: str, minor: int
) -> None:
    assert read_money(text, currency) == minor


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "0",
        "-1",
        "-0",
        "0.001",
        "1.5",
        "NaN",
        "Infinity",
        "1e5",
        "삼만",
        "٣٠٠٠",
        "$30",
        "30 USD",
        "100000000001",
        "1" * 32,
        "1" * 40,
        "1\x00",
        "1\r\n2",
        "0x10",
        "--1",
        ".",
    ],
)
def test_what_is_no_amount_in_won_gets_a_sentence(context: None, text: str) -> None:
    with pytest.raises(BadAmount) as refused:
        read_money(text, "KRW")
    assert str(refused.value).endswith(".")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(minor=st.integers(1, MOST), currency=st.sampled_from(["KRW", "JPY", "USD", "EUR", "GBP"]))
def test_what_a_form_carries_is_read_back_exactly(app: Flask, minor: int, currency: str) -> None:
    with app.app_context():
        assert read_money(major_text(minor, currency), currency) == minor


def test_suggestions_carry_no_decimals() -> None:
    assert [major_text(minor, "USD") for minor in suggested_amounts("USD")] == ["10", "30", "50", "100"]
    assert [major_text(minor, "KRW") for minor in suggested_amounts("KRW")] == [
        "10000",
        "30000",
        "50000",
        "100000",
    ]


@pytest.mark.parametrize("text", ["", "0", "-1", "1.5", "½", "1" * 10])
def test_hours_and_units_are_whole_numbers(context: None, text: str) -> None:
    assert read_whole("1,200") == 1_200
    with pytest.raises(BadAmount):
        read_whole(text)
