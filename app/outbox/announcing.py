"""Announcements are rows: history and queue in one."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.db import Model, after_commit, db, id_column, moment_column, new_id

from .queue import wake_worker


class Announcement(Model):
    """Something that happened, and whether everything that follows from it has been done."""

    __tablename__ = "outbox"
    __table_args__ = (
        sa.Index(
            "ix_outbox_due",
            "due_at",
            sqlite_where=sa.text("finished_at IS NULL"),
            postgresql_where=sa.text("finished_at IS NULL"),
        ),
    )

    id: Mapped[str] = id_column()
    topic: Mapped[str] = mapped_column(sa.String(60))
    payload: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    created_at: Mapped[datetime] = moment_column()
    due_at: Mapped[datetime] = moment_column()
    attempts: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime | None] = moment_column()
    given_up_at: Mapped[datetime | None] = moment_column()
    last_error: Mapped[str | None] = mapped_column(sa.Text)


INSERT = sa.insert(cast(sa.Table, Announcement.__table__))


def announce(topic: str, *, due_at: datetime | None = None, **payload: Any) -> None:
    """Say in the present transaction that ``topic`` happened; the worker reacts after the commit.

    ``payload`` holds ids and plain values only. ``due_at`` lets the reaction wait.
    """
    at = clock.now()
    row = {"id": new_id(), "topic": topic, "payload": payload, "created_at": at, "due_at": due_at or at}
    db.session.execute(INSERT, row | {"attempts": 0})
    after_commit(wake_worker)
