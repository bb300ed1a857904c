"""Shift, seat, word: the tables of the deeds."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Id, Model, id_column, moment_column

SEAT_STATES = ("taken", "waiting", "left")
SIDES = ("person", "organizer", "moderator")


class Shift(Model):
    """A time at a place with so many places for people who promised; cancelled ones stay to be read."""

    __tablename__ = "shift"
    __table_args__ = (
        sa.CheckConstraint("places > 0", name="places"),
        sa.CheckConstraint("ends_at > starts_at", name="ends"),
        sa.UniqueConstraint("petition_id", "idempotency_key"),
        sa.Index("ix_shift_petition_starts", "petition_id", "starts_at"),
    )

    id: Mapped[str] = id_column()
    petition_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("petition.id"))
    title: Mapped[str] = mapped_column(sa.String(120))
    address: Mapped[str] = mapped_column(sa.String(200))
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    starts_at: Mapped[datetime] = moment_column()
    ends_at: Mapped[datetime] = moment_column()
    places: Mapped[int]
    changes: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = moment_column()
    cancelled_at: Mapped[datetime | None] = moment_column()
    idempotency_key: Mapped[str] = mapped_column(sa.String(64))


class Seat(Model):
    """One pledge on one shift: with a place, waiting for one, or gone again.

    ``turn`` grows with every asking on a shift; the lowest of those who wait moves up first.
    """

    __tablename__ = "shift_seat"
    __table_args__ = (
        sa.CheckConstraint(f"state IN {SEAT_STATES!r}", name="state"),
        sa.CheckConstraint("checked_in_at IS NULL OR state = 'taken'", name="checked_in"),
        sa.UniqueConstraint("petition_id", "shift_id", "pledge_id"),
        sa.Index("ix_shift_seat_shift", "shift_id", "state", "turn"),
        sa.Index("ix_shift_seat_pledge", "pledge_id"),
    )

    id: Mapped[str] = id_column()
    petition_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("petition.id"))
    shift_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("shift.id"))
    pledge_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("pledge.id"))
    state: Mapped[str] = mapped_column(sa.String(8))
    turn: Mapped[int]
    asked_at: Mapped[datetime] = moment_column()
    taken_at: Mapped[datetime | None] = moment_column()
    left_at: Mapped[datetime | None] = moment_column()
    checked_in_at: Mapped[datetime | None] = moment_column()
    checked_in_by: Mapped[str | None] = mapped_column(sa.String(10))


class Word(Model):
    """What one side says about a deed: kept or not, and how much was done in the promise's measure."""

    __tablename__ = "deed_word"
    __table_args__ = (
        sa.CheckConstraint(f"side IN {SIDES!r}", name="side"),
        sa.CheckConstraint("amount >= 0", name="amount"),
    )

    petition_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("petition.id"), primary_key=True)
    pledge_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("pledge.id"), primary_key=True, index=True)
    side: Mapped[str] = mapped_column(sa.String(10), primary_key=True)
    kept: Mapped[bool]
    amount: Mapped[int]
    note: Mapped[str] = mapped_column(sa.String(500), default="")
    at: Mapped[datetime] = moment_column()
