"""What ``dure books`` finds where somebody wrote over a deed; nothing after anything that people may do."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app.db import db, run_tx
from app.doing.auditing import CHECKS
from app.doing.models import Shift
from app.doing.saying import say
from app.doing.seating import leave, take
from app.errors import Refusal
from app.pledges.models import Pledge
from tests.world import World

from .conftest import Begin
from .shifts import plan


def differences() -> list[str]:
    db.session.rollback()
    db.session.expire_all()
    return [difference for check in CHECKS for difference in check()]


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_differs_after_whatever_people_do(
    world: World, begin: Begin, later: time_machine.Traveller, seed: int
) -> None:
    chance = random.Random(seed)
    petition, people = begin(*((f"p{number}", 3) for number in range(4)))
    shifts = [plan(petition, places=chance.randint(1, 2)).id for _ in range(2)]
    for _step in range(30):
        who, shift = chance.choice(people), chance.choice(shifts)
        verb = chance.choice(
            [
                lambda: take(shift, who),  # noqa: B023
                lambda: leave(shift, who),  # noqa: B023
                lambda: say(who, chance.choice(("person", "organizer")), chance.random() < 0.6, 2),  # noqa: B023
                lambda: say(who, "moderator", chance.random() < 0.5, 1),  # noqa: B023
            ]
        )
        with suppress(Refusal):
            run_tx(verb)
        if chance.random() < 0.2:
            later.shift(timedelta(days=chance.randint(0, 4)))
            world.work()
    later.shift(timedelta(days=60))
    world.work()
    assert differences() == []
    states = set(db.session.scalars(sa.select(Pledge.state)))
    assert states <= {"kept", "broken", "frozen"}


def test_a_deed_written_over_a_price_or_a_place_too_many_is_found(world: World, begin: Begin) -> None:
    petition, (alice, bob) = begin(("alice", 4), ("bob", 4))
    shift = plan(petition)
    for pledge_id in (alice, bob):
        run_tx(lambda pledge_id=pledge_id: take(shift.id, pledge_id))  # type: ignore[misc]
    assert differences() == []
    run_tx(lambda: db.session.execute(sa.update(Pledge).where(Pledge.id == alice).values(state="kept")))
    run_tx(lambda: db.session.execute(sa.update(Pledge).where(Pledge.id == bob).values(cost=500)))
    run_tx(lambda: db.session.execute(sa.update(Shift).values(places=1)))
    found = differences()
    assert [text.partition(" ")[0] for text in found] == ["deed", "deed", "shift"]
