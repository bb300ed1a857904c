"""Letters about purses: to the person whose it is."""

from __future__ import annotations

from collections.abc import Callable

from app.db import db
from app.mail.posting import Draft, post
from app.people.models import Person
from app.purses import letters
from app.purses.models import PursePayout


def payout_paid(payout_id: str) -> None:
    """The money has left; call inside a transaction."""
    tell_owner(payout_id, "purse-paid", lambda payout: letters.payout_paid(payout=payout))


def payout_failed(payout_id: str) -> None:
    """The bank refused; call inside a transaction."""
    tell_owner(payout_id, "purse-failed", lambda payout: letters.payout_failed(payout=payout))


def tell_owner(payout_id: str, cause: str, write: Callable[[PursePayout], Draft]) -> None:
    payout = db.session.get_one(PursePayout, payout_id)
    person = db.session.get_one(Person, payout.person_id)
    post(person.email, person.locale, lambda: write(payout), cause=f"{cause}-{payout_id}")
