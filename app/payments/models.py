"""Saved payment methods, the accounts money goes out to, and the webhook inbox."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Id, Model, id_column, moment_column


class PaymentMethod(Model):
    """A method saved at a gateway for later, never charged by being saved.

    ``fingerprint`` is the gateway's hash of the card or account: the same for the same card.
    """

    __tablename__ = "payment_method"
    __table_args__ = (sa.UniqueConstraint("gateway", "reference"),)

    id: Mapped[str] = id_column()
    gateway: Mapped[str] = mapped_column(sa.String(20))
    reference: Mapped[str] = mapped_column(sa.String(80))
    fingerprint: Mapped[str] = mapped_column(sa.String(64), index=True)
    label: Mapped[str] = mapped_column(sa.String(60))
    person_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("person.id"), index=True)
    saved_at: Mapped[datetime] = moment_column()


class Charge(Model):
    """Money taken at once, written down before the gateway is asked; ``key`` is the idempotency key.

    ``owner`` is the petition in whose books ``credit`` is the account it goes to; ``subject_id`` what it is
    for (a pledge, a duty, a pool). ``amount`` in minor units.
    """

    __tablename__ = "charge"
    __table_args__ = (
        sa.CheckConstraint("state IN ('started', 'done', 'failed')", name="state"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.Index("ix_charge_state_lease", "state", "lease_until"),
        sa.Index("ix_charge_owner", "owner", "purpose"),
    )

    id: Mapped[str] = id_column()
    key: Mapped[str] = mapped_column(sa.String(120), unique=True)
    purpose: Mapped[str] = mapped_column(sa.String(12))
    owner: Mapped[str] = mapped_column(Id, sa.ForeignKey("petition.id"))
    subject_id: Mapped[str] = mapped_column(Id, index=True)
    payer_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("person.id"), index=True)
    method_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("payment_method.id"))
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    currency: Mapped[str] = mapped_column(sa.String(3))
    credit: Mapped[str] = mapped_column(sa.String(20))
    state: Mapped[str] = mapped_column(sa.String(8))
    tries: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[str | None] = mapped_column(sa.String(40))
    reference: Mapped[str | None] = mapped_column(sa.String(80))
    started_at: Mapped[datetime] = moment_column()
    lease_until: Mapped[datetime] = moment_column()
    finished_at: Mapped[datetime | None] = moment_column()


class WebhookMessage(Model):
    """A gateway's message, stored before anything is done about it."""

    __tablename__ = "webhook_inbox"
    __table_args__ = (sa.UniqueConstraint("gateway", "event_id"),)

    id: Mapped[str] = id_column()
    gateway: Mapped[str] = mapped_column(sa.String(20))
    event_id: Mapped[str] = mapped_column(sa.String(80))
    kind: Mapped[str] = mapped_column(sa.String(60))
    object_id: Mapped[str] = mapped_column(sa.String(80))
    received_at: Mapped[datetime] = moment_column()


class Payee(Model):
    """The account a person's money goes out to, checked by the gateway before any payout."""

    __tablename__ = "payee"

    person_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("person.id"), primary_key=True)
    gateway: Mapped[str] = mapped_column(sa.String(20))
    reference: Mapped[str] = mapped_column(sa.String(80))
    label: Mapped[str] = mapped_column(sa.String(80))
    saved_at: Mapped[datetime] = moment_column()
