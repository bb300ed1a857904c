"""Saved payment methods: remembered once, and given to their person when that is certain."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app import clock
from app.db import db, insert_unless_there, new_id
from app.errors import Refusal
from app.outbox import announce

from .door import SavedMethod
from .models import PaymentMethod

MOST_SHOWN = 5


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


def methods_of(person_id: str) -> list[PaymentMethod]:
    """The payment methods somebody saved, the newest first, each card once, at most ``MOST_SHOWN``."""
    found: dict[str, PaymentMethod] = {}
    for method in db.session.scalars(
        sa.select(PaymentMethod)
        .where(PaymentMethod.person_id == person_id)
        .order_by(PaymentMethod.saved_at.desc(), PaymentMethod.id.desc())
    ):
        found.setdefault(method.fingerprint, method)
    return list(found.values())[:MOST_SHOWN]


def own_method(method_id: str | None, person_id: str) -> PaymentMethod:
    """The method, if it is this person's.

    Raises:
        Refusal: it is somebody else's, or there is none.
    """
    method = db.session.get(PaymentMethod, method_id) if method_id else None
    if method is None or method.person_id != person_id:
        raise Refusal(_("Save a payment method first."), field="method")
    return method
