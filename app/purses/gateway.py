"""The purse behind the same door as every gateway: a payment method that is in the house.

It commits in transactions of its own, and remembers what it answered to which key, so that a caller who died
between the answer and noting it finds everything as with a gateway far away.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import gettext as _

from app import money
from app.errors import Refusal
from app.payments import asking
from app.payments.door import (
    Answer,
    ForgedMessage,
    GatewayEvent,
    SavedMethod,
    outside_transactions,
    register,
)
from app.payments.models import PaymentMethod

from . import moves
from .models import PurseCall

NAME = "purse"
LABEL = "Purse"


class Purse:
    """A :class:`~app.payments.door.Gateway` whose methods are people's purses."""

    name = NAME

    def saving_page(
        self, *, pledge_id: str, description: str, amount: int, currency: str, return_path: str
    ) -> str:
        raise Refusal(_("A purse needs no page to be saved on."))

    def claim_setup(self, token: str, *, pledge_id: str) -> SavedMethod:
        raise Refusal(_("A purse needs no page to be saved on."))

    def save_token(self, token: str) -> SavedMethod:
        raise Refusal(_("Sign in to pay from your purse."), field="payment_method")

    @outside_transactions
    def hold(self, *, method: str, amount: int, currency: str, key: str, about: str | None = None) -> Answer:
        asking.check_amount(amount)
        money.exponent(currency)
        parameters = {"call": "hold", "method": method, "amount": amount, "currency": currency}
        return ask_once(key, parameters, lambda: moves.place_hold(method, amount, currency, about))

    @outside_transactions
    def capture(self, *, hold: str, amount: int, key: str) -> Answer:
        asking.check_amount(amount)
        parameters = {"call": "capture", "hold": hold, "amount": amount}
        return ask_once(key, parameters, lambda: moves.capture(hold, amount))

    @outside_transactions
    def release(self, *, hold: str, key: str) -> Answer:
        return ask_once(key, {"call": "release", "hold": hold}, lambda: moves.release(hold))

    @outside_transactions
    def refund(self, *, hold: str, amount: int, key: str) -> Answer:
        asking.check_amount(amount)
        parameters = {"call": "refund", "hold": hold, "amount": amount}
        return ask_once(key, parameters, lambda: moves.refund(hold, amount))

    @outside_transactions
    def charge(
        self, *, method: str, amount: int, currency: str, key: str, about: str | None = None
    ) -> Answer:
        asking.check_amount(amount)
        money.exponent(currency)
        parameters = {"call": "charge", "method": method, "amount": amount, "currency": currency}
        return ask_once(key, parameters, lambda: moves.charge(method, amount, currency, about))

    def save_payee(self, *, label: str, number: str) -> tuple[str, str]:
        raise Refusal(_("A purse cannot be paid out to."), field="number")

    def pay_out(self, *, payee: str, amount: int, currency: str, key: str) -> Answer:
        return Answer("failed", payee, "unknown_payee")

    @outside_transactions
    def find(self, key: str) -> Answer | None:
        call = asking.call_under(PurseCall, key)
        if call is None:
            return None
        return asking.answer_of(call) if call.status == "failed" else moves.stands(call.reference)

    @outside_transactions
    def look_up(self, reference: str) -> Answer | None:
        return moves.stands(reference)

    def repair_page(self, hold: str, return_path: str) -> str:
        return return_path

    def verify_webhook(self, body: bytes, headers: Mapping[str, str]) -> GatewayEvent:
        raise ForgedMessage("a purse sends no messages")


def ask_once(key: str, parameters: dict[str, Any], act: Callable[[], Answer]) -> Answer:
    """As :func:`app.payments.asking.ask_once`: a purse's answer never gets lost."""
    return asking.ask_once(PurseCall, key, parameters, act)[0]


def purse_method(person_id: str) -> SavedMethod:
    """A person's purse, to be kept as a payment method; nobody else can ever have the same."""
    reference = moves.method_reference(person_id)
    return SavedMethod(NAME, reference, hashlib.sha256(reference.encode()).hexdigest(), LABEL)


def label_of(method: PaymentMethod) -> str:
    """How a payment method is called: a card by its last digits, a purse in the reader's language."""
    return str(_("my purse")) if method.gateway == NAME else method.label


register(NAME, Purse)
