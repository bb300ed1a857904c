"""What a purse promised (holds), was asked (calls) and sends out (payouts); what is in it, the books say."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Id, Model, id_column, moment_column

HOLD_STATES = ("held", "declined", "captured", "released")
PAYOUT_STATES = ("asked", "paid", "failed")


class PurseHold(Model):
    """Money of a purse set aside for a pledge: ``amount`` in minor units of ``currency``.

    Only a hold that is ``held`` lessens what may be used; a captured one has left the purse in the books.
    ``about`` is the petition it was asked for, if the caller said so.
    """

    __tablename__ = "purse_hold"
    __table_args__ = (
        sa.CheckConstraint(f"state IN {HOLD_STATES!r}", name="state"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint("captured >= 0 AND captured <= amount", name="captured"),
        sa.CheckConstraint("refunded >= 0 AND refunded <= captured", name="refunded"),
        sa.Index("ix_purse_hold_person", "person_id", "currency", "state"),
    )

    id: Mapped[str] = id_column()
    person_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("person.id"))
    currency: Mapped[str] = mapped_column(sa.String(3))
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    captured: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    refunded: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    state: Mapped[str] = mapped_column(sa.String(10))
    code: Mapped[str | None] = mapped_column(sa.String(40))
    about: Mapped[str | None] = mapped_column(Id)
    at: Mapped[datetime] = moment_column()
    ended_at: Mapped[datetime | None] = moment_column()


class PurseCall(Model):
    """What was asked under an idempotency key, and what was answered: the same again gets the same."""

    __tablename__ = "purse_call"

    key: Mapped[str] = mapped_column(sa.String(120), primary_key=True)
    parameters: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    reference: Mapped[str] = mapped_column(sa.String(80))
    status: Mapped[str] = mapped_column(sa.String(10))
    code: Mapped[str | None] = mapped_column(sa.String(40))
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    at: Mapped[datetime] = moment_column()


class PursePayout(Model):
    """Money on its way from a purse to its person's own account.

    The row is there, with the idempotency ``key`` the gateway sees, before the gateway is asked. While it is
    ``asked`` the amount cannot be used for anything else; it leaves the purse in the books once ``paid``.
    ``payee`` is the gateway's name for the account, ``label`` what the person saw of it.
    """

    __tablename__ = "purse_payout"
    __table_args__ = (
        sa.CheckConstraint(f"state IN {PAYOUT_STATES!r}", name="state"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.UniqueConstraint("person_id", "form_key"),
        sa.Index("ix_purse_payout_due", "state", "lease_until"),
    )

    id: Mapped[str] = id_column()
    person_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("person.id"))
    form_key: Mapped[str] = mapped_column(sa.String(64))
    key: Mapped[str] = mapped_column(sa.String(120), unique=True)
    gateway: Mapped[str] = mapped_column(sa.String(20))
    payee: Mapped[str] = mapped_column(sa.String(80))
    label: Mapped[str] = mapped_column(sa.String(80))
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    currency: Mapped[str] = mapped_column(sa.String(3))
    state: Mapped[str] = mapped_column(sa.String(10))
    failure: Mapped[str | None] = mapped_column(sa.String(40))
    tries: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime] = moment_column()
    lease_until: Mapped[datetime] = moment_column()
    finished_at: Mapped[datetime | None] = moment_column()
