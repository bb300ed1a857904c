"""Subscription, the round of a month, what one person owes for it, and the bill that is charged.

Months are the whole numbers of ``pledges.kinds.months``; money is minor units of the petition's currency.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Id, Model, id_column, moment_column

BILL_STATES = ("due", "charging", "paid", "unpaid", "let_go")
OPEN = ("due", "charging")
ENDS = ("cancelled", "unpaid", "closed", "erased")


class Subscription(Model):
    """A pledge that is charged every month; it has the pledge's id.

    ``amount`` is the person's own; a crowdmatched one has ``cap`` instead, in units, None for no limit. It
    pays from ``first_month`` on. ``stuck_at`` is when something of ours went wrong with it.
    """

    __tablename__ = "subscription"
    __table_args__ = (
        sa.CheckConstraint("amount IS NULL OR amount > 0", name="amount"),
        sa.CheckConstraint("cap IS NULL OR cap > 0", name="cap"),
        sa.CheckConstraint(f"ended_because IS NULL OR ended_because IN {ENDS!r}", name="ended_because"),
        sa.Index("ix_subscription_petition", "petition_id", "ended_at"),
    )

    id: Mapped[str] = mapped_column(Id, sa.ForeignKey("pledge.id"), primary_key=True)
    petition_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("firing.petition_id"))
    amount: Mapped[int | None] = mapped_column(sa.BigInteger)
    cap: Mapped[int | None] = mapped_column(sa.BigInteger)
    first_month: Mapped[int]
    began_at: Mapped[datetime] = moment_column()
    paused_at: Mapped[datetime | None] = moment_column()
    ended_at: Mapped[datetime | None] = moment_column()
    ended_because: Mapped[str | None] = mapped_column(sa.String(10))
    stuck_at: Mapped[datetime | None] = moment_column()
    stuck_because: Mapped[str | None] = mapped_column(sa.String(200))

    @property
    def runs(self) -> bool:
        """Whether the next month would be charged."""
        return self.ended_at is None and self.paused_at is None


class Round(Model):
    """One month of one petition.

    ``value`` is what each patron of a crowdmatched one owes, in units, fixed at ``begun_at`` so that a run
    that died goes on with the same; 0 where everybody pays their own amount. ``run_at`` is when everybody's
    sum was known and billed.
    """

    __tablename__ = "subscription_round"
    __table_args__ = (sa.UniqueConstraint("petition_id", "month"),)

    id: Mapped[str] = id_column()
    petition_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("firing.petition_id"))
    month: Mapped[int]
    told_at: Mapped[datetime] = moment_column()
    value: Mapped[int | None] = mapped_column(sa.BigInteger)
    begun_at: Mapped[datetime | None] = moment_column()
    run_at: Mapped[datetime | None] = moment_column()


class Bill(Model):
    """What is charged at once, for one month or for several whose sums were small; ``month`` is when.

    A failed charge is tried again at ``next_try_at``. ``passed_on`` is the cause of the payout it went out
    with. ``unpaid`` is the end after the last try, ``let_go`` when nobody asks for it any more.
    """

    __tablename__ = "subscription_bill"
    __table_args__ = (
        sa.UniqueConstraint("pledge_id", "month"),
        sa.CheckConstraint(f"state IN {BILL_STATES!r}", name="state"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.Index("ix_subscription_bill_state", "state", "next_try_at"),
        sa.Index("ix_subscription_bill_petition", "petition_id", "state"),
    )

    id: Mapped[str] = id_column()
    pledge_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("subscription.id"))
    petition_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("firing.petition_id"))
    month: Mapped[int]
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    currency: Mapped[str] = mapped_column(sa.String(3))
    state: Mapped[str] = mapped_column(sa.String(10))
    failures: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str | None] = mapped_column(sa.String(40))
    method_label: Mapped[str | None] = mapped_column(sa.String(60))
    passed_on: Mapped[str | None] = mapped_column(sa.String(60))
    made_at: Mapped[datetime] = moment_column()
    first_try_at: Mapped[datetime | None] = moment_column()
    next_try_at: Mapped[datetime | None] = moment_column()
    paid_at: Mapped[datetime | None] = moment_column()
    given_back_at: Mapped[datetime | None] = moment_column()


class Due(Model):
    """What one person owes for one month: at most ``told``, and ``owed`` once the month has begun.

    It is carried on until a bill takes it along; ``waived_at`` is when nobody asks for it any more.
    """

    __tablename__ = "subscription_due"
    __table_args__ = (
        sa.UniqueConstraint("pledge_id", "month"),
        sa.CheckConstraint("told >= 0", name="told"),
        sa.CheckConstraint("owed IS NULL OR (owed >= 0 AND owed <= told)", name="owed"),
        sa.Index("ix_subscription_due_month", "petition_id", "month"),
    )

    id: Mapped[str] = id_column()
    pledge_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("subscription.id"))
    petition_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("firing.petition_id"))
    month: Mapped[int]
    told: Mapped[int] = mapped_column(sa.BigInteger)
    told_at: Mapped[datetime] = moment_column()
    owed: Mapped[int | None] = mapped_column(sa.BigInteger)
    bill_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("subscription_bill.id"), index=True)
    waived_at: Mapped[datetime | None] = moment_column()
