"""The pledge: a conditional promise."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Id, Model, id_column, moment_column

STATES = (
    "draft",
    "ready",
    "withdrawn",
    "frozen",
    "failing",
    "held",
    "captured",
    "released",
    "dropped",
    "part_refunded",
    "refunded",
    "disputed",
    "active",
    "ended",
    "kept",
    "broken",
)
COUNTING = ("ready", "frozen", "failing", "held", "captured", "part_refunded", "active", "kept")


class Pledge(Model):
    """One promise towards one threshold, in its measure (money: minor units of ``currency``).

    ``cost`` is the most it may cost, in minor units and with the ``tip`` for the platform: what is held at
    the firing; 0 holds nothing. ``charge`` is what is taken in the end, None before that is decided.
    ``captured`` and ``refunded`` leave the tip out: it is no part of what the action gets.
    It is ``ready``, and counts, once ``confirmed_at`` (the e-mail) and ``payment_method_id`` are set.
    ``hold_reference`` is the gateway's name for the hold. ``next_try_at`` is when a failed hold is
    tried again, or the beginning of what lasts. ``left_at`` is when its person got the money back in
    another way than a refund (a member who left a co-operative): from then on it has no part in votes and
    refunds.
    """

    __tablename__ = "pledge"
    __table_args__ = (
        sa.CheckConstraint(f"state IN {STATES!r}", name="state"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint("tip >= 0 AND cost >= tip", name="cost"),
        sa.CheckConstraint("charge IS NULL OR (charge >= 0 AND charge <= cost)", name="charge"),
        sa.CheckConstraint("captured >= 0 AND captured <= cost", name="captured"),
        sa.CheckConstraint("refunded >= 0 AND refunded <= captured", name="refunded"),
        sa.CheckConstraint("tip_refunded >= 0 AND tip_refunded <= tip", name="tip_refunded"),
        sa.UniqueConstraint("petition_id", "idempotency_key"),
        sa.Index("ix_pledge_petition_state", "petition_id", "state", "next_try_at"),
    )

    id: Mapped[str] = id_column()
    petition_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("petition.id"))
    kind: Mapped[str] = mapped_column(sa.String(12))
    measure: Mapped[str] = mapped_column(sa.String(12))
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    currency: Mapped[str | None] = mapped_column(sa.String(3))
    cost: Mapped[int] = mapped_column(sa.BigInteger)
    tip: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    charge: Mapped[int | None] = mapped_column(sa.BigInteger)
    terms: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    mandate: Mapped[str] = mapped_column(sa.Text)
    state: Mapped[str] = mapped_column(sa.String(14))
    email: Mapped[str | None] = mapped_column(sa.String(254))
    email_key: Mapped[str] = mapped_column(sa.String(64), index=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    hide_name: Mapped[bool] = mapped_column(default=False)
    locale: Mapped[str] = mapped_column(sa.String(2))
    person_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("person.id"), index=True)
    payment_method_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("payment_method.id"))
    idempotency_key: Mapped[str] = mapped_column(sa.String(64))
    hold_reference: Mapped[str | None] = mapped_column(sa.String(80), unique=True)
    captured: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    refunded: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    tip_refunded: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    tries: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str | None] = mapped_column(sa.String(40))
    next_try_at: Mapped[datetime | None] = moment_column()

    created_at: Mapped[datetime] = moment_column()
    confirmed_at: Mapped[datetime | None] = moment_column()
    ready_at: Mapped[datetime | None] = moment_column()
    withdrawn_at: Mapped[datetime | None] = moment_column()
    frozen_at: Mapped[datetime | None] = moment_column()
    held_at: Mapped[datetime | None] = moment_column()
    captured_at: Mapped[datetime | None] = moment_column()
    released_at: Mapped[datetime | None] = moment_column()
    left_at: Mapped[datetime | None] = moment_column()

    @property
    def paid(self) -> int:
        """What was taken in all, as the card shows it: with the tip, in minor units."""
        return self.captured + self.tip if self.captured else 0

    @property
    def came_back(self) -> int:
        """What was refunded in all, in minor units."""
        return self.refunded + self.tip_refunded
