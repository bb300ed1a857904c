"""What the tests of this room share: a bakery of five members with forty shares, and its year."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import time_machine

from app import clock
from app.actions import auditing as action_auditing
from app.cooperating import auditing, sharing
from app.cooperating.models import Surplus
from app.cooperating.registering import Cooperative, cooperative_of
from app.db import db, run_tx
from app.payments.door import gateway
from app.payments.methods import remember
from app.petitions.launching import OfferWish
from app.petitions.models import Petition
from app.proposing import auditing as voting_auditing
from app.purses import auditing as purse_auditing
from app.purses.balances import balance_of
from tests.proposing.boxes import WEEK, vote
from tests.world import World

TERMS = {
    "unit": 50_000,
    "total_units": 40,
    "founders": 5,
    "cap_percent": 30,
    "reserve_percent": 10,
    "dividend_cap_percent": 10,
    "quorum_percent": 50,
    "year_ends": 12,
}
FORTY = (("alice", 12), ("bob", 10), ("minji", 8), ("junho", 6), ("Eve", 4))
USE = {"alice": 25, "bob": 30, "minji": 20, "junho": 15, "Eve": 10}
SPRING = datetime(2026, 4, 1, 3, tzinfo=UTC)
NEW_YEAR = datetime(2027, 1, 1, tzinfo=clock.SEOUL)


def offering(world: World, target: int = 40, **terms: int) -> Petition:
    """A petition for shares in a bakery."""
    offer = OfferWish("share", "units", target, TERMS | terms)
    deadline = clock.now() + timedelta(days=30)
    return world.petition(signatures=1, offers=(offer,), deadline=deadline)


def found(
    world: World,
    later: time_machine.Traveller,
    *holders: tuple[str, int],
    petition: Petition | None = None,
) -> Petition:
    """A co-operative of these holders (the five with forty shares), underway."""
    petition = petition or offering(world)
    world.plan(petition, 60, 40)
    for name, units in holders or FORTY:
        world.pledge(petition, name, units, kind="share")
    world.sign(petition, "minji")
    later.shift(timedelta(hours=2))
    for _look in range(3):
        world.work()
    return petition


def society(petition: Petition) -> Cooperative:
    """The co-operative as the database has it now."""
    db.session.rollback()
    db.session.expire_all()
    cooperative = cooperative_of(db.session.get_one(Petition, petition.id))
    assert cooperative is not None
    return cooperative


def pay_method(world: World, token: str = "pm_ok") -> str:
    """A payment method of the organizer's that behaves as ``token`` says."""
    organizer, saved = world.person("organizer").id, gateway().save_token(token)
    return run_tx(lambda: remember(saved, organizer)).id


def put(world: World, petition: Petition, amount: int = 1_000_000, **changes: object) -> Surplus:
    """The surplus of the vector, put to the vote by the organizer."""
    organizer = world.person("organizer").id
    use = {world.person(name).id: used for name, used in USE.items()}
    values = {
        "year_ends_at": NEW_YEAR,
        "amount": amount,
        "percent": 60,
        "use": use,
        "others_use": 0,
        "note": "",
        "key": uuid4().hex,
    } | changes
    return run_tx(lambda: sharing.put_to_vote(petition.id, organizer, **values))  # type: ignore[arg-type]


def accept(world: World, later: time_machine.Traveller, surplus: Surplus, choice: str = "yes") -> None:
    """All five vote the same way on it."""
    later.shift(WEEK)
    vote(world, surplus.proposal_id, choice, *USE)
    world.work()


def purse(world: World, name: str) -> int:
    db.session.rollback()
    return balance_of(world.person(name).id, "KRW").total


def differences() -> list[str]:
    """Everything that any audit finds."""
    db.session.rollback()
    db.session.expire_all()
    checks = (*action_auditing.CHECKS, *purse_auditing.CHECKS, *voting_auditing.CHECKS, *auditing.CHECKS)
    return [difference for check in checks for difference in check()]
