"""The short way to the database, for the one path that a crowd takes at once.

A session costs more than the two rows that a signature is. Here a verb gets the driver's own cursor, in one
transaction: ``BEGIN IMMEDIATE`` behind the write gate on SQLite; on PostgreSQL a connection in autocommit,
so the verb must be one statement.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from typing import Any, TypeVar

from flask import current_app
from sqlalchemy.engine import Engine

from .db import ATTEMPTS, RETRYABLE, db

T = TypeVar("T")


def run_driver(verb: Callable[[Any, bool], T]) -> T:
    """Call ``verb(cursor, on_postgres)`` in one transaction and return what it returned.

    Everything runs again after a deadlock, a busy database or a lost connection, so the verb must do
    nothing but write, and doing it twice must be doing it once.
    """
    on_postgres = "quick" in db.engines
    engine = db.engines["quick" if on_postgres else None]
    once = on_a_postgres_connection if on_postgres else on_a_sqlite_connection
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return once(engine, verb)
        except engine.dialect.loaded_dbapi.Error as error:
            if attempt == ATTEMPTS or not may_pass(error):
                raise
            time.sleep(0.02 * 2**attempt)
    raise AssertionError("unreachable")


def on_a_sqlite_connection(engine: Engine, verb: Callable[[Any, bool], T]) -> T:
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        with current_app.extensions["write_gate"]():
            cursor.execute("BEGIN IMMEDIATE")
            try:
                result = verb(cursor, False)
            except BaseException:
                cursor.execute("ROLLBACK")
                raise
            cursor.execute("COMMIT")
        return result
    finally:
        connection.close()


def on_a_postgres_connection(engine: Engine, verb: Callable[[Any, bool], T]) -> T:
    connection = engine.raw_connection()
    try:
        with closing(connection.cursor()) as cursor:
            return verb(cursor, True)
    except engine.dialect.loaded_dbapi.OperationalError:
        connection.invalidate()
        raise
    finally:
        connection.close()


def may_pass(error: Exception) -> bool:
    """Whether the same work may succeed when it is simply done again."""
    if isinstance(error, sqlite3.Error):
        return "locked" in str(error) or "busy" in str(error)
    state = getattr(error, "sqlstate", None)
    return state is None or state in RETRYABLE or state.startswith(("08", "57P"))


def key(identity: str, on_postgres: bool) -> str:
    """An id as the driver stores it."""
    return identity if on_postgres else identity.replace("-", "")


def instant(at: datetime, on_postgres: bool) -> Any:
    """A moment as the driver stores it."""
    if on_postgres:
        return at
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
