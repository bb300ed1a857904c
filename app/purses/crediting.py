"""Crediting: money that flows back to people, from one account of a petition into all their purses."""

from __future__ import annotations

from collections.abc import Mapping

from app.ledger.booking import book

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
    return book(
        credited(
            owner,
            debit=debit,
            cause=cause,
            key=key,
            subject_id=subject_id,
            parts=given,
            currency=currency,
        )
    )
