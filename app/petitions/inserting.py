"""The two rows of a new signature: itself, and the announcement that its letter is due.

Written twice: once for the session, and once for the driver, which is what a crowd signing at once gets.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import new_id
from app.driver import instant, key, run_driver

from .models import Signature

COLUMNS = (
    "id, petition_id, email, email_key, name, region, reason, hide_name, locale, "
    "state, sponsor, network, created_at"
)
TAKING = "state = 'open' AND deadline >= {at} OR state = 'sponsoring'"

INSERT = sa.text(
    f"""
    INSERT INTO signature ({COLUMNS})
    SELECT :id, id, :email, :email_key, :name, :region, :reason, :hide_name, :locale,
           :state, state = 'sponsoring', :network, :at
    FROM petition WHERE id = :petition_id AND ({TAKING.format(at=":at")})
    ON CONFLICT (petition_id, email_key) DO NOTHING
    """  # noqa: S608 - constants only
).bindparams(
    sa.bindparam("id", type_=Signature.id.type),
    sa.bindparam("petition_id", type_=Signature.petition_id.type),
    sa.bindparam("at", type_=Signature.created_at.type),
    sa.bindparam("hide_name", type_=sa.Boolean),
)
"""One row if the petition takes signatures and the address is new to it, else none."""

ON_SQLITE = str(INSERT)
ANNOUNCE_ON_SQLITE = """
    INSERT INTO outbox (id, topic, payload, created_at, due_at, attempts)
    VALUES (:announcement, 'signature_received', :payload, :at, :at, 0)
"""
ON_POSTGRES = f"""
    WITH signed AS (
        INSERT INTO signature ({COLUMNS})
        SELECT CAST(%(id)s AS uuid), id, %(email)s, %(email_key)s, %(name)s, %(region)s, %(reason)s,
               %(hide_name)s, %(locale)s, %(state)s, state = 'sponsoring', %(network)s, %(at)s
        FROM petition WHERE id = CAST(%(petition_id)s AS uuid) AND ({TAKING.format(at="%(at)s")})
        ON CONFLICT (petition_id, email_key) DO NOTHING
        RETURNING id
    )
    INSERT INTO outbox (id, topic, payload, created_at, due_at, attempts)
    SELECT CAST(%(announcement)s AS uuid), 'signature_received', CAST(%(payload)s AS json),
           %(at)s, %(at)s, 0
    FROM signed
"""  # noqa: S608 - constants only


def came_by(signature_id: str, via: str) -> dict[str, Any]:
    """What is announced of a signature: the site whose widget led to it only where there is one."""
    return {"signature_id": signature_id, "via": via} if via else {"signature_id": signature_id}


def insert_quickly(values: dict[str, Any], via: str = "") -> bool:
    """Write both rows in one transaction; False, and nothing, where ``INSERT`` would write nothing.

    ``values`` are those of ``INSERT``; ``via`` goes into the announcement alone.
    """
    announcement = new_id()
    payload = json.dumps(came_by(values["id"], via))

    def write(cursor: Any, on_postgres: bool) -> bool:
        given = in_drivers_words(values, on_postgres)
        given |= {"announcement": key(announcement, on_postgres), "payload": payload}
        if on_postgres:
            cursor.execute(ON_POSTGRES, given)
            return bool(cursor.rowcount)
        cursor.execute(ON_SQLITE, given)
        if not cursor.rowcount:
            return False
        cursor.execute(ANNOUNCE_ON_SQLITE, given)
        return True

    return run_driver(write)


def in_drivers_words(values: dict[str, Any], on_postgres: bool) -> dict[str, Any]:
    at: datetime = values["at"]
    return values | {
        "id": key(values["id"], on_postgres),
        "petition_id": key(values["petition_id"], on_postgres),
        "at": instant(at, on_postgres),
    }
