"""Shortage: units that somebody paid for and did not get."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Id, Model, id_column, moment_column

SHORTAGE_STATES = ("reported", "contested", "agreed", "dismissed", "withdrawn")
OPEN = ("reported", "contested")
SPEAKERS = ("buyer", "organizer")


class Shortage(Model):
    """``units`` of one order that are missing, as ``said_by`` says.

    ``reported`` waits for the organizer until ``answer_due_at``, ``contested`` for a moderator. ``agreed``
    units are paid back: ``refund`` in minor units is what they cost, ``given`` what the action still had.
    ``decided_by`` is the moderator who decided, if one had to.
    """

    __tablename__ = "shortage"
    __table_args__ = (
        sa.CheckConstraint(f"state IN {SHORTAGE_STATES!r}", name="state"),
        sa.CheckConstraint(f"said_by IN {SPEAKERS!r}", name="said_by"),
        sa.CheckConstraint("units > 0", name="units"),
        sa.CheckConstraint("given >= 0 AND given <= refund", name="given"),
        sa.UniqueConstraint("petition_id", "idempotency_key"),
        sa.Index("ix_shortage_pledge", "pledge_id", "state"),
        sa.Index("ix_shortage_state", "state", "reported_at"),
    )

    id: Mapped[str] = id_column()
    petition_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("firing.petition_id"))
    pledge_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("pledge.id"))
    units: Mapped[int]
    said_by: Mapped[str] = mapped_column(sa.String(10))
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    answer: Mapped[str] = mapped_column(sa.String(500), default="")
    state: Mapped[str] = mapped_column(sa.String(10))
    refund: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    given: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    decided_by: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("person.id"))
    reported_at: Mapped[datetime] = moment_column()
    answer_due_at: Mapped[datetime | None] = moment_column()
    contested_at: Mapped[datetime | None] = moment_column()
    decided_at: Mapped[datetime | None] = moment_column()
    idempotency_key: Mapped[str] = mapped_column(sa.String(64))
