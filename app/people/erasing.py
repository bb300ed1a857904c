"""Erasing a person: the name and the address go, the opaque id and every count stay."""

from __future__ import annotations

import sqlalchemy as sa

from app import clock
from app.db import db, lock, new_id

from .models import Person, SignIn


def erase(person_id: str) -> str | None:
    """Blank one person, end their sessions and their sign-in links; returns the address they had.

    Returns None when they were erased already. Rooms above forget what they keep themselves, in the
    same transaction. Call inside a transaction.
    """
    person = lock(Person, person_id)
    if person.erased_at is not None:
        return None
    email = person.email
    db.session.execute(sa.delete(SignIn).where(SignIn.email == email))
    person.email = person.email_key = person.region = person.demo_role = person.moderator_since = None
    person.name = ""
    person.session_key, person.erased_at = new_id(), clock.now()
    return email
