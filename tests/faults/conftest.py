"""A campaign to torment, its people, and a clock that stands still.

``DURE_FAULT_ROUNDS`` makes that many times the rounds.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import structlog
import time_machine

from app import clock
from app.actions.milestones import claim, vote
from app.actions.models import Action, Milestone, Payout
from app.actions.payouts import approve
from app.db import db, run_tx
from app.errors import Refusal
from app.petitions.models import Petition
from app.pledges.models import Pledge
from tests.actions.stages import name_payee
from tests.faults.mortal import DEMO, Nursery
from tests.world import World

ROUNDS = int(os.environ.get("DURE_FAULT_ROUNDS", "1"))

MIXED = (
    "pm_ok",
    "pm_timeout_after_success",
    "pm_ok",
    "pm_declines_once",
    "pm_ok",
    "pm_declined_on_hold",
    "pm_ok",
    "pm_needs_auth",
)
AMOUNT = 10_000

Campaign = Callable[..., Petition]


@pytest.fixture
def settings_changes() -> dict[str, Any]:
    return dict(DEMO)


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    nursery = Nursery()
    yield nursery
    nursery.close()


@pytest.fixture
def later() -> Iterator[time_machine.Traveller]:
    """The clock stands still; ``later.shift(timedelta(…))`` moves it."""
    with time_machine.travel(clock.now(), tick=False) as traveller:
        yield traveller


@pytest.fixture
def campaign(world: World, later: time_machine.Traveller) -> Campaign:
    """A tipped petition about to fire, with a plan, a payee, and one pledge of 10,000 won for each token."""

    def tip(*tokens: str, goal: int) -> Petition:
        petition = world.petition(signatures=1, goal=goal)
        world.plan(petition, 60, 40)
        for number, token in enumerate(tokens):
            world.pledge(petition, f"backer{number}-{petition.id[-6:]}", AMOUNT, token)
        world.sign(petition, "minji")
        later.shift(timedelta(seconds=1))
        return petition

    name_payee(world)
    return tip


class Cast:
    """The people of an action: they do what can be done now, over and over."""

    def __init__(self, world: World, petition_id: str, *, rejects: int = 0) -> None:
        """``rejects`` is the position of the step that the backers refuse; 0 is none."""
        self.world, self.petition_id, self.rejects = world, petition_id, rejects
        self.organizer, self.moderator = world.person("organizer").id, world.person("moderator").id

    def act(self) -> None:
        for deed in (self.claim_next, self.vote, self.approve):
            try:
                deed()
            except Refusal:
                db.session.rollback()

    def milestones(self, state: str) -> list[Milestone]:
        db.session.rollback()
        db.session.expire_all()
        wanted = (Milestone.petition_id == self.petition_id, Milestone.state == state)
        return list(db.session.scalars(sa.select(Milestone).where(*wanted).order_by(Milestone.position)))

    def claim_next(self) -> None:
        if steps := self.milestones("planned"):
            run_tx(lambda: claim(steps[0].id, self.organizer, text="여기까지 했어요."))

    def vote(self) -> None:
        for step in self.milestones("claimed"):
            backers = db.session.scalars(
                sa.select(Pledge.person_id).where(
                    Pledge.petition_id == self.petition_id, Pledge.state.in_(("captured", "part_refunded"))
                )
            ).all()
            for person in backers:
                accepts = step.position != self.rejects
                run_tx(lambda person=person: vote(step.id, person or "", accepts))  # noqa: B023

    def approve(self) -> None:
        db.session.rollback()
        for payout in db.session.scalars(sa.select(Payout.id).where(Payout.state == "proposed")).all():
            run_tx(lambda payout=payout: approve(payout, self.moderator))

    def is_over(self) -> bool:
        db.session.rollback()
        db.session.expire_all()
        action = db.session.scalar(sa.select(Action).where(Action.petition_id == self.petition_id))
        over = {"delivered", "stopped", "released"}
        return action is not None and action.state in over and action.settled_at is not None


def pledges_of(petition: Petition) -> list[Pledge]:
    db.session.rollback()
    db.session.expire_all()
    query = sa.select(Pledge).where(Pledge.petition_id == petition.id).order_by(Pledge.id)
    return list(db.session.scalars(query))


def wait(world: World, later: time_machine.Traveller, minutes: int = 5) -> None:
    for _minute in range(minutes):
        later.shift(timedelta(minutes=1))
        world.work()


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """The troubles here are wanted; writing each one down takes longer than having it."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.configure(**before)
