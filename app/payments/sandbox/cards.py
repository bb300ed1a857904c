"""The sandbox's test cards and accounts: what each number does when it is used."""

from __future__ import annotations

import hmac
import re
import secrets
import unicodedata
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_babel import lazy_gettext as _l

from app import clock
from app.db import db, new_id
from app.payments.door import SavedMethod

from .models import SandboxMethod


@dataclass(frozen=True)
class SandboxCard:
    """A published card number and its ``behaviour`` when money is held on it."""

    behaviour: str
    number: str
    effect: Any

    @property
    def last4(self) -> str:
        return self.number[-4:]


CARDS = (
    SandboxCard("ok", "4242 4242 4242 4242", _l("Works")),
    SandboxCard(
        "needs_auth", "4000 0025 0000 3155", _l("Asks you to confirm (3‑D Secure) when the money is reserved")
    ),
    SandboxCard("declines_once", "4000 0000 0000 0341", _l("Is declined the first time, then works")),
    SandboxCard("declined_on_hold", "4000 0000 0000 0002", _l("Is declined when the money is reserved")),
    SandboxCard("insufficient_funds", "4000 0000 0000 9995", _l("Never has enough money on it")),
    SandboxCard(
        "timeout_after_success", "4000 0000 0000 0119", _l("Works, but the bank's answer is lost on the way")
    ),
)
CARD_OF = {card.behaviour: card for card in CARDS}
TOKENS = {f"pm_{card.behaviour}": card for card in CARDS}

DECLINES = {
    "declined_on_hold": "card_declined",
    "declines_once": "card_declined",
    "insufficient_funds": "insufficient_funds",
}
"""The code each declining behaviour answers with."""

CLOSED_ACCOUNT = "0000"
"""An account whose number ends so is closed: it can be saved, but payouts to it fail."""

methods: Any = SandboxMethod.__table__


def card_numbered(text: str) -> SandboxCard | None:
    """The published test card of this number, however it is spaced; None for any other number."""
    digits = only_digits(text)
    return next((card for card in CARDS if only_digits(card.number) == digits), None)


def only_digits(text: str) -> str:
    """The number without its spaces and dashes; empty when it holds anything but digits."""
    packed = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text))
    return packed if packed.isascii() and packed.isdigit() else ""


def save_card(card: SandboxCard, number: str | None = None) -> SavedMethod:
    """Keep a card; call inside a transaction.

    A typed ``number`` always has the same fingerprint; without one the card is newly issued and like
    no other.
    """
    digits = only_digits(number) if number else secrets.token_hex(16)
    saved = SavedMethod("sandbox", f"pm_{new_id()}", fingerprint_of(digits), f"Sandbox •••• {card.last4}")
    keep(saved.reference, card.behaviour, saved.fingerprint, saved.label)
    return saved


def save_account(label: str, number: str) -> tuple[str, str]:
    """Keep an account to pay out to; call inside a transaction. Returns its reference and its label."""
    digits = only_digits(number)
    behaviour = "closed" if digits.endswith(CLOSED_ACCOUNT) else "account"
    reference, shown = f"payee_{new_id()}", f"{label[:45]} •••• {digits[-4:]}".strip()
    keep(reference, behaviour, fingerprint_of(digits), shown)
    return reference, shown


def keep(reference: str, behaviour: str, fingerprint: str, label: str) -> None:
    db.session.execute(
        sa.insert(methods).values(
            reference=reference,
            behaviour=behaviour,
            fingerprint=fingerprint,
            label=label,
            created_at=clock.now(),
        )
    )


def fingerprint_of(digits: str) -> str:
    key = f"dure.sandbox.card.{current_app.config['SECRET_KEY']}"
    return hmac.digest(key.encode(), digits.encode(), "sha256").hex()
