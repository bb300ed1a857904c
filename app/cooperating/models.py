"""Members who leave, and surpluses with each member's part."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Id, Model, id_column, moment_column

STANDING = "taken_back_at IS NULL"
NOT_REJECTED = "rejected_at IS NULL"


class Leaving(Model):
    """A member who asked to leave: ``units`` are paid back at par, ``amount`` in minor units.

    ``due_at`` is when the fiscal year is over; the member stays one until ``paid_at``. A member leaves once;
    what was taken back, or came to nothing because the co-operative stopped, does not count. ``returned_at``
    is when the organizer got back what they had paid in too late.
    """

    __tablename__ = "leaving"
    __table_args__ = (
        sa.Index(
            "uq_leaving_member",
            "petition_id",
            "person_id",
            unique=True,
            sqlite_where=sa.text(STANDING),
            postgresql_where=sa.text(STANDING),
        ),
        sa.CheckConstraint("units > 0 AND amount > 0", name="amount"),
        sa.CheckConstraint("paid_at IS NULL OR taken_back_at IS NULL", name="once"),
        sa.CheckConstraint("returned_at IS NULL OR taken_back_at IS NOT NULL", name="returned"),
        sa.Index("ix_leaving_due", "due_at"),
    )

    id: Mapped[str] = id_column()
    petition_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("petition.id"))
    person_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("person.id"))
    units: Mapped[int]
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    currency: Mapped[str] = mapped_column(sa.String(3))
    asked_at: Mapped[datetime] = moment_column()
    due_at: Mapped[datetime] = moment_column()
    taken_back_at: Mapped[datetime | None] = moment_column()
    paid_at: Mapped[datetime | None] = moment_column()
    returned_at: Mapped[datetime | None] = moment_column()


class Surplus(Model):
    """The surplus of one fiscal year and where it goes, in minor units; the four parts add up to it.

    ``year_ends_at`` names the year. The members decide by ``proposal_id``; then the organizer pays in what
    is distributed, and it goes to the members' purses. ``equity`` was paid in when it was split.
    """

    __tablename__ = "surplus"
    __table_args__ = (
        sa.Index(
            "uq_surplus_year",
            "petition_id",
            "year_ends_at",
            unique=True,
            sqlite_where=sa.text(NOT_REJECTED),
            postgresql_where=sa.text(NOT_REJECTED),
        ),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint(
            "reserve >= 0 AND patronage >= 0 AND dividend >= 0 AND retained >= 0 "
            "AND reserve + patronage + dividend + retained = amount",
            name="split",
        ),
        sa.CheckConstraint("dividend <= patronage", name="patronage"),
        sa.CheckConstraint("accepted_at IS NULL OR rejected_at IS NULL", name="decided"),
        sa.CheckConstraint("paid_at IS NULL OR accepted_at IS NOT NULL", name="paid"),
    )

    id: Mapped[str] = id_column()
    petition_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("petition.id"))
    year_ends_at: Mapped[datetime] = moment_column()
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    currency: Mapped[str] = mapped_column(sa.String(3))
    patronage_percent: Mapped[int]
    others_use: Mapped[int] = mapped_column(sa.BigInteger)
    equity: Mapped[int] = mapped_column(sa.BigInteger)
    reserve: Mapped[int] = mapped_column(sa.BigInteger)
    patronage: Mapped[int] = mapped_column(sa.BigInteger)
    dividend: Mapped[int] = mapped_column(sa.BigInteger)
    retained: Mapped[int] = mapped_column(sa.BigInteger)
    proposal_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("proposal.id"), unique=True)
    put_at: Mapped[datetime] = moment_column()
    accepted_at: Mapped[datetime | None] = moment_column()
    rejected_at: Mapped[datetime | None] = moment_column()
    paid_at: Mapped[datetime | None] = moment_column()

    @property
    def distributed(self) -> int:
        """What the members get together."""
        return self.patronage + self.dividend


class SurplusPart(Model):
    """What one member gets of a surplus: for ``used`` (in the organizer's own measure) and for ``units``."""

    __tablename__ = "surplus_part"
    __table_args__ = (
        sa.CheckConstraint("units > 0 AND used >= 0", name="reason"),
        sa.CheckConstraint("patronage >= 0 AND dividend >= 0", name="amount"),
    )

    surplus_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("surplus.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("person.id"), primary_key=True)
    units: Mapped[int]
    used: Mapped[int] = mapped_column(sa.BigInteger)
    patronage: Mapped[int] = mapped_column(sa.BigInteger)
    dividend: Mapped[int] = mapped_column(sa.BigInteger)
