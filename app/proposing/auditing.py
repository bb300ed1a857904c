"""What must hold for every vote: one ballot a voter who voted, and counts that can be counted again."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sqlalchemy as sa

from app.db import db

from .counting import count
from .models import Proposal, Voter
from .voting import turnout


def votes_recount() -> Iterator[str]:
    """Every published result is the count of its ballots, one a member."""
    for proposal in db.session.scalars(sa.select(Proposal).order_by(Proposal.id)):
        name, voted = f"proposal {proposal.id}", turnout(proposal.id)
        rows = db.session.scalar(
            sa.select(sa.func.count()).select_from(Voter).where(Voter.proposal_id == proposal.id)
        )
        if rows != proposal.voters:
            yield f"{name} says {proposal.voters} members, the list has {rows}"
        try:
            counted = count(proposal)
        except ValueError as error:
            yield f"{name}: {error}"
            continue
        if counted.ballots != voted:
            yield f"{name}: {voted} members voted, {counted.ballots} ballots are in the box"
        if proposal.decided_at is not None and (proposal.result, proposal.outcome) != (
            counted,
            counted.outcome,
        ):
            yield f"{name} says {proposal.outcome}, its ballots say {counted.outcome}"


CHECKS: tuple[Callable[[], Iterator[str]], ...] = (votes_recount,)
