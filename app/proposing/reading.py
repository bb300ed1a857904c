"""What everybody may read of proposals: plain values, the same for every reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.web.caching import snapshot

from .counting import ballots
from .models import Proposal
from .rules import Result, recount
from .voting import turnout


@dataclass(frozen=True)
class ProposalView:
    """A proposal as strangers see it; ``ballots`` and ``result`` are there once it is decided.

    ``counted`` is the result counted anew from the list shown.
    """

    id: str
    petition_id: str
    body: str
    kind: str
    title: str
    text: str
    payload: Mapping[str, Any]
    phase: str
    put_at: datetime
    opens_at: datetime
    ends_at: datetime
    decided_at: datetime | None
    quorum_percent: int
    voters: int
    needed: int
    voted: int
    result: Result | None
    ballots: tuple[tuple[str, str], ...] = ()

    @property
    def counted(self) -> Result:
        return recount((choice for _receipt, choice in self.ballots), self.voters, self.quorum_percent)

    @property
    def version(self) -> str:
        """Changes with everything that a page about it shows."""
        return f"{self.phase}-{self.voted}"


def view_of(proposal: Proposal, *, with_ballots: bool = False) -> ProposalView:
    return ProposalView(
        id=proposal.id,
        petition_id=proposal.petition_id,
        body=proposal.body,
        kind=proposal.kind,
        title=proposal.title,
        text=proposal.text,
        payload=proposal.payload,
        phase=proposal.phase,
        put_at=proposal.put_at,
        opens_at=proposal.opens_at,
        ends_at=proposal.ends_at,
        decided_at=proposal.decided_at,
        quorum_percent=proposal.quorum_percent,
        voters=proposal.voters,
        needed=proposal.needed,
        voted=turnout(proposal.id),
        result=proposal.result,
        ballots=tuple(ballots(proposal.id)) if with_ballots and proposal.decided_at else (),
    )


def proposal_view(proposal_id: str) -> ProposalView | None:
    """One proposal with its ballots, kept for a moment."""

    def read() -> ProposalView | None:
        proposal = db.session.get(Proposal, proposal_id)
        return view_of(proposal, with_ballots=True) if proposal else None

    return snapshot(("proposal", proposal_id), read)


def proposals_of(petition_id: str) -> tuple[ProposalView, ...]:
    """The proposals of a petition, the newest first, kept for a moment."""

    def read() -> tuple[ProposalView, ...]:
        found = db.session.scalars(
            sa.select(Proposal)
            .where(Proposal.petition_id == petition_id)
            .order_by(Proposal.put_at.desc(), Proposal.id.desc())
        )
        return tuple(view_of(proposal) for proposal in found)

    return snapshot(("proposals", petition_id), read)
