"""The deposits of sponsors; what of them is left, the books say."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Id, Model, id_column, moment_column

STATES = ("draft", "asked", "failed", "lying", "given", "returned")


class Pool(Model):
    """One sponsor's deposit for one petition, ``amount`` in minor units of ``currency``.

    ``purpose`` is ``bonus`` (shared among the backers of a gift that fails) or ``reserve`` (takes the first
    losses of a loan). It is a ``draft`` until its sponsor says to pay it in, ``asked`` while the gateway is
    asked, ``lying`` once it is there, ``given`` when people got it, ``returned`` when the sponsor did.
    ``name`` is the sponsor's as everybody reads it.
    """

    __tablename__ = "pool"
    __table_args__ = (
        sa.CheckConstraint(f"state IN {STATES!r}", name="state"),
        sa.CheckConstraint("purpose IN ('bonus', 'reserve')", name="purpose"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.UniqueConstraint("petition_id", "form_key"),
        sa.Index("ix_pool_petition", "petition_id", "state"),
    )

    id: Mapped[str] = id_column()
    petition_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("petition.id"))
    sponsor_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("person.id"), index=True)
    purpose: Mapped[str] = mapped_column(sa.String(10))
    name: Mapped[str] = mapped_column(sa.String(80))
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    currency: Mapped[str] = mapped_column(sa.String(3))
    method_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("payment_method.id"))
    form_key: Mapped[str] = mapped_column(sa.String(64))
    state: Mapped[str] = mapped_column(sa.String(10))
    failure: Mapped[str | None] = mapped_column(sa.String(40))
    created_at: Mapped[datetime] = moment_column()
    deposited_at: Mapped[datetime | None] = moment_column()
    ended_at: Mapped[datetime | None] = moment_column()
