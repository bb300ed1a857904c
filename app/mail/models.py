"""The letter."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, id_column, moment_column


class Letter(Model):
    """One letter to one address. ``cause`` is unique: the same event never writes twice."""

    __tablename__ = "letter"
    __table_args__ = (sa.Index("ix_letter_due", "sent_at", "due_at"),)

    id: Mapped[str] = id_column()
    cause: Mapped[str] = mapped_column(sa.String(160), unique=True)
    recipient: Mapped[str] = mapped_column(sa.String(254), index=True)
    locale: Mapped[str] = mapped_column(sa.String(2))
    subject: Mapped[str] = mapped_column(sa.String(250))
    text: Mapped[str] = mapped_column(sa.Text)
    html: Mapped[str] = mapped_column(sa.Text)
    unsubscribe_url: Mapped[str | None] = mapped_column(sa.String(500))
    created_at: Mapped[datetime] = moment_column()
    due_at: Mapped[datetime] = moment_column()
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = moment_column()
    given_up_at: Mapped[datetime | None] = moment_column()
    last_error: Mapped[str | None] = mapped_column(sa.Text)
