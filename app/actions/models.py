"""Firing, action, attempt, milestone, vote, payout."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Id, Model, id_column, moment_column

ACTION_STATES = ("collecting", "underway", "delivered", "released", "stopped", "orphaned")
MILESTONE_STATES = ("planned", "claimed", "accepted", "rejected")
PAYOUT_STATES = ("proposed", "approved", "paying", "paid", "failed")
DUTY_STATES = ("open", "kept", "broken", "waived")
ATTEMPT_STATES = ("started", "done", "failed")


class Firing(Model):
    """The single row that says "this petition became an action"; its key makes a second impossible."""

    __tablename__ = "firing"

    petition_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("petition.id"), primary_key=True)
    at: Mapped[datetime] = moment_column()
    tallies: Mapped[dict[str, Any]] = mapped_column(sa.JSON)


class Action(Model):
    """The funded collective action.

    ``kind`` is the kind of pledge that money is held for, None where nothing is. ``goal``, ``pledged`` and
    ``held_at_decision`` are in that kind's measure (money: minor units of ``currency``), 0 without a kind.
    ``decided_at`` is the moment the held sum was compared with the goal; after it every hold is either
    captured or released. ``collect_until`` is when the last retry has been made, ``settled_at`` when no
    pledge waits for the gateway any more.
    """

    __tablename__ = "action"
    __table_args__ = (sa.CheckConstraint(f"state IN {ACTION_STATES!r}", name="state"),)

    id: Mapped[str] = id_column()
    petition_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("firing.petition_id"), unique=True)
    state: Mapped[str] = mapped_column(sa.String(12))
    kind: Mapped[str | None] = mapped_column(sa.String(12))
    currency: Mapped[str] = mapped_column(sa.String(3))
    goal: Mapped[int] = mapped_column(sa.BigInteger)
    pledged: Mapped[int] = mapped_column(sa.BigInteger)
    held_at_decision: Mapped[int | None] = mapped_column(sa.BigInteger)
    started_at: Mapped[datetime] = moment_column()
    collect_until: Mapped[datetime] = moment_column()
    decided_at: Mapped[datetime | None] = moment_column()
    underway_at: Mapped[datetime | None] = moment_column()
    settled_at: Mapped[datetime | None] = moment_column()
    released_at: Mapped[datetime | None] = moment_column()
    delivered_at: Mapped[datetime | None] = moment_column()
    stopped_at: Mapped[datetime | None] = moment_column()


class Attempt(Model):
    """One call to the gateway, written down before it is made.

    ``purpose`` is hold, capture, release, refund or payout; ``subject_id`` the pledge or payout.
    ``gateway`` is who is asked; ``key`` is the idempotency key it sees; ``lease_until`` is when somebody else
    may resume.
    """

    __tablename__ = "attempt"
    __table_args__ = (
        sa.CheckConstraint(f"state IN {ATTEMPT_STATES!r}", name="state"),
        sa.Index("ix_attempt_state_lease", "state", "lease_until"),
        sa.Index("ix_attempt_subject", "subject_id", "purpose"),
    )

    id: Mapped[str] = id_column()
    key: Mapped[str] = mapped_column(sa.String(120), unique=True)
    petition_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("firing.petition_id"))
    subject_id: Mapped[str] = mapped_column(Id)
    purpose: Mapped[str] = mapped_column(sa.String(10))
    gateway: Mapped[str] = mapped_column(sa.String(20))
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    currency: Mapped[str] = mapped_column(sa.String(3))
    state: Mapped[str] = mapped_column(sa.String(10))
    outcome: Mapped[str | None] = mapped_column(sa.String(40))
    reference: Mapped[str | None] = mapped_column(sa.String(80))
    started_at: Mapped[datetime] = moment_column()
    lease_until: Mapped[datetime] = moment_column()
    finished_at: Mapped[datetime | None] = moment_column()


class Milestone(Model):
    """A step of the plan. ``share`` is its part of the money in per cent; a plan's shares make 100.

    ``due_on`` is the day in Korea by which the organizer promised to show it, if one was promised.
    """

    __tablename__ = "milestone"
    __table_args__ = (
        sa.UniqueConstraint("petition_id", "position"),
        sa.CheckConstraint(f"state IN {MILESTONE_STATES!r}", name="state"),
        sa.CheckConstraint("share > 0 AND share <= 100", name="share"),
    )

    id: Mapped[str] = id_column()
    petition_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("petition.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(120))
    share: Mapped[int]
    due_on: Mapped[date | None] = mapped_column(sa.Date)
    state: Mapped[str] = mapped_column(sa.String(10))
    evidence: Mapped[str | None] = mapped_column(sa.Text)
    evidence_link: Mapped[str | None] = mapped_column(sa.String(500))
    evidence_image: Mapped[str | None] = mapped_column(sa.String(80))
    claimed_at: Mapped[datetime | None] = moment_column()
    vote_ends_at: Mapped[datetime | None] = moment_column(index=True)
    decided_at: Mapped[datetime | None] = moment_column()


class Vote(Model):
    """One backer's word on a claimed milestone; one person, one vote, whatever they gave."""

    __tablename__ = "milestone_vote"

    milestone_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("milestone.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("person.id"), primary_key=True)
    accepts: Mapped[bool]
    at: Mapped[datetime] = moment_column()


class Payout(Model):
    """Money going out to the organizer. Whoever approves it is not whoever proposed it.

    ``cause`` is unique: ``milestone-<id>`` for an accepted step, else what a kind of pledge pays out for
    (``disbursement-<petition>``, ``remainder-<petition>``, ``month-<petition>-2026-12``).
    """

    __tablename__ = "payout"
    __table_args__ = (
        sa.CheckConstraint(f"state IN {PAYOUT_STATES!r}", name="state"),
        sa.CheckConstraint("amount > 0", name="amount"),
        sa.CheckConstraint("approved_by IS NULL OR approved_by <> proposed_by", name="two_people"),
    )

    id: Mapped[str] = id_column()
    petition_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("firing.petition_id"), index=True)
    milestone_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("milestone.id"), unique=True)
    cause: Mapped[str] = mapped_column(sa.String(60), unique=True)
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    currency: Mapped[str] = mapped_column(sa.String(3))
    state: Mapped[str] = mapped_column(sa.String(10))
    proposed_by: Mapped[str] = mapped_column(Id, sa.ForeignKey("person.id"))
    proposed_at: Mapped[datetime] = moment_column()
    approved_by: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("person.id"))
    approved_at: Mapped[datetime | None] = moment_column()
    paid_at: Mapped[datetime | None] = moment_column()
    failure: Mapped[str | None] = mapped_column(sa.String(40))


class Duty(Model):
    """Something owed after the firing, ``amount`` of ``measure`` by ``due_at``; ``done`` is what was met.

    ``debtor`` and ``creditor`` are roles: pledger, organizer, crowd. ``pledge_id`` is None for what the
    organizer owes the crowd as a whole. Both sides may say that it was kept; ``called_at`` is when its day
    came. ``key`` makes it once.
    """

    __tablename__ = "duty"
    __table_args__ = (
        sa.CheckConstraint(f"state IN {DUTY_STATES!r}", name="state"),
        sa.CheckConstraint("amount >= 0 AND done >= 0", name="amount"),
        sa.Index("ix_duty_petition", "petition_id", "name"),
        sa.Index("ix_duty_due", "state", "due_at"),
    )

    id: Mapped[str] = id_column()
    key: Mapped[str] = mapped_column(sa.String(120), unique=True)
    petition_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("firing.petition_id"))
    pledge_id: Mapped[str | None] = mapped_column(Id, sa.ForeignKey("pledge.id"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(12))
    name: Mapped[str] = mapped_column(sa.String(60))
    debtor: Mapped[str] = mapped_column(sa.String(10))
    creditor: Mapped[str] = mapped_column(sa.String(10))
    measure: Mapped[str] = mapped_column(sa.String(12))
    amount: Mapped[int] = mapped_column(sa.BigInteger)
    done: Mapped[int] = mapped_column(sa.BigInteger, default=0)
    state: Mapped[str] = mapped_column(sa.String(8))
    due_at: Mapped[datetime] = moment_column()
    called_at: Mapped[datetime | None] = moment_column()
    kept_by_debtor_at: Mapped[datetime | None] = moment_column()
    kept_by_creditor_at: Mapped[datetime | None] = moment_column()
    settled_at: Mapped[datetime | None] = moment_column()
