"""What the tests of this room share: a proposal to named people, ballots, and a clock that waits."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from app import clock
from app.db import db, run_tx
from app.petitions.models import Petition
from app.proposing.models import Proposal
from app.proposing.putting import put
from app.proposing.voting import cast
from tests.world import World

FIVE = ("alice", "bob", "minji", "junho", "Eve")
WEEK = timedelta(days=7)


def propose(world: World, petition: Petition, *names: str, **changes: Any) -> str:
    """A proposal to these people (all five without names), put by 한솔; returns its id."""
    values: dict[str, Any] = {
        "body": "share",
        "kind": "text",
        "title": "새 냉장고를 들여요",
        "text": "가게의 냉장고가 **낡았어요**.",
        "proposer_id": world.person("organizer").id,
        "members": [world.person(name).id for name in names or FIVE],
        "quorum_percent": 50,
        "idempotency_key": uuid4().hex,
    } | changes
    return run_tx(lambda: put(petition.id, **values)).id


def acting(world: World) -> Petition:
    """A petition that has become an action, as far as pages care."""
    return world.petition(state="closed", fired_at=clock.now())


def vote(world: World, proposal_id: str, choice: str, *names: str, key: str = "form") -> list[str]:
    """Each of these people votes; their receipts."""
    people = [world.person(name).id for name in names]
    return [
        run_tx(lambda voter=voter: cast(proposal_id, voter, choice, key))  # type: ignore[misc]
        for voter in people
    ]


def look(proposal_id: str) -> Proposal:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Proposal, proposal_id)
