"""Points for what pledges and signatures became: nothing gained by splitting, nothing kept when undone."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest
import sqlalchemy as sa
import time_machine

from app import clock
from app.actions.rewarding.consolations import count_consolations
from app.clock import SEOUL
from app.db import db, run_tx
from app.petitions.models import Signature
from app.petitions.signing import invalidate
from app.points.awarding import award
from app.points.models import PointRow
from app.points.rules import QUARTER_DAYS, capture_half, effort_mp
from app.points.standing import day_of, standing
from tests.actions.conftest import Fire
from tests.actions.stages import name_payee, pay_step
from tests.world import World


def points_for(reason: str) -> int:
    """What stands for a reason, in mp."""
    db.session.rollback()
    voided = sa.select(PointRow.voids).where(PointRow.voids.is_not(None))
    stands = sa.select(sa.func.coalesce(sa.func.sum(PointRow.mp), 0))
    return db.session.scalar(stands.where(PointRow.reason == reason, PointRow.id.not_in(voided))) or 0


def test_a_first_pledge_that_is_taken_last_gains_nothing_by_it(
    world: World, later: time_machine.Traveller, fire: Fire
) -> None:
    _petition, (late, early), _steps = fire(
        ("alice", 10_000, "pm_declines_once"), ("alice", 10_000, "pm_ok"), goal=10_000
    )
    world.work()
    assert (world.pledge_state(late), world.pledge_state(early)) == ("failing", "captured")
    later.shift(timedelta(days=1, minutes=1))
    world.work()
    world.work()
    assert world.pledge_state(late) == "captured"
    assert abs(points_for("pledge_kept") - capture_half(effort_mp(20_000))) <= 1


def test_a_pledge_taken_late_earns_for_the_steps_before_it(
    world: World, later: time_machine.Traveller, fire: Fire
) -> None:
    """After the delivery giver and organizer have gained equally from each pledge, however late."""
    petition, (late, _), steps = fire(
        ("alice", 10_000, "pm_declines_once"), ("bob", 30_000, "pm_ok"), goal=30_000
    )
    world.work()
    name_payee(world)
    pay_step(world, steps[0], "bob")
    assert world.pledge_state(late) == "failing"
    later.shift(timedelta(days=1, minutes=1))
    world.work()
    world.work()
    pay_step(world, steps[1], "alice", "bob")
    world.work()
    assert world.action(petition).state == "delivered"
    both = effort_mp(10_000) + effort_mp(30_000)
    assert points_for("pledge_kept") + points_for("milestone_supported") == both
    assert points_for("milestone_organized") == both


def test_an_early_bonus_goes_with_its_signature(world: World, fire: Fire) -> None:
    petition, _, steps = fire(("alice", 20_000, "pm_ok"), ("bob", 10_000, "pm_ok"), goal=30_000)
    name_payee(world)
    for step in steps:
        pay_step(world, step, "alice", "bob")
    world.work()
    assert world.action(petition).state == "delivered"
    before = points_for("early")
    assert before > 0
    for signature_id in db.session.scalars(sa.select(Signature.id)).all():
        run_tx(lambda signature_id=signature_id: invalidate(signature_id, "automated"))  # type: ignore[misc]
    world.work()
    assert points_for("early") == 0


@pytest.mark.parametrize(("won", "kept"), [(999, False), (1_000, True)])
def test_promises_count_from_a_thousand_won(world: World, fire: Fire, won: int, kept: bool) -> None:
    fire(("alice", won, "pm_ok"), ("bob", 30_000, "pm_ok"), goal=30_000)
    world.work()
    reliable = standing(world.person("alice").id).reached.reliability
    assert (reliable > Fraction(1, 2)) == kept


def test_a_quarter_of_consolations_begins_at_midnight_in_seoul(world: World) -> None:
    today = clock.now().astimezone(SEOUL).replace(hour=3, minute=30, second=0, microsecond=0)
    first = today - timedelta(days=day_of(today) % QUARTER_DAYS)
    person = world.person("alice")
    moments = {"the day before": first - timedelta(hours=4), "at once": first - timedelta(hours=3)}
    for cause, at in moments.items():
        run_tx(
            lambda cause=cause, at=at: award(  # type: ignore[misc]
                person.id, reason="consolation", cause=cause, class_="support", mp=500, at=at
            )
        )
    with time_machine.travel(first, tick=False):
        assert count_consolations(person.id) == 1
