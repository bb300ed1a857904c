"""Saved payment methods: remembered once, and given to their person when that is certain."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from app import clock
from app.db import db, insert_unless_there, new_id
from app.outbox import announce

from .door import SavedMethod
from .models import PaymentMethod


def remember(saved: SavedMethod, person_id: str | None = None) -> PaymentMethod:
    """The stored method, inserted unless it is there; call inside a transaction.

    With a ``person_id`` it becomes theirs, as by :func:`own`; nobody can take over another's.
    """
    insert_unless_there(
        PaymentMethod,
        {
            "id": new_id(),
            "gateway": saved.gateway,
            "reference": saved.reference,
            "fingerprint": saved.fingerprint,
            "label": saved.label,
            "saved_at": clock.now(),
        },
    )
    method = db.session.scalars(
        sa.select(PaymentMethod).where(
            PaymentMethod.gateway == saved.gateway, PaymentMethod.reference == saved.reference
        )
    ).one()
    if person_id is not None:
        own(method.id, person_id)
    return method


def own(method_id: str, person_id: str) -> bool:
    """Say whose method it is, once that person is confirmed; False when it belonged to somebody already.

    Announces ``payment_method_saved``, so that people who share a card can be told apart from people
    who do not. Call inside a transaction.
    """
    changed: Any = db.session.execute(
        sa.update(PaymentMethod)
        .where(PaymentMethod.id == method_id, PaymentMethod.person_id.is_(None))
        .values(person_id=person_id)
    )
    if not changed.rowcount:
        return False
    announce("payment_method_saved", method_id=method_id, person_id=person_id)
    return True
