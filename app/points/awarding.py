"""Writing points down: one row per cause and person, never changed, voided by another row."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from app import clock
from app.db import db, insert_unless_there, new_id
from app.people.models import Person

from .models import PointRow
from .rules import EventClass

VOID = "void"


def award(
    person_id: str,
    *,
    reason: str,
    cause: str,
    class_: EventClass,
    mp: int,
    counterparty_id: str | None = None,
    petition_id: str | None = None,
    light: bool = False,
    at: datetime | None = None,
) -> bool:
    """Give ``mp`` thousandths of a point (a loss, when the class is ``penalty``) for ``cause``, once.

    Returns False when the cause has been rewarded already or is worth nothing. Call inside a transaction.
    """
    if mp <= 0:
        return False
    return insert_unless_there(
        PointRow,
        {
            "id": new_id(),
            "cause": cause,
            "reason": reason,
            "at": at or clock.now(),
            "person_id": person_id,
            "counterparty_id": counterparty_id,
            "cluster": cluster_of(counterparty_id),
            "petition_id": petition_id,
            "class": class_,
            "mp": mp,
            "light": light,
        },
    )


def cluster_of(person_id: str | None) -> str | None:
    if person_id is None:
        return None
    return db.session.scalar(sa.select(Person.cluster).where(Person.id == person_id))


def void(cause: str) -> int:
    """Cancel every event of a cause, as if it had never happened; returns how many were cancelled."""
    return cancel(PointRow.cause == cause)


def cancel(*which: sa.ColumnElement[bool]) -> int:
    """Cancel the events that fit; returns how many stood until now. Call inside a transaction."""
    rows = db.session.scalars(sa.select(PointRow).where(PointRow.voids.is_(None), *which)).all()
    return sum(
        insert_unless_there(
            PointRow,
            {
                "id": new_id(),
                "cause": f"void:{row.id}",
                "reason": VOID,
                "at": clock.now(),
                "person_id": row.person_id,
                "counterparty_id": row.counterparty_id,
                "cluster": row.cluster,
                "petition_id": row.petition_id,
                "class": row.class_,
                "mp": 0,
                "light": False,
                "voids": row.id,
            },
        )
        for row in rows
    )
