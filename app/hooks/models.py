"""Endpoints, what is told to them, and each telling."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Id, Model, id_column, moment_column

SCOPES = ("every", "own", "one")


class Endpoint(Model):
    """An address that a person's program listens at.

    ``scope`` says which petitions it hears of: ``every`` public one, the person's ``own``, or ``one``.
    Nothing secret is kept here: the signing secret follows from the installation's key, the id and
    ``rotation``. One worker at a time sends to it: whoever holds ``lease``, until ``free_at``; a failure
    lets it rest until then. ``failures`` counts those since the last success, ``failing_since`` is the first.
    """

    __tablename__ = "hook_endpoint"
    __table_args__ = (
        sa.CheckConstraint(f"scope IN {SCOPES!r}", name="scope"),
        sa.CheckConstraint("(scope = 'one') = (petition_id IS NOT NULL)", name="petition"),
        sa.UniqueConstraint("person_id", "form_key"),
    )

    id: Mapped[str] = id_column()
    person_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("person.id"))
    url: Mapped[str] = mapped_column(sa.String(500))
    scope: Mapped[str] = mapped_column(sa.String(5))
    petition_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("petition.id"), index=True)
    events: Mapped[list[str]] = mapped_column(sa.JSON)
    form_key: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[datetime] = moment_column()
    rotation: Mapped[int] = mapped_column(default=0)
    rotated_at: Mapped[datetime | None] = moment_column()
    free_at: Mapped[datetime] = moment_column()
    lease: Mapped[str | None] = mapped_column(Id)
    failures: Mapped[int] = mapped_column(default=0)
    failing_since: Mapped[datetime | None] = moment_column()
    disabled_at: Mapped[datetime | None] = moment_column()
    disabled_because: Mapped[str | None] = mapped_column(sa.String(10))


class Message(Model):
    """What happened, once per ``cause``, and the very text that every endpoint is sent.

    ``petition_id`` is None in a test message.
    """

    __tablename__ = "hook_message"

    id: Mapped[str] = id_column()
    cause: Mapped[str] = mapped_column(sa.String(120), unique=True)
    event: Mapped[str] = mapped_column(sa.String(40))
    petition_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("petition.id"))
    body: Mapped[str] = mapped_column(sa.Text)
    created_at: Mapped[datetime] = moment_column()


class Delivery(Model):
    """One message to one endpoint: waiting until ``delivered_at`` or, when all tries are used, ``dead_at``.

    ``due_at`` is None once it waits no more. ``status`` is the last answer's HTTP status; ``error`` a code
    for what went wrong last.
    """

    __tablename__ = "hook_delivery"
    __table_args__ = (
        sa.UniqueConstraint("endpoint_id", "message_id"),
        sa.Index(
            "ix_hook_delivery_due",
            "endpoint_id",
            "due_at",
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        ),
        sa.Index("ix_hook_delivery_created_at", "created_at"),
    )

    id: Mapped[str] = id_column()
    endpoint_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("hook_endpoint.id"))
    message_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("hook_message.id"), index=True)
    created_at: Mapped[datetime] = moment_column()
    due_at: Mapped[datetime | None] = moment_column()
    attempts: Mapped[int] = mapped_column(default=0)
    tried_at: Mapped[datetime | None] = moment_column()
    status: Mapped[int | None] = mapped_column()
    error: Mapped[str | None] = mapped_column(sa.String(20))
    delivered_at: Mapped[datetime | None] = moment_column()
    dead_at: Mapped[datetime | None] = moment_column()
