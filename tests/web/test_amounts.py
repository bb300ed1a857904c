"""One sentence for every amount that cannot be read, in whichever form it was written."""

from __future__ import annotations

import pytest

from app.money import NotMoney, parse_major
from app.web.amounts import money_problem


@pytest.mark.parametrize(
    ("text", "currency", "sentence"),
    [
        ("", "KRW", "Write the amount."),
        ("만원", "KRW", "Write the amount in digits, such as 30,000."),
        ("ten", "USD", "Write the amount in digits, such as 30."),
        ("0.5", "KRW", "Write an amount without a fraction of ₩1."),
        ("0.001", "USD", "Write an amount without a fraction of US$0.01."),
        ("0", "KRW", "Write an amount of at least ₩1."),
        ("9" * 30, "KRW", "Write an amount of at most ₩1,000,000,000,000."),
        ("30", "XXX", "Choose a currency from the list."),
    ],
)
def test_each_problem_says_what_to_write_instead(
    context: None, text: str, currency: str, sentence: str
) -> None:
    with pytest.raises(NotMoney) as refused:
        parse_major(text, currency)
    assert money_problem(refused.value, currency) == sentence


def test_a_form_names_its_own_bounds(context: None) -> None:
    assert money_problem(NotMoney("empty"), "KRW", empty="Say how much.") == "Say how much."
    assert money_problem(NotMoney("too_large"), "KRW", most=500) == "Write an amount of at most ₩500."
