"""Paying out to a saved account."""

from __future__ import annotations

import pytest

from app.errors import Refusal
from app.payments.door import Gateway


def test_money_goes_to_a_saved_account(sandbox: Gateway) -> None:
    payee, label = sandbox.save_payee(label="Hansol", number="110-123-456789")
    answer = sandbox.pay_out(payee=payee, amount=1_000_000, currency="KRW", key="p")

    assert label == "Hansol •••• 6789"
    assert (answer.status, answer.amount) == ("paid", 1_000_000)
    assert sandbox.look_up(answer.reference) == answer
    assert sandbox.find("p") == answer


def test_a_closed_account_fails_and_says_so(sandbox: Gateway) -> None:
    payee, _label = sandbox.save_payee(label="Hansol", number="110 123 450000")
    answer = sandbox.pay_out(payee=payee, amount=1_000, currency="KRW", key="p")

    assert (answer.status, answer.code, answer.amount) == ("failed", "account_closed", 0)
    assert sandbox.find("p") == answer


def test_a_card_is_no_account(sandbox: Gateway) -> None:
    card = sandbox.save_token("pm_ok").reference

    assert sandbox.pay_out(payee=card, amount=1, currency="KRW", key="p").code == "unknown_payee"


@pytest.mark.parametrize("number", ["", "12345", "1" * 21, "110-abc-456789", "'; DROP TABLE"])
def test_a_number_that_is_none_is_refused_beside_its_field(number: str, sandbox: Gateway) -> None:
    with pytest.raises(Refusal) as refusal:
        sandbox.save_payee(label="Hansol", number=number)
    assert refusal.value.field == "number"


def test_the_number_itself_is_kept_nowhere(sandbox: Gateway) -> None:
    from app.payments.asking import one_row
    from app.payments.sandbox.cards import methods

    sandbox.save_payee(label="Hansol", number="110-123-456789")

    assert "123456789" not in str(tuple(one_row(methods.select()))).replace("-", "")
