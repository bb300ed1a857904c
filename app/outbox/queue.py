"""The Huey object that wakes the worker. The database is the truth about what is due; Huey only knocks."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import cached_property
from typing import Any

import sqlalchemy as sa
import structlog
from flask import Flask, current_app
from huey import Huey, PostgresHuey, RedisHuey, SqliteHuey
from huey.consumer import Consumer

from app.config import Settings

log = structlog.get_logger()

QUIET_SECONDS = 1.0
"""One knock and one more after this pause serve every announcement in between."""


class Queue:
    """A Huey with one task, ``work``, whose body the worker provides; made when first needed."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.body: Callable[[], Any] = lambda: None
        self.last_knock = float("-inf")
        self.guard = threading.Lock()

    @cached_property
    def huey(self) -> Huey:
        return make_huey(self.settings)

    @cached_property
    def task(self) -> Any:
        return self.huey.task(name="work")(self.work)

    def work(self) -> None:
        self.body()

    def consumer(self, body: Callable[[], Any], **options: Any) -> Consumer:
        """A Huey consumer that runs ``body`` at every knock; knocks from before it was made are void."""
        self.body = body
        huey = self.task.huey
        try:
            huey.flush()
        except Exception:
            log.warning("the queue did not answer; the worker looks by itself meanwhile", exc_info=True)
        return huey.create_consumer(**options)

    def knock(self) -> None:
        """Ask the worker to look now, and again when the quiet pause is over; cheap when just done."""
        with self.guard:
            moment = time.monotonic()
            if moment - self.last_knock < QUIET_SECONDS:
                return
            self.last_knock = moment
        self.task()
        self.task.schedule(delay=QUIET_SECONDS)


def make_huey(settings: Settings) -> Huey:
    """Redis where there is one, else beside the database: PostgreSQL, or a SQLite file of its own."""
    if settings.redis_url:
        return RedisHuey("dure", url=settings.redis_url, results=False)
    url = sa.engine.make_url(settings.database_url)
    if url.get_backend_name() == "postgresql":
        dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
        return PostgresHuey("dure", dsn=dsn, results=False)
    return SqliteHuey("dure", filename=f"{url.database}-queue", fsync=False, results=False)


def init_app(app: Flask) -> None:
    app.extensions["queue"] = Queue(app.config["DURE"])


def wake_worker() -> None:
    """Knock; a queue out of reach is no trouble, for the worker also looks by itself."""
    try:
        current_app.extensions["queue"].knock()
    except Exception:
        log.warning("the queue did not answer; the worker will look by itself", exc_info=True)
