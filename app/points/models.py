"""The points ledger: append-only events, each with its cause; scores are folds over them."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Id, Model, id_column, moment_column

from .rules import EventClass


class PointRow(Model):
    """One event of one person. ``cause`` is what earned it; the same cause never pays a person twice.

    ``mp`` are thousandths of a point; ``cluster`` is the counterparty's cluster when it happened;
    ``voids`` names the event that this one cancels.
    """

    __tablename__ = "point_event"
    __table_args__ = (
        sa.UniqueConstraint("cause", "person_id"),
        sa.CheckConstraint("class IN ('support', 'organise', 'care', 'penalty')", name="class"),
        sa.Index("ix_point_event_person_at", "person_id", "at"),
    )

    id: Mapped[str] = id_column()
    cause: Mapped[str] = mapped_column(sa.String(120))
    reason: Mapped[str] = mapped_column(sa.String(30))
    at: Mapped[datetime] = moment_column()
    person_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("person.id"))
    counterparty_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("person.id"))
    cluster: Mapped[str | None] = mapped_column(Id)
    petition_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("petition.id"), index=True)
    class_: Mapped[EventClass] = mapped_column("class", sa.String(10))
    mp: Mapped[int] = mapped_column(sa.BigInteger)
    light: Mapped[bool] = mapped_column(default=False)
    voids: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("point_event.id"))
