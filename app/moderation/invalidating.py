"""Striking signatures: chosen ones, or all whose address fits a pattern, in batches with a record."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app.db import db, run_tx
from app.errors import Refusal
from app.people.models import Person
from app.petitions.models import Signature
from app.petitions.signing import invalidate

from .deciding import decide

BATCH = 200
MOST_AT_ONCE = 2_000
MOST_STARS = 4
COUNTING = ("pending", "validated")


def address_like(pattern: str) -> sa.ColumnElement[bool]:
    """The condition "the address fits": ``*`` stands for anything, everything else for itself, in any case.

    Raises:
        Refusal: nothing but wildcards, ``@`` and dots, which would fit everybody; or too many wildcards.
    """
    stars = re.sub(r"\*+", "*", pattern.strip())
    if not stars.strip("*@. "):
        raise Refusal(
            _("An empty filter would strike everybody. Write part of an address, such as *@spam.example."),
            field="address",
        )
    if stars.count("*") > MOST_STARS:
        raise Refusal(_("Use at most four asterisks."), field="address")
    literal = re.sub(r"([\\%_])", r"\\\1", stars.lower())
    return sa.func.lower(Signature.email).like(literal.replace("*", "%"), escape="\\")


def matching(petition_id: str, pattern: str) -> list[str]:
    """The ids of counting signatures whose address fits, at most 2,000 of them, oldest first.

    Raises:
        Refusal: as :func:`address_like`.
    """
    return chosen(petition_id, address_like(pattern))


def selected(petition_id: str, ids: Sequence[str]) -> list[str]:
    """Those of ``ids`` that are counting signatures of this petition.

    Raises:
        Refusal: none was selected.
    """
    if not ids:
        raise Refusal(_("Select at least one signature."))
    return chosen(petition_id, Signature.id.in_(ids))


def chosen(petition_id: str, condition: sa.ColumnElement[bool]) -> list[str]:
    return list(
        db.session.scalars(
            sa.select(Signature.id)
            .where(Signature.petition_id == petition_id, Signature.state.in_(COUNTING), condition)
            .order_by(Signature.created_at, Signature.id)
            .limit(MOST_AT_ONCE)
        )
    )


def strike(
    moderator_id: str, petition_id: str, ids: Sequence[str], *, reason: str, note: str, pattern: str = ""
) -> int:
    """Invalidate in transactions of at most 200 signatures, each with its decision; returns how many.

    A signature withdrawn or struck meanwhile is passed over.
    """
    struck = 0
    for start in range(0, len(ids), BATCH):
        part = ids[start : start + BATCH]
        struck += run_tx(
            partial(strike_part, moderator_id, petition_id, part, reason=reason, note=note, pattern=pattern)
        )
    return struck


def strike_part(
    moderator_id: str, petition_id: str, ids: Sequence[str], *, reason: str, note: str, pattern: str
) -> int:
    struck = sum(invalidate(signature_id, reason) for signature_id in ids)
    if struck:
        detail: dict[str, Any] = {"count": struck} | ({"pattern": pattern} if pattern else {})
        decide(db.session.get_one(Person, moderator_id), petition_id, "invalidate", reason, note, **detail)
    return struck
