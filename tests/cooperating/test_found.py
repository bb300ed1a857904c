"""Founding: five members, the cap twice, units in the order of the pledges, and a register that adds up."""

from __future__ import annotations

import threading

import pytest
import sqlalchemy as sa
import time_machine

from app.actions.planning import plan_of
from app.cooperating.registering import cooperative_of
from app.db import db, run_tx
from app.errors import Refusal
from app.mail.models import Letter
from app.pledges.forgetting import forget_pledges
from app.pledges.models import Pledge
from app.points.models import PointRow
from tests.actions.stages import cast, claim_step
from tests.cooperating.societies import FORTY, differences, found, offering, society
from tests.world import World


def test_five_members_found_a_cooperative_with_forty_shares(
    world: World, later: time_machine.Traveller
) -> None:
    cooperative = society(found(world, later))
    assert [(member.number, member.units, member.paid_in) for member in cooperative.members] == [
        (1, 12, 600_000), (2, 10, 500_000), (3, 8, 400_000), (4, 6, 300_000), (5, 4, 200_000),
    ]  # fmt: skip
    assert cooperative.equity == 2_000_000
    kept = db.session.scalars(sa.select(PointRow).where(PointRow.reason == "pledge_kept")).all()
    assert len(kept) == 5, "points as for every pledge that was kept"
    assert differences() == []


def test_four_members_found_nothing_however_much_they_hold(
    world: World, later: time_machine.Traveller
) -> None:
    petition = found(world, later, ("alice", 12), ("bob", 12), ("minji", 12), ("junho", 4))
    assert cooperative_of(world.fresh(petition)) is None
    assert world.action(petition).state == "released"
    assert {state for (state,) in db.session.execute(sa.select(Pledge.state))} == {"released"}
    assert db.session.scalar(sa.select(sa.func.sum(Pledge.captured))) == 0
    assert db.session.scalars(sa.select(Letter)).first() is not None


def test_thirteenth_share_of_forty_is_refused_at_the_pledge(
    world: World, later: time_machine.Traveller
) -> None:
    petition = offering(world)
    world.pledge(petition, "alice", 12, kind="share")
    with pytest.raises(Refusal, match="at most 12 of the 40 shares") as refusal:
        world.pledge(petition, "alice", 1, kind="share")
    assert refusal.value.field == "amount"


def test_two_pledges_racing_for_the_last_share_below_the_cap_stay_below_it(
    world: World, later: time_machine.Traveller
) -> None:
    petition = offering(world)
    world.pledge(petition, "alice", 11, kind="share")
    seen: list[str] = []
    start = threading.Barrier(4)
    app = world.app

    def press() -> None:
        with app.app_context():
            start.wait()
            try:
                seen.append(World(app).pledge(petition, "alice", 1, kind="share"))
            except Refusal:
                seen.append("refused")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=press) for _number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen.count("refused") == 3


def test_cap_holds_again_at_the_settlement(world: World, later: time_machine.Traveller) -> None:
    """Two pledges that slipped past the form, as if the check were not there: twelve shares, not thirteen."""
    petition = offering(world)
    first = world.pledge(petition, "alice", 12, kind="share")
    second = world.pledge(petition, "Mallory", 1, kind="share")
    alice = world.person("alice").id
    run_tx(lambda: db.session.execute(sa.update(Pledge).where(Pledge.id == second).values(person_id=alice)))
    cooperative = society(found(world, later, *FORTY[1:], petition=petition))
    assert max(member.units for member in cooperative.members) == 12
    assert [world.pledge_state(pledge) for pledge in (first, second)] == ["captured", "released"]
    assert cooperative.units == 40
    assert differences() == []


def test_waiting_pledge_steps_in_for_a_declined_card_and_others_pay_nothing(
    world: World, later: time_machine.Traveller
) -> None:
    petition = offering(world)
    world.pledge(petition, "Mallory", 6, "pm_insufficient_funds", kind="share")
    last = [*FORTY, ("Zoe", 3)]
    petition = found(world, later, *last, petition=petition)
    for _day in range(4):
        later.shift(24 * 3600 + 60)
        world.work()
        world.work()
    cooperative = society(petition)
    assert [member.units for member in cooperative.members] == [12, 10, 8, 6, 4]
    assert db.session.scalar(sa.select(Pledge.captured).where(Pledge.name == "Zoe")) == 0
    assert differences() == []


def test_audit_finds_a_register_that_breaks_the_rules(world: World, later: time_machine.Traveller) -> None:
    """The negative control."""
    petition = found(world, later)
    alice = sa.select(Pledge.id).where(Pledge.name == "Alice").scalar_subquery()
    run_tx(lambda: db.session.execute(sa.update(Pledge).where(Pledge.id == alice).values(terms={"got": 13})))
    said = "\n".join(differences())
    assert f"{petition.slug}: member 1 holds 13 units of at most 12" in said
    assert f"{petition.slug}: 41 units are held of 40" in said


def test_cooperative_whose_step_is_rejected_gives_the_rest_back_and_works_no_more(
    world: World, later: time_machine.Traveller
) -> None:
    petition = found(world, later)
    claim_step(world, plan_of(petition.id)[0].id)
    cast(world, plan_of(petition.id)[0].id, False, *(name for name, _units in FORTY))
    for _look in range(3):
        world.work()
    stopped = world.fresh(petition)
    cooperative = cooperative_of(stopped)
    assert cooperative is not None
    assert (cooperative.works, cooperative.equity, cooperative.members) == (False, 0, ())
    assert differences() == []


def test_member_who_erased_everything_keeps_the_number_and_has_no_vote(
    world: World, later: time_machine.Traveller
) -> None:
    petition = found(world, later)
    bob = world.person("bob").id
    run_tx(lambda: forget_pledges(bob, None))
    cooperative = society(petition)
    assert [member.name for member in cooperative.members][1] == ""
    assert cooperative.members[2].number == 3
    assert len(cooperative.voters) == 4
    assert bob not in cooperative.voters
