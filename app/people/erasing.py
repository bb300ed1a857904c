"""Erasing a person: the name and the address go, the opaque id and every count stay."""

from __future__ import annotations

import sqlalchemy as sa

from app import clock
from app.db import db, lock, new_id

from .models import Person, SignIn


def erase(person_id: str) -> bool:
    """Blank one person and end their sessions; False when they were erased already.

    Rooms above forget what they keep themselves, in the same transaction. Call inside a transaction.
    """
    person = lock(Person, person_id)
    if person.erased_at is not None:
        return False
    person.email = person.email_key = person.region = person.handle = None
    person.demo_role = person.moderator_since = None
    person.name = ""
    person.session_key, person.erased_at = new_id(), clock.now()
    return True


def forget_sign_ins(address: str) -> None:
    """Sign-in links to this address, in the spelling it was asked for with, go. Call inside a transaction."""
    db.session.execute(sa.delete(SignIn).where(SignIn.email == address))
