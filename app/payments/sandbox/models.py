"""The sandbox gateway's own tables. Nobody else reads them; it commits in transactions of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, id_column, moment_column


class SandboxMethod(Model):
    """A saved test card, or an account to pay out to. ``behaviour`` decides what its holds or payouts do."""

    __tablename__ = "sandbox_method"

    reference: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    behaviour: Mapped[str] = mapped_column(sa.String(30))
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    label: Mapped[str] = mapped_column(sa.String(60))
    created_at: Mapped[datetime] = moment_column()


class SandboxObject(Model):
    """A hold, refund or payout at the gateway; ``parent`` is the hold that a refund gives back."""

    __tablename__ = "sandbox_object"
    __table_args__ = (
        sa.CheckConstraint("captured >= 0 AND captured <= amount", name="captured"),
        sa.CheckConstraint("refunded >= 0 AND refunded <= captured", name="refunded"),
        sa.Index(
            "ix_sandbox_object_expiring",
            "expires_at",
            sqlite_where=sa.text("status = 'held'"),
            postgresql_where=sa.text("status = 'held'"),
        ),
    )

    reference: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    parent: Mapped[str | None] = mapped_column(sa.String(80), index=True)
    method: Mapped[str | None] = mapped_column(sa.String(80))
    status: Mapped[str] = mapped_column(sa.String(20))
    decline_code: Mapped[str | None] = mapped_column(sa.String(40))
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    currency: Mapped[str] = mapped_column(sa.String(3))
    captured: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    refunded: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    created_at: Mapped[datetime] = moment_column()
    expires_at: Mapped[datetime | None] = moment_column()


class SandboxCall(Model):
    """A call and its answer by idempotency key: a repeated call gets the same answer again."""

    __tablename__ = "sandbox_call"

    key: Mapped[str] = mapped_column(sa.String(120), primary_key=True)
    parameters: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    reference: Mapped[str] = mapped_column(sa.String(80))
    status: Mapped[str] = mapped_column(sa.String(20))
    code: Mapped[str | None] = mapped_column(sa.String(40))
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    at: Mapped[datetime] = moment_column()


class SandboxEvent(Model):
    """A webhook message to deliver: once, twice, late or never. ``due_at`` is empty when that is done."""

    __tablename__ = "sandbox_event"

    id: Mapped[str] = id_column()
    kind: Mapped[str] = mapped_column(sa.String(60))
    object_id: Mapped[str] = mapped_column(sa.String(80))
    created_at: Mapped[datetime] = moment_column()
    due_at: Mapped[datetime | None] = moment_column(index=True)
    deliveries_left: Mapped[int] = mapped_column(default=1)
