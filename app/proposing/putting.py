"""Putting a proposal to the members, and taking it back before the vote begins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _

from app import clock
from app.db import db, lock, new_id
from app.errors import Refusal
from app.outbox import announce
from app.petitions.models import Petition

from .models import Proposal, Voter

MOST_WAITING = 20
"""How many proposals of one petition may wait for their end."""


def put(
    petition_id: str,
    *,
    body: str,
    kind: str,
    title: str,
    text: str,
    proposer_id: str,
    members: Iterable[str],
    quorum_percent: int,
    idempotency_key: str,
    payload: Mapping[str, Any] | None = None,
    subject_id: str | None = None,
) -> Proposal:
    """Put a question to ``members`` (person ids; each has one vote), once per ``idempotency_key``.

    The vote opens after the notice period and ends after the voting period, both settings. Whoever becomes a
    member later has no vote on it. Call inside a transaction.

    Raises:
        Refusal: nobody could vote, or too many proposals wait already.
    """
    lock(Petition, petition_id)
    earlier = db.session.scalar(
        sa.select(Proposal).where(
            Proposal.petition_id == petition_id, Proposal.idempotency_key == idempotency_key
        )
    )
    if earlier is not None:
        return earlier
    voters = sorted(set(members))
    if not voters:
        raise Refusal(_("There are no members yet, so nobody could vote."), status=409)
    if waiting(petition_id) >= MOST_WAITING:
        raise Refusal(
            _("Too many proposals wait for their end already. Wait until one is decided."), status=409
        )
    settings, at = current_app.config["DURE"], clock.now()
    opens_at = at + timedelta(seconds=settings.notice_seconds)
    proposal = Proposal(
        id=new_id(),
        petition_id=petition_id,
        body=body,
        kind=kind,
        subject_id=subject_id,
        payload=dict(payload or {}),
        title=title,
        text=text,
        proposer_id=proposer_id,
        quorum_percent=quorum_percent,
        voters=len(voters),
        idempotency_key=idempotency_key,
        put_at=at,
        opens_at=opens_at,
        ends_at=opens_at + timedelta(seconds=settings.ballot_seconds),
    )
    db.session.add(proposal)
    db.session.flush()
    db.session.execute(
        sa.insert(Voter),
        [{"proposal_id": proposal.id, "person_id": voter, "voted": False} for voter in voters],
    )
    announce("proposal_put", proposal_id=proposal.id)
    announce("proposal_opened", due_at=proposal.opens_at, proposal_id=proposal.id)
    announce("proposal_ended", due_at=proposal.ends_at, proposal_id=proposal.id)
    return proposal


def waiting(petition_id: str) -> int:
    return (
        db.session.scalar(
            sa.select(sa.func.count()).where(
                Proposal.petition_id == petition_id,
                Proposal.decided_at.is_(None),
                Proposal.withdrawn_at.is_(None),
            )
        )
        or 0
    )


def withdraw(proposal_id: str, person_id: str) -> bool:
    """Take a proposal back before its vote opens; False when that has been done.

    Raises:
        Refusal: it is somebody else's, or people are voting.
    """
    proposal = lock(Proposal, proposal_id)
    if proposal.proposer_id != person_id:
        raise Refusal(_("Only whoever made this proposal can take it back."), status=404)
    if proposal.phase == "withdrawn":
        return False
    if proposal.phase != "notice":
        raise Refusal(_("The vote has begun, so the proposal stays."), status=409)
    proposal.withdrawn_at = clock.now()
    announce(
        "proposal_withdrawn",
        proposal_id=proposal.id,
        petition_id=proposal.petition_id,
        kind=proposal.kind,
        subject_id=proposal.subject_id,
    )
    return True
