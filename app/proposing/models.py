"""Proposal, voter, ballot. Who voted and what was voted lie in two tables that nothing joins."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.db import Id, Model, id_column, moment_column

from .rules import CHOICES, Result, quorum

KINDS = ("text", "reschedule", "surplus")
OUTCOMES = ("accepted", "rejected", "no_quorum")


class Proposal(Model):
    """A question that a body of members answers with yes or no.

    ``body`` is the kind of pledge that makes the members (share, loan). ``subject_id`` is the row that the
    decision is about and ``payload`` what readers are shown of it, both of whoever put the proposal.
    ``voters`` members may vote, those of the moment it was put. The counts are NULL until the end.
    """

    __tablename__ = "proposal"
    __table_args__ = (
        sa.UniqueConstraint("petition_id", "idempotency_key"),
        sa.CheckConstraint(f"kind IN {KINDS!r}", name="kind"),
        sa.CheckConstraint(f"outcome IN {OUTCOMES!r}", name="outcome"),
        sa.CheckConstraint("quorum_percent BETWEEN 1 AND 100", name="quorum_percent"),
        sa.CheckConstraint("voters > 0", name="voters"),
        sa.CheckConstraint("opens_at < ends_at", name="moments"),
        sa.CheckConstraint(
            "(decided_at IS NULL) = (outcome IS NULL) AND (decided_at IS NULL) = (yes IS NULL)", name="secret"
        ),
    )

    id: Mapped[str] = id_column()
    petition_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("petition.id"), index=True)
    body: Mapped[str] = mapped_column(sa.String(12))
    kind: Mapped[str] = mapped_column(sa.String(12))
    subject_id: Mapped[str | None] = mapped_column(Id)
    payload: Mapped[dict[str, Any]] = mapped_column(sa.JSON, default=dict)
    title: Mapped[str] = mapped_column(sa.String(120))
    text: Mapped[str] = mapped_column(sa.Text)
    proposer_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("person.id"))
    quorum_percent: Mapped[int]
    voters: Mapped[int]
    idempotency_key: Mapped[str] = mapped_column(sa.String(64))
    put_at: Mapped[datetime] = moment_column()
    opens_at: Mapped[datetime] = moment_column()
    ends_at: Mapped[datetime] = moment_column(index=True)
    withdrawn_at: Mapped[datetime | None] = moment_column()
    decided_at: Mapped[datetime | None] = moment_column()
    outcome: Mapped[str | None] = mapped_column(sa.String(10))
    yes: Mapped[int | None]
    no: Mapped[int | None]
    abstain: Mapped[int | None]

    @property
    def phase(self) -> str:
        """``withdrawn``, ``decided``, ``notice`` before the vote, ``open``, or ``counting`` after it."""
        if self.withdrawn_at is not None:
            return "withdrawn"
        if self.decided_at is not None:
            return "decided"
        at = clock.now()
        if at < self.opens_at:
            return "notice"
        return "open" if at < self.ends_at else "counting"

    @property
    def needed(self) -> int:
        """How many ballots make the quorum."""
        return quorum(self.voters, self.quorum_percent)

    @property
    def result(self) -> Result | None:
        """What was counted at the end; None before."""
        if self.yes is None or self.no is None or self.abstain is None:
            return None
        return Result(self.yes, self.no, self.abstain, self.needed)


class Voter(Model):
    """One member who may vote on a proposal, and whether they have.

    There is no moment here on purpose: it would tie the person to a ballot.
    """

    __tablename__ = "proposal_voter"

    proposal_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("proposal.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("person.id"), primary_key=True)
    voted: Mapped[bool] = mapped_column(default=False)


class Ballot(Model):
    """One vote, known by its receipt alone: no person, no moment, no order. Never changed, never deleted."""

    __tablename__ = "ballot"
    __table_args__ = (
        sa.CheckConstraint(f"choice IN {CHOICES!r}", name="choice"),
        {"sqlite_with_rowid": False},
    )

    proposal_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("proposal.id"), primary_key=True)
    receipt: Mapped[str] = mapped_column(sa.String(24), primary_key=True)
    choice: Mapped[str] = mapped_column(sa.String(7))
