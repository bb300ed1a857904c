"""Confirming a pledge, and saving its method: when both are there it counts, once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app import clock
from app.db import db, run_tx
from app.errors import Refusal
from app.outbox import Announcement
from app.payments.models import PaymentMethod
from app.people.models import find_person
from app.petitions.models import Follow
from app.pledges.pledging import confirm, save_method
from tests.pledges.promises import card, drafted, money, stored
from tests.world import World


def announced(topic: str) -> int:
    return db.session.scalar(
        sa.select(sa.func.count()).select_from(Announcement).where(Announcement.topic == topic)
    )


@pytest.mark.parametrize("confirm_first", [True, False])
def test_a_pledge_counts_when_address_and_method_are_both_known(world: World, confirm_first: bool) -> None:
    petition = world.petition()
    pledge, saved = drafted(petition), card()
    steps = [lambda: confirm(pledge.id), lambda: save_method(pledge.id, saved)]
    for step in steps if confirm_first else reversed(steps):
        assert money(world, petition).tally == 0
        assert run_tx(step) is True
    assert stored()[0].state == "ready"
    assert (money(world, petition).tally, money(world, petition).contributors) == (10_000, 1)
    assert announced("pledge_ready") == 1
    minji = find_person("minji@example.org")
    assert minji is not None
    assert stored()[0].person_id == minji.id
    assert db.session.get(Follow, (petition.id, minji.id)) is not None
    assert db.session.scalars(sa.select(PaymentMethod.person_id)).one() == minji.id


def test_confirming_and_saving_again_changes_nothing(world: World) -> None:
    petition = world.petition()
    pledge, saved = drafted(petition), card()
    for _ in range(2):
        run_tx(lambda: confirm(pledge.id))
        run_tx(lambda: save_method(pledge.id, saved))
    assert run_tx(lambda: confirm(pledge.id)) is False
    assert run_tx(lambda: save_method(pledge.id, saved)) is False
    assert money(world, petition).tally == 10_000
    assert announced("pledge_ready") == 1


def test_the_last_moment_counts_and_the_next_does_not(world: World) -> None:
    deadline = clock.now() + timedelta(days=1)
    petition = world.petition(deadline=deadline)
    in_time, late = drafted(petition, "in time"), drafted(petition, "late")
    with time_machine.travel(deadline, tick=False):
        assert run_tx(lambda: confirm(in_time.id)) is True
    with time_machine.travel(deadline + timedelta(milliseconds=1), tick=False), pytest.raises(Refusal):
        run_tx(lambda: confirm(late.id))
    assert [pledge.confirmed_at is None for pledge in stored()] == [False, True]


@pytest.mark.parametrize("column", ["fired_at", "closed"])
def test_a_petition_that_fired_or_closed_meanwhile_refuses_both_steps(world: World, column: str) -> None:
    petition = world.petition()
    pledge, saved = drafted(petition), card()
    change = {"fired_at": ("fired_at", clock.now()), "closed": ("state", "closed")}[column]
    run_tx(lambda: setattr(world.fresh(petition), *change))
    for step in (lambda: confirm(pledge.id), lambda: save_method(pledge.id, saved)):
        with pytest.raises(Refusal) as refused:
            run_tx(step)
        assert refused.value.status == 409
    assert (stored()[0].confirmed_at, stored()[0].payment_method_id) == (None, None)


def test_the_pledge_that_reaches_the_goal_tips_the_petition(world: World) -> None:
    petition = world.petition(signatures=1, goal=10_000)
    world.sign(petition, "junho")
    pledge, saved = drafted(petition), card()
    run_tx(lambda: confirm(pledge.id))
    assert world.fresh(petition).tipped_at is None
    run_tx(lambda: save_method(pledge.id, saved))
    assert world.fresh(petition).tipped_at is not None
