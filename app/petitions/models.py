"""Petition, threshold, signature, update: the tables. Verbs over them are in the modules beside."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.db import Id, Model, id_column, moment_column

STATES = (
    "draft",
    "sponsoring",
    "moderation",
    "open",
    "closed",
    "rejected",
    "hidden",
    "stopped",
    "removed",
    "archived",
)
PUBLIC_STATES = ("open", "closed", "stopped", "archived")
SIGNATURE_STATES = ("pending", "validated", "fraudulent", "invalidated", "withdrawn")
RESPONSE_TRACK = ("none", "awaiting", "responded", "silent")


class Petition(Model):
    """A demand, an addressee, a text, thresholds, a deadline, and what the crowd does once they hold.

    ``tipped_at`` and ``window_ends_at`` are set while every threshold holds and the verification window
    runs; ``fired_at`` when the petition has become an action.
    """

    __tablename__ = "petition"
    __table_args__ = (
        sa.CheckConstraint(f"state IN {STATES!r}", name="state"),
        sa.CheckConstraint(f"response_track IN {RESPONSE_TRACK!r}", name="response_track"),
        sa.UniqueConstraint("source", "source_id"),
        sa.Index("ix_petition_state_opened", "state", "opened_at"),
    )

    id: Mapped[str] = id_column()
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    title: Mapped[str] = mapped_column(sa.Text)
    addressee: Mapped[str] = mapped_column(sa.String(200))
    summary: Mapped[str] = mapped_column(sa.String(300), default="")
    text: Mapped[str] = mapped_column(sa.Text)
    locale: Mapped[str] = mapped_column(sa.String(2))
    topic: Mapped[str | None] = mapped_column(sa.String(20), index=True)
    state: Mapped[str] = mapped_column(sa.String(12))
    currency: Mapped[str | None] = mapped_column(sa.String(3))
    deadline: Mapped[datetime | None] = moment_column()
    organizer_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("person.id"), index=True)
    featured_at: Mapped[datetime | None] = moment_column()
    sponsors_needed: Mapped[int] = mapped_column(default=0)
    rejection: Mapped[str | None] = mapped_column(sa.String(40))
    idempotency_key: Mapped[str | None] = mapped_column(sa.String(64), unique=True)

    created_at: Mapped[datetime] = moment_column()
    submitted_at: Mapped[datetime | None] = moment_column()
    opened_at: Mapped[datetime | None] = moment_column()
    closed_at: Mapped[datetime | None] = moment_column()
    tipped_at: Mapped[datetime | None] = moment_column()
    window_ends_at: Mapped[datetime | None] = moment_column(index=True)
    fired_at: Mapped[datetime | None] = moment_column()

    response_track: Mapped[str] = mapped_column(sa.String(12), default="none")
    response_due_at: Mapped[datetime | None] = moment_column()
    responded_at: Mapped[datetime | None] = moment_column()
    response_text: Mapped[str | None] = mapped_column(sa.Text)

    source: Mapped[str | None] = mapped_column(sa.String(30))
    source_id: Mapped[str | None] = mapped_column(sa.String(60))
    archive: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON)

    thresholds: Mapped[list[Threshold]] = relationship(
        order_by="Threshold.position", lazy="selectin", cascade="all, delete-orphan"
    )

    @property
    def is_public(self) -> bool:
        return self.state in PUBLIC_STATES

    @property
    def signatures(self) -> Threshold:
        """The signature threshold; every petition of ours has exactly one."""
        return next(t for t in self.thresholds if t.measure == "signatures")

    @property
    def pledge_thresholds(self) -> list[Threshold]:
        return [t for t in self.thresholds if t.measure != "signatures"]

    def threshold_of(self, kind: str) -> Threshold | None:
        """The threshold that pledges of this kind count towards, if the petition has one."""
        return next((t for t in self.pledge_thresholds if t.kind == kind), None)


class Threshold(Model):
    """One measure with a target and a tally. Money is in minor units of the petition's currency.

    ``kind`` is the kind of pledge that counts towards it, ``signatures`` for the signature threshold;
    ``terms`` are what the petition offers to those who pledge. ``contributors`` counts the signatures or
    pledges behind the tally; ``reached_at`` is the first moment the target was reached and stays when the
    tally falls again. ``accepted_at`` is when the organizer signed the terms, where a kind asks for that;
    ``closed_at`` when they stopped taking new pledges of a kind that people join later.
    """

    __tablename__ = "threshold"
    __table_args__ = (
        sa.UniqueConstraint("petition_id", "kind"),
        sa.CheckConstraint("target > 0", name="target"),
        sa.CheckConstraint("tally >= 0", name="tally"),
        sa.CheckConstraint("measure IN ('signatures', 'money', 'hours', 'units')", name="measure"),
    )

    id: Mapped[str] = id_column()
    petition_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("petition.id"))
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(sa.String(12))
    measure: Mapped[str] = mapped_column(sa.String(12))
    terms: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    currency: Mapped[str | None] = mapped_column(sa.String(3))
    target: Mapped[int] = mapped_column(sa.BigInteger)
    tally: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    contributors: Mapped[int] = mapped_column(default=0)
    reached_at: Mapped[datetime | None] = moment_column()
    accepted_at: Mapped[datetime | None] = moment_column()
    closed_at: Mapped[datetime | None] = moment_column()


class Signature(Model):
    """One person's support of one petition; the address may sign once, in any spelling."""

    __tablename__ = "signature"
    __table_args__ = (
        sa.UniqueConstraint("petition_id", "email_key"),
        sa.CheckConstraint(f"state IN {SIGNATURE_STATES!r}", name="state"),
        sa.Index("ix_signature_petition_state", "petition_id", "state", "validated_at"),
    )

    id: Mapped[str] = id_column()
    petition_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("petition.id"))
    email: Mapped[str | None] = mapped_column(sa.String(254))
    email_key: Mapped[str] = mapped_column(sa.String(64))
    name: Mapped[str] = mapped_column(sa.String(80))
    region: Mapped[str] = mapped_column(sa.String(6))
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    hide_name: Mapped[bool] = mapped_column(default=False)
    locale: Mapped[str] = mapped_column(sa.String(2))
    state: Mapped[str] = mapped_column(sa.String(12))
    sponsor: Mapped[bool] = mapped_column(default=False)
    person_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("person.id"), index=True)
    network: Mapped[str | None] = mapped_column(sa.String(64))
    created_at: Mapped[datetime] = moment_column()
    validated_at: Mapped[datetime | None] = moment_column()
    withdrawn_at: Mapped[datetime | None] = moment_column()
    invalidated_at: Mapped[datetime | None] = moment_column()
    invalidation_reason: Mapped[str | None] = mapped_column(sa.String(200))


class Update(Model):
    """News from the organizer to the supporters."""

    __tablename__ = "petition_update"

    id: Mapped[str] = id_column()
    petition_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("petition.id"), index=True)
    author_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("person.id"))
    title: Mapped[str] = mapped_column(sa.String(120))
    text: Mapped[str] = mapped_column(sa.Text)
    published_at: Mapped[datetime] = moment_column()
    idempotency_key: Mapped[str] = mapped_column(sa.String(64), unique=True)


class Event(Model):
    """One line of a petition's timeline: what happened and when; ``detail`` holds numbers only."""

    __tablename__ = "petition_event"
    __table_args__ = (sa.UniqueConstraint("petition_id", "cause"),)

    id: Mapped[str] = id_column()
    petition_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("petition.id"))
    cause: Mapped[str] = mapped_column(sa.String(80))
    kind: Mapped[str] = mapped_column(sa.String(30))
    detail: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    at: Mapped[datetime] = moment_column()


class Follow(Model):
    """Who wants letters about a petition; one press on the letter's link ends it."""

    __tablename__ = "follow"

    petition_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("petition.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("person.id"), primary_key=True)
    started_at: Mapped[datetime] = moment_column()
    ended_at: Mapped[datetime | None] = moment_column()


class Arrival(Model):
    """What one site did for a petition on one day in Seoul: nothing is said of who read or signed there.

    ``host`` is the authority of the site's address, or "other" for those whose names are not kept apart.
    ``shown`` counts loads of its widgets, ``signed`` and ``pledged`` what was confirmed by them. Days of long
    ago are added up in the last of them.
    """

    __tablename__ = "arrival"

    petition_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("petition.id"), primary_key=True)
    host: Mapped[str] = mapped_column(sa.String(260), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    shown: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    signed: Mapped[int] = mapped_column(default=0)
    pledged: Mapped[int] = mapped_column(default=0)
