"""Writing to many backers at once: what is the same for all of them is read once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from app.db import db, new_id, run_tx
from app.mail.models import Letter
from app.pledges.models import Pledge
from app.telling import actions as tell_action
from tests.actions.conftest import Fire
from tests.counting import count_queries
from tests.world import World

THREE = (("alice", 20_000, "pm_ok"), ("bob", 10_000, "pm_ok"), ("junho", 10_000, "pm_ok"))
Tell = Callable[[str, str], None]


def add_backers(world: World, pledge_id: str, names: list[str]) -> None:
    """As many more people with a pledge like this one."""
    people = [world.person(name) for name in names]
    like = dict(db.session.execute(sa.select(Pledge.__table__).filter_by(id=pledge_id)).mappings().one())
    own = [
        {"id": new_id(), "person_id": person.id, "email": person.email, "idempotency_key": new_id()}
        for person in people
    ]
    run_tx(
        lambda: db.session.execute(
            sa.insert(Pledge.__table__), [like | {"hold_reference": None} | each for each in own]
        )
    )


@pytest.mark.parametrize(
    ("tell", "each"),
    [
        pytest.param(lambda _petition, step: tell_action.milestone_accepted(step), 1, id="accepted"),
        pytest.param(lambda _petition, step: tell_action.milestone_rejected(step), 1, id="rejected"),
        pytest.param(lambda petition, _step: tell_action.delivered(petition), 2, id="delivered"),
    ],
)
def test_one_backer_more_costs_one_letter_more(world: World, fire: Fire, tell: Tell, each: int) -> None:
    """A letter is one statement; the thanks at the end ask besides whether this person earned points."""
    petition, (alice, *_), (step, _) = fire(*THREE, goal=30_000)

    def tell_anew() -> int:
        run_tx(lambda: db.session.execute(sa.delete(Letter)))
        return count_queries(lambda: tell(petition.id, step))

    three = tell_anew()
    add_backers(world, alice, [f"neighbour{number}" for number in range(27)])
    thirty = tell_anew()
    written = db.session.scalar(sa.select(sa.func.count()).where(Letter.recipient.like("neighbour%")))
    assert written == 27
    assert thirty - three == 27 * each
