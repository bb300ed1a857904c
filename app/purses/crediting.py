"""Crediting: money that flows back to people, from one account of a petition into all their purses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import sqlalchemy as sa

from app.db import db
from app.ledger.booking import MOST_OWNERS, batched, book
from app.people.models import Person

from .entries import credited


def credit(
    *,
    owner: str,
    debit: str,
    cause: str,
    key: str,
    subject_id: str,
    parts: Mapping[str, int],
    currency: str,
) -> bool:
    """Put ``parts``, minor units by person id, into purses; False when ``key`` has been booked already.

    What would go to people who were erased is the platform's: nobody could take it out of their purses.

    One journal in the present transaction: it debits ``owner``'s account ``debit`` with the sum and moves as
    much from ``owner``'s clearing to the one behind all purses. Parts of 0 are left out; with nothing but
    those nothing is booked. ``cause`` says on everybody's statement what the money is (see
    :mod:`.statement`), ``subject_id`` what it is about.

    Raises:
        Unbalanced: a part is negative.
    """
    given = {person_id: part for person_id, part in parts.items() if part != 0}
    if not given:
        return False
    gone = erased_among(given)
    return book(
        credited(
            owner,
            debit=debit,
            cause=cause,
            key=key,
            subject_id=subject_id,
            parts={person_id: part for person_id, part in given.items() if person_id not in gone},
            currency=currency,
            given_up=sum(given[person_id] for person_id in gone),
        )
    )


def erased_among(people: Iterable[str]) -> set[str]:
    """Those of these people who were erased."""
    gone: set[str] = set()
    for some in batched(sorted(people), MOST_OWNERS):
        gone |= set(
            db.session.scalars(sa.select(Person.id).where(Person.id.in_(some), Person.erased_at.is_not(None)))
        )
    return gone
