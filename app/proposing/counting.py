"""Ending a vote: the ballots are counted once, and everybody may count them again."""

from __future__ import annotations

import sqlalchemy as sa

from app import clock
from app.db import db, lock
from app.outbox import announce
from app.petitions.tallying import record

from .models import Ballot, Proposal
from .rules import COLUMNS, Result, recount


def end(proposal_id: str) -> bool:
    """Count a vote whose time is over; False when it is not, or when that has been done."""
    proposal = lock(Proposal, proposal_id)
    if proposal.phase != "counting":
        return False
    close(proposal)
    return True


def close(proposal: Proposal) -> None:
    """Count the ballots of a locked proposal and say what was decided."""
    result = count(proposal)
    proposal.yes, proposal.no, proposal.abstain = result.yes, result.no, result.abstain
    proposal.outcome, proposal.decided_at = result.outcome, clock.now()
    record(
        proposal.petition_id,
        "proposal_decided",
        proposal.decided_at,
        cause=f"proposal-{proposal.id}",
        yes=result.yes,
        no=result.no,
        abstain=result.abstain,
        accepted=result.outcome == "accepted",
    )
    announce(
        "proposal_decided",
        proposal_id=proposal.id,
        petition_id=proposal.petition_id,
        kind=proposal.kind,
        subject_id=proposal.subject_id,
        accepted=result.outcome == "accepted",
    )


def count(proposal: Proposal) -> Result:
    """The ballots counted from the box."""
    return recount(
        (choice for _receipt, choice in ballots(proposal.id)), proposal.voters, proposal.quorum_percent
    )


def ballots(proposal_id: str) -> list[tuple[str, str]]:
    """(receipt, choice) of every ballot, in the order of the receipts, which says nothing of voters."""
    rows = db.session.execute(
        sa.select(Ballot.receipt, Ballot.choice)
        .where(Ballot.proposal_id == proposal_id)
        .order_by(Ballot.receipt)
    )
    return [(receipt, choice) for receipt, choice in rows]


def ballot_sheet(proposal_id: str) -> str:
    """The list of ballots as CSV (RFC 4180): what :func:`.rules.recount_sheet` reads."""
    lines = [",".join(COLUMNS), *(f"{receipt},{choice}" for receipt, choice in ballots(proposal_id))]
    return "".join(f"{line}\r\n" for line in lines)
