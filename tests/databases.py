"""Databases for tests: a migrated SQLite file to copy, and a PostgreSQL server of our own to clone from."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from flask_migrate import upgrade

from app import create_app
from app.config import Settings

KEY = "a-key-for-tests-only-of-enough-length"


def settings_for(url: str, **changes: object) -> Settings:
    values: dict[str, object] = {
        "database_url": url,
        "secret_key": KEY,
        "demo": False,
        "limits": "off",
        "open_data": "off",
        "snapshot_seconds": 0,
        "verification_window": 3600,
        "env": "test",
        "base_url": "http://localhost",
    }
    return Settings(**(values | changes))


def migrate(url: str) -> None:
    app = create_app(settings_for(url))
    with app.app_context():
        upgrade()
        from app.db import db

        for engine in db.engines.values():
            engine.dispose()


def program(name: str) -> str:
    """A PostgreSQL server program, which Debian keeps off the PATH."""
    found = shutil.which(name) or next(
        (str(path) for path in sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), reverse=True)), None
    )
    if found is None:
        raise RuntimeError(f"PostgreSQL's {name} is missing: run the tests with 'make test'")
    return found


@contextmanager
def postgres_server(folder: Path) -> Iterator[str]:
    """A private server on a free loopback port, without fsync; yields its URL prefix."""
    data = folder / "postgres"
    owner: dict[str, object] = {}
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        owner = {"user": user.pw_uid, "group": user.pw_gid}
        data.mkdir()
        os.chown(data, user.pw_uid, user.pw_gid)
        for parent in (folder, *folder.parents):
            if parent.stat().st_uid == 0 and parent != Path("/"):
                parent.chmod(parent.stat().st_mode | 0o011)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    words = ["-U", "dure", "-A", "trust", "-E", "UTF8", "--locale", "C.UTF-8", "--no-sync"]
    call_quietly([program("initdb"), "-D", str(data), *words], owner)
    options = (
        f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off "
        "-c synchronous_commit=off -c full_page_writes=off -c max_connections=300 -c autovacuum=off"
    )
    control = [program("pg_ctl"), "-D", str(data), "-w", "-t", "60"]
    call_quietly([*control, "-o", options, "-l", str(data / "log"), "start"], owner)
    try:
        yield f"postgresql://dure@127.0.0.1:{port}"
    finally:
        call_quietly([*control, "-m", "immediate", "stop"], owner, check=False)


def call_quietly(words: list[str], owner: dict[str, object], *, check: bool = True) -> None:
    """Run a server program as the server's owner, from a folder that everybody may read."""
    nowhere = subprocess.DEVNULL
    subprocess.run(words, check=check, stdout=nowhere, stderr=nowhere, cwd="/", **owner)


def clone_postgres(server: str, template: str, name: str) -> str:
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    return f"{server}/{name}"


def drop_postgres(server: str, name: str) -> None:
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


MOST_EMPTIED = 100
"""How often a database is emptied before it is made anew: what was deleted still lies in its files."""


class KeptDatabase:
    """A clone of ``template`` that is emptied instead of being made anew: that costs a tenth.

    A test that changed the schema gets its successor a new clone. Nothing counts rows in these databases, so
    that every plan is made as for a table that grows, not for one that was empty a test ago.
    """

    def __init__(self, server: str, name: str) -> None:
        self.server, self.name = server, name
        self.url = clone_postgres(server, "template", name)
        self.emptied = 0
        with psycopg.connect(self.url, autocommit=True) as connection:
            self.schema = schema_of(connection)

    def empty(self) -> None:
        """Delete every row, past the triggers that keep rows from being deleted."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            end_others(connection)
            self.emptied += 1
            if self.emptied % MOST_EMPTIED == 0 or schema_of(connection) != self.schema:
                connection.close()
                drop_postgres(self.server, self.name)
                clone_postgres(self.server, "template", self.name)
                return
            tables = {name for kind, name in self.schema if kind == "r"} - {"alembic_version"}
            connection.execute("SET session_replication_role = replica")
            connection.execute("; ".join(f'DELETE FROM "{table}"' for table in sorted(tables)))

    def drop(self) -> None:
        drop_postgres(self.server, self.name)


def schema_of(connection: psycopg.Connection[Any]) -> frozenset[tuple[str, str]]:
    """Tables, indexes, triggers and columns by name."""
    rows = connection.execute(
        "SELECT relkind::text, relname FROM pg_class WHERE relnamespace = 'public'::regnamespace "
        "UNION ALL SELECT 'trigger', tgname FROM pg_trigger WHERE NOT tgisinternal "
        "UNION ALL SELECT 'column', table_name || '.' || column_name FROM information_schema.columns "
        "WHERE table_schema = 'public'"
    )
    return frozenset((str(kind), str(name)) for kind, name in rows)


def end_others(connection: psycopg.Connection[Any]) -> None:
    """End what a test left connected: nobody may still be writing."""
    connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
