"""Migrations: they make what the models say, guard what is append-only, and can be undone."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy.exc import DBAPIError

from app import clock
from app.config import ROOT
from app.db import Moment, db
from app.ledger.triggers import APPEND_ONLY

SEARCH_INDEX = "petition_gram"
"""A table with two bodies, one of each database's own kind, so no model describes it."""

pytestmark = pytest.mark.usefixtures("context")


def differences() -> list[object]:
    """What a migration would still have to change."""

    def is_ours(name: str | None, kind: str, _parents: object) -> bool:
        return not (kind == "table" and name is not None and name.startswith(SEARCH_INDEX))

    options = {"compare_type": True, "include_name": is_ours}
    with db.engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), db.metadata))


def triggers() -> set[str]:
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if db.engine.dialect.name == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    )
    with db.engine.connect() as connection:
        return set(connection.scalars(sa.text(query)))


def expected_triggers() -> set[str]:
    if db.engine.dialect.name == "sqlite":
        return {f"{table}_no_{verb}" for table in APPEND_ONLY for verb in ("update", "delete")}
    return {f"{table}_append_only" for table in APPEND_ONLY} | {"journal_balances", "posting_in_time"}


def tables() -> set[str]:
    inspector = sa.inspect(db.engine)
    return {name for name in inspector.get_table_names() if not name.startswith(SEARCH_INDEX)}


def test_they_make_exactly_what_the_models_say(app: Flask) -> None:
    assert differences() == []


def test_a_column_nobody_migrated_would_be_found(app: Flask) -> None:
    """The negative control."""
    with db.engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE follow ADD COLUMN forgotten INTEGER"))
    assert len(differences()) == 1


def test_the_triggers_are_there(app: Flask) -> None:
    assert triggers() == expected_triggers()


def test_they_can_be_undone_and_done_again(app: Flask) -> None:
    before = tables()
    downgrade(revision="base")
    assert tables() == {"alembic_version"}
    assert triggers() == set()
    upgrade()
    assert tables() == before
    assert triggers() == expected_triggers()
    assert differences() == []


def insert_anything(connection: sa.Connection, table: sa.Table) -> None:
    """One row with some value in every column; constraints other than types are not looked at."""
    samples: list[tuple[type, object]] = [
        (sa.Uuid, "019a0000-0000-7000-8000-000000000000"),
        (Moment, clock.now()),
        (sa.JSON, {}),
        (sa.Boolean, True),
        (sa.Integer, 1),
        (sa.String, "x"),
    ]
    values = {
        column.name: next(sample for kind, sample in samples if isinstance(column.type, kind))
        for column in table.columns
    }
    connection.execute(table.insert().values(**values))


@pytest.mark.parametrize("verb", ["UPDATE", "DELETE"])
@pytest.mark.parametrize("name", APPEND_ONLY)
def test_what_was_written_stays(app: Flask, name: str, verb: str) -> None:
    table = db.metadata.tables[name]
    column = next(iter(table.primary_key.columns)).name
    statement = f"UPDATE {name} SET {column} = {column}" if verb == "UPDATE" else f"DELETE FROM {name}"
    with db.engine.connect() as connection:
        ignore_constraints(connection, name)
        insert_anything(connection, table)
        with pytest.raises(DBAPIError, match="append-only"):
            connection.execute(sa.text(statement))
        connection.rollback()


def ignore_constraints(connection: sa.Connection, name: str) -> None:
    """Lift references and checks for this connection, so that any row may stand for all."""
    if connection.dialect.name == "sqlite":
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("PRAGMA foreign_keys = OFF")
        raw.execute("PRAGMA ignore_check_constraints = ON")
        return
    inspector = sa.inspect(connection)
    for constraint in (*inspector.get_foreign_keys(name), *inspector.get_check_constraints(name)):
        connection.execute(sa.text(f"ALTER TABLE {name} DROP CONSTRAINT {constraint['name']}"))


def test_every_migration_says_how_to_undo_it() -> None:
    for path in sorted((ROOT / "migrations" / "versions").glob("*.py")):
        assert "def downgrade" in Path(path).read_text(), path.name
