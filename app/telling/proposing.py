"""Letters to the members who may vote on a proposal."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

from app.db import db
from app.mail.posting import Draft
from app.people.models import Person
from app.petitions.models import Petition
from app.proposing import letters
from app.proposing.models import Proposal, Voter

from .posting import find, tell

Write = Callable[[Petition, Proposal, Person], Draft]


def tell_voters(
    proposal_id: str, cause: str, phases: set[str], write: Write, *, missing: bool = False
) -> None:
    """One letter to each voter (``missing``: who has not voted) while it is in one of these phases."""
    proposal = db.session.get_one(Proposal, proposal_id)
    if proposal.phase not in phases:
        return
    query = sa.select(Voter.person_id).where(Voter.proposal_id == proposal_id)
    if missing:
        query = query.where(Voter.voted.is_(False))

    def draft(person: Person) -> Draft:
        current = db.session.get_one(Proposal, proposal_id)
        return write(db.session.get_one(Petition, current.petition_id), current, person)

    tell(find(query), f"{cause}-{proposal_id}", draft)


def put(proposal_id: str) -> None:
    """The notice, unless it was taken back meanwhile."""
    tell_voters(
        proposal_id,
        "proposal-put",
        {"notice", "open"},
        lambda petition, proposal, _person: letters.proposal_put(petition=petition, proposal=proposal),
    )


def opened(proposal_id: str) -> None:
    """The ballot, to everybody who has not voted yet."""
    tell_voters(
        proposal_id,
        "proposal-open",
        {"open"},
        lambda petition, proposal, person: letters.vote_open(
            petition=petition, proposal=proposal, person=person
        ),
        missing=True,
    )


def decided(proposal_id: str) -> None:
    """What the members decided."""
    tell_voters(
        proposal_id,
        "proposal-decided",
        {"decided"},
        lambda petition, proposal, _person: letters.vote_decided(petition=petition, proposal=proposal),
    )


def withdrawn(proposal_id: str) -> None:
    """There will be no vote."""
    tell_voters(
        proposal_id,
        "proposal-withdrawn",
        {"withdrawn"},
        lambda petition, proposal, _person: letters.proposal_withdrawn(petition=petition, proposal=proposal),
    )
