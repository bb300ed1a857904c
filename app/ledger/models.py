"""Account, journal, posting: append-only by trigger, balanced by the single insert path."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Id, Model, id_column, moment_column


class Account(Model):
    """One account of one owner (an action's petition id) in one currency."""

    __tablename__ = "account"
    __table_args__ = (sa.UniqueConstraint("kind", "owner", "currency"),)

    id: Mapped[str] = id_column()
    kind: Mapped[str] = mapped_column(sa.String(20))
    owner: Mapped[str] = mapped_column(Id)
    currency: Mapped[str] = mapped_column(sa.String(3))


class Journal(Model):
    """One event in the books; ``key`` makes the same event impossible to book twice."""

    __tablename__ = "journal"

    id: Mapped[str] = id_column()
    key: Mapped[str] = mapped_column(sa.String(120), unique=True)
    cause: Mapped[str] = mapped_column(sa.String(30))
    owner: Mapped[str] = mapped_column(Id, index=True)
    subject_id: Mapped[str] = mapped_column(Id)
    at: Mapped[datetime] = moment_column()


class Posting(Model):
    """One line of a journal: debits positive, credits negative, in minor units; never zero."""

    __tablename__ = "posting"
    __table_args__ = (
        sa.UniqueConstraint("journal_id", "account_id"),
        sa.CheckConstraint("amount <> 0", name="amount"),
    )

    id: Mapped[str] = id_column()
    journal_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("journal.id"), index=True)
    account_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("account.id"), index=True)
    amount: Mapped[int] = mapped_column(sa.BigInteger)
