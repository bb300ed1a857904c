"""The sandbox gateway: every call of the door, with test money and honest refusals."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa
from flask import current_app, has_request_context, url_for
from flask_babel import gettext as _

from app import money
from app.db import run_tx
from app.errors import Refusal
from app.payments import asking
from app.payments.door import Answer, GatewayEvent, SavedMethod, outside_transactions, register
from app.web.guards import own_path
from app.web.links import absolute
from app.web.tokens import ExpiredToken, make_token, read_token

from . import asking as own
from . import moves
from .cards import TOKENS, methods, only_digits, save_account, save_card
from .signing import verify_message

SETUP_LASTS = 60 * 60
"""Seconds between saving a method on the sandbox's page and claiming it."""
LONGEST_DESCRIPTION = 140


class Sandbox:
    """A :class:`~app.payments.door.Gateway` that keeps its books in the ``sandbox_*`` tables."""

    name = "sandbox"

    def saving_page(
        self, *, pledge_id: str, description: str, amount: int, currency: str, return_path: str
    ) -> str:
        content = [pledge_id, description[:LONGEST_DESCRIPTION], amount, currency, own_path(return_path)]
        return path_of("payments.saving", make_token("sandbox-saving", content))

    @outside_transactions
    def claim_setup(self, token: str, *, pledge_id: str) -> SavedMethod:
        try:
            content = read_token("sandbox-setup", token, max_age=SETUP_LASTS)
        except ExpiredToken:
            content = None
        if content is None or content[0] != pledge_id:
            raise Refusal(_("The payment page's answer has expired. Save the card once more."))
        row = asking.one_row(sa.select(methods).where(methods.c.reference == content[1]))
        return SavedMethod(self.name, row.reference, row.fingerprint, row.label)

    @outside_transactions
    def save_token(self, token: str) -> SavedMethod:
        card = TOKENS.get(token)
        if card is None or current_app.config["DURE"].production:
            raise Refusal(
                _("This payment method is not known here. Save a card instead."), field="payment_method"
            )
        return run_tx(lambda: save_card(card))

    @outside_transactions
    def hold(self, *, method: str, amount: int, currency: str, key: str, about: str | None = None) -> Answer:
        asking.check_amount(amount)
        money.exponent(currency)
        parameters = {"call": "hold", "method": method, "amount": amount, "currency": currency}
        return own.ask_once(key, parameters, lambda: moves.place_hold(method, amount, currency))

    @outside_transactions
    def capture(self, *, hold: str, amount: int, key: str) -> Answer:
        asking.check_amount(amount)
        parameters = {"call": "capture", "hold": hold, "amount": amount}
        return own.ask_once(key, parameters, lambda: moves.capture(hold, amount))

    @outside_transactions
    def release(self, *, hold: str, key: str) -> Answer:
        return own.ask_once(key, {"call": "release", "hold": hold}, lambda: moves.release(hold))

    @outside_transactions
    def refund(self, *, hold: str, amount: int, key: str) -> Answer:
        asking.check_amount(amount)
        parameters = {"call": "refund", "hold": hold, "amount": amount}
        return own.ask_once(key, parameters, lambda: moves.refund(hold, amount))

    @outside_transactions
    def charge(
        self, *, method: str, amount: int, currency: str, key: str, about: str | None = None
    ) -> Answer:
        asking.check_amount(amount)
        money.exponent(currency)
        parameters = {"call": "charge", "method": method, "amount": amount, "currency": currency}
        return own.ask_once(key, parameters, lambda: moves.charge(method, amount, currency))

    @outside_transactions
    def save_payee(self, *, label: str, number: str) -> tuple[str, str]:
        if not 6 <= len(only_digits(number)) <= 20:
            raise Refusal(_("Write the account number: 6 to 20 digits, dashes are fine."), field="number")
        return run_tx(lambda: save_account(label, number))

    @outside_transactions
    def pay_out(self, *, payee: str, amount: int, currency: str, key: str) -> Answer:
        asking.check_amount(amount)
        money.exponent(currency)
        parameters = {"call": "pay_out", "payee": payee, "amount": amount, "currency": currency}
        return own.ask_once(key, parameters, lambda: moves.pay_out(payee, amount, currency))

    @outside_transactions
    def find(self, key: str) -> Answer | None:
        return own.find(key)

    @outside_transactions
    def look_up(self, reference: str) -> Answer | None:
        return own.look_up(reference)

    def repair_page(self, hold: str, return_path: str) -> str:
        token = make_token("sandbox-confirmation", [hold, own_path(return_path)])
        return path_of("payments.confirmation", token)

    def verify_webhook(self, body: bytes, headers: Mapping[str, str]) -> GatewayEvent:
        return verify_message(body, headers)


def path_of(endpoint: str, token: str) -> str:
    """The path of a page behind a token, in and out of a request."""
    if has_request_context():
        return url_for(endpoint, token=token)
    base: str = current_app.config["DURE"].base_url
    return absolute(endpoint, token=token).removeprefix(base)


register(Sandbox.name, Sandbox)
