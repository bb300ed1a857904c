"""The database: one write engine, one read engine, and the only place that commits.

SQLite writes begin with ``BEGIN IMMEDIATE`` and read through a second, read-only engine: the default
deferred transaction loses increments and fails under load. PostgreSQL serves both from one engine with
READ COMMITTED and ``FOR UPDATE``. Verbs never commit; views and the worker call :func:`run_tx`.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import sqlalchemy as sa
import uuid_utils
from flask import Flask, current_app
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from sqlalchemy import event
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

T = TypeVar("T")

ATTEMPTS = 6
RETRYABLE = {"40001", "40P01"}


class Base(DeclarativeBase):
    """What every model inherits."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class RoutedSession(Session):
    """Reads go to the read engine; inside :func:`run_tx` everything goes to the write engine."""

    def get_bind(self, mapper: Any = None, clause: Any = None, bind: Any = None, **kwargs: Any) -> Any:
        if bind is not None:
            return bind
        engines = self._db.engines
        return engines[None] if self.info.get("writing") else engines.get("read", engines[None])


db = SQLAlchemy(
    model_class=Base, session_options={"class_": RoutedSession, "expire_on_commit": False, "autoflush": True}
)

if TYPE_CHECKING:
    Model = Base
else:
    Model = db.Model


class Moment(sa.types.TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite stores it naive, PostgreSQL with its zone."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def new_id() -> str:
    """A UUIDv7: unique without asking the database, and sorted by the moment it was made."""
    return str(uuid_utils.uuid7())


Id = sa.Uuid(as_uuid=False)


def id_column() -> Mapped[str]:
    return mapped_column(Id, primary_key=True, default=new_id)


def on_postgres() -> bool:
    """Whether the database behind the session is PostgreSQL; otherwise it is SQLite."""
    return bool(db.session.get_bind().dialect.name == "postgresql")


def moment_column(**kwargs: Any) -> Mapped[Any]:
    return mapped_column(Moment, **kwargs)


def init_app(app: Flask) -> None:
    """Bind the engines to ``DURE_DATABASE_URL``."""
    url = app.config["DURE"].database_url
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    if url.startswith("sqlite"):
        app.config["SQLALCHEMY_BINDS"] = {"read": {"url": url}}
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"connect_args": {"timeout": 30}}
    else:
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
            "pool_pre_ping": True,
            "isolation_level": "READ COMMITTED",
            "connect_args": {"prepare_threshold": None},
        }
        app.config["SQLALCHEMY_BINDS"] = {
            "quick": {
                "url": url,
                "pool_pre_ping": False,
                "pool_reset_on_return": None,
                "isolation_level": "AUTOCOMMIT",
            }
        }
    db.init_app(app)
    let_migrate(app)
    with app.app_context():
        if url.startswith("sqlite"):
            prepare_sqlite(db.engines[None], begin="BEGIN IMMEDIATE", read_only=False)
            prepare_sqlite(db.engines["read"], begin="BEGIN", read_only=True)
    app.extensions["write_gate"] = WriteGate(lock_path(url))


def let_migrate(app: Flask) -> None:
    """Tell Flask-Migrate where the migrations lie, if it is there.

    Whoever migrates has loaded it before the application; servers and workers go without it and Alembic,
    which costs each of them 10 MiB.
    """
    if extension := sys.modules.get("flask_migrate"):
        extension.Migrate(app, db, directory=str(Path(app.root_path).parent / "migrations"))


def prepare_sqlite(engine: Engine, *, begin: str, read_only: bool) -> None:
    """Take transactions out of the driver's hands and set the pragmas every connection needs."""

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "recursive_triggers = ON",
            f"query_only = {'ON' if read_only else 'OFF'}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin_transaction(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)


def lock_path(url: str) -> Path | None:
    """The file that SQLite writers of several processes queue on; never the database file itself."""
    database = sa.engine.make_url(url).database
    return Path(f"{database}.lock") if url.startswith("sqlite") and database else None


class WriteGate:
    """One writer at a time, first in a queue of this process, then among processes.

    SQLite allows one writer anyway; queueing outside it cuts the longest wait from seconds to tenths.
    Without a path (PostgreSQL) the gate is always open.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.here = threading.Lock()
        self.file: int | None = None
        self.process = 0

    @contextmanager
    def __call__(self) -> Iterator[None]:
        if self.path is None:
            yield
            return
        with self.here:
            file = self.opened(self.path)
            fcntl.flock(file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(file, fcntl.LOCK_UN)

    def opened(self, path: Path) -> int:
        """The lock file, opened once per process: a lock on an inherited file would exclude nobody."""
        if self.file is None or self.process != os.getpid():
            self.close()
            self.file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
            self.process = os.getpid()
        return self.file

    def close(self) -> None:
        if self.file is not None:
            os.close(self.file)
            self.file = None

    def __del__(self) -> None:
        self.close()


def run_tx(verb: Callable[[], T]) -> T:
    """Run ``verb`` in one write transaction, commit, and return what it returned.

    The whole function runs again after a serialization failure, a deadlock or a lost connection, so it
    must do nothing but read and write the database.

    Raises:
        RuntimeError: when called inside another ``run_tx``.
    """
    session = db.session()
    if session.info.get("writing"):
        raise RuntimeError("run_tx inside run_tx: pass the work up instead")
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return commit_once(session, verb)
        except DBAPIError as error:
            if attempt == ATTEMPTS or not is_passing(error):
                raise
            time.sleep(0.02 * 2**attempt)
    raise AssertionError("unreachable")


def commit_once(session: Session, verb: Callable[[], T]) -> T:
    session.rollback()
    session.expire_all()
    session.info["writing"] = True
    session.info["after_commit"] = []
    session.info["loaded"], session.info["locked"] = [], {}
    try:
        with current_app.extensions["write_gate"]():
            result = verb()
            session.commit()
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info["writing"] = False
        session.info["loaded"], session.info["locked"] = [], {}
    for follow in dict.fromkeys(session.info["after_commit"]):
        follow()
    return result


@event.listens_for(RoutedSession, "loaded_as_persistent")
def keep_until_commit(session: Any, row: object) -> None:
    """A session forgets rows that nobody holds; inside a transaction what was read once need not be again."""
    if session.info.get("writing"):
        session.info["loaded"].append(row)


def in_transaction() -> bool:
    """Whether a write transaction is under way: nothing may wait on the network meanwhile."""
    return bool(db.session().info.get("writing"))


def after_commit(follow: Callable[[], None]) -> None:
    """Call ``follow`` once when the present transaction has been committed, and only then."""
    db.session().info["after_commit"].append(follow)


def is_passing(error: DBAPIError) -> bool:
    """Whether the same work may succeed when it is simply done again."""
    if error.connection_invalidated:
        return True
    if isinstance(error.orig, sqlite3.OperationalError):
        return "locked" in str(error.orig) or "busy" in str(error.orig)
    return getattr(error.orig, "sqlstate", None) in RETRYABLE


def lock(model: type[T], key: Any) -> T:
    """Load a row afresh and keep others from changing it until the commit; once it is ours it stays loaded.

    On PostgreSQL FOR NO KEY UPDATE: rows that only refer to this one may still be inserted meanwhile.

    Raises:
        LookupError: when there is no such row.
    """
    ours = locked_rows()
    if (model, key) not in ours:
        row = db.session.scalar(locking_select(cast(Any, model), many=False), {"key": key})
        if row is None:
            raise LookupError(f"no {model.__name__} {key}")
        ours[model, key] = row
    found: T = ours[model, key]
    return found


def lock_all(model: Any, keys: Sequence[str]) -> list[Any]:
    """As :func:`lock` for many rows at once, in the order of their keys; missing ones are left out."""
    rows = list(db.session.scalars(locking_select(model, many=True), {"key": list(keys)}))
    locked_rows().update(((model, row.id), row) for row in rows)
    return rows


def locked_rows() -> dict[Any, Any]:
    """What the present transaction has locked, by model and key; nothing is remembered outside of one."""
    info = db.session().info
    ours: dict[Any, Any] = info["locked"] if info.get("writing") else {}
    return ours


@lru_cache(maxsize=64)
def locking_select(model: Any, *, many: bool) -> sa.Select[Any]:
    chosen = model.id.in_(sa.bindparam("key", expanding=True)) if many else model.id == sa.bindparam("key")
    return (
        sa.select(model)
        .where(chosen)
        .order_by(model.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )


def insert_unless_there(model: type[Base], values: dict[str, Any]) -> bool:
    """Insert a row; return False when a unique key says somebody got there first."""
    result: Any = db.session.execute(polite_insert(model, db.session.get_bind().dialect.name), values)
    return bool(result.rowcount)


@lru_cache(maxsize=256)
def polite_insert(model: type[Base], dialect: str) -> Any:
    """The statement of :func:`insert_unless_there`, built once: building costs more than inserting."""
    from sqlalchemy.dialects import postgresql, sqlite

    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    return insert(model.__table__).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
