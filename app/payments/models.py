"""Saved payment methods and the webhook inbox."""

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
