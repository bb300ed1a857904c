"""The sandbox gateway's own tables. Nobody else reads them; it commits in transactions of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Model, id_column, moment_column


class SandboxMethod(Model):
    """A saved test card or account. ``behaviour`` decides what its holds do."""

    __tablename__ = "sandbox_method"

    reference: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    behaviour: Mapped[str] = mapped_column(sa.String(30))
    fingerprint: Mapped[str] = mapped_column(sa.String(64))
    label: Mapped[str] = mapped_column(sa.String(60))
    created_at: Mapped[datetime] = moment_column()


class SandboxObject(Model):
    """An intent (hold), refund or payout at the gateway, found again by its idempotency key."""

    __tablename__ = "sandbox_object"
    __table_args__ = (
        sa.CheckConstraint("captured >= 0 AND captured <= amount", name="captured"),
        sa.CheckConstraint("refunded >= 0 AND refunded <= captured", name="refunded"),
    )

    reference: Mapped[str] = mapped_column(sa.String(80), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(10))
    key: Mapped[str] = mapped_column(sa.String(120), unique=True)
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
    """A mutating call and its answer by idempotency key, so that a repeated call gets the same answer."""

    __tablename__ = "sandbox_call"

    key: Mapped[str] = mapped_column(sa.String(120), primary_key=True)
    parameters: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    reference: Mapped[str] = mapped_column(sa.String(80))
    at: Mapped[datetime] = moment_column()


class SandboxEvent(Model):
    """A webhook message waiting to be delivered: once, twice, late or never."""

    __tablename__ = "sandbox_event"

    id: Mapped[str] = id_column()
    kind: Mapped[str] = mapped_column(sa.String(60))
    object_id: Mapped[str] = mapped_column(sa.String(80))
    created_at: Mapped[datetime] = moment_column()
    due_at: Mapped[datetime | None] = moment_column(index=True)
    deliveries_left: Mapped[int] = mapped_column(default=1)
