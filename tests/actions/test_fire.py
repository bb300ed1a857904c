"""Firing: once, only with every threshold held, only after the verification window."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from app import clock
from app.actions.firing import fire
from app.actions.models import Action, Firing
from app.db import db, run_tx
from app.petitions.models import Petition
from app.petitions.signing import invalidate
from tests.world import World

WINDOW = timedelta(seconds=3601)


def tipped(world: World) -> Petition:
    petition = world.petition(signatures=2, goal=20_000)
    world.sign(petition, "minji", "junho")
    world.pledge(petition, "alice", 20_000)
    return world.fresh(petition)


def test_the_last_threshold_tips_and_starts_the_window(world: World) -> None:
    petition = world.petition(signatures=2, goal=20_000)
    world.sign(petition, "minji")
    world.pledge(petition, "alice", 20_000)
    assert world.fresh(petition).tipped_at is None
    world.sign(petition, "junho")
    petition = world.fresh(petition)
    assert petition.tipped_at is not None
    assert petition.window_ends_at == petition.tipped_at + timedelta(hours=1)


def test_it_does_not_fire_inside_the_window(world: World) -> None:
    petition = tipped(world)
    assert run_tx(lambda: fire(petition.id)) is False


def test_it_fires_once_after_the_window(world: World) -> None:
    petition = tipped(world)
    with time_machine.travel(clock.now() + WINDOW, tick=False):
        assert run_tx(lambda: fire(petition.id)) is True
        assert run_tx(lambda: fire(petition.id)) is False
    assert db.session.query(Firing).count() == db.session.query(Action).count() == 1
    assert db.session.query(Firing).one().tallies == {"signatures": [2, 2], "gift": [20_000, 20_000]}


def test_a_signature_struck_inside_the_window_unties_it(world: World) -> None:
    petition = tipped(world)
    from app.petitions.models import Signature

    signature = db.session.query(Signature).first()
    assert signature is not None
    run_tx(lambda: invalidate(signature.id, "fake"))
    assert world.fresh(petition).tipped_at is None
    with time_machine.travel(clock.now() + WINDOW, tick=False):
        assert run_tx(lambda: fire(petition.id)) is False
    world.sign(petition, "bob")
    assert world.fresh(petition).tipped_at is not None


def test_losses_after_the_firing_are_only_noted(world: World) -> None:
    petition = tipped(world)
    with time_machine.travel(clock.now() + WINDOW, tick=False):
        run_tx(lambda: fire(petition.id))
        from app.petitions.models import Signature

        signature = db.session.query(Signature).first()
        assert signature is not None
        run_tx(lambda: invalidate(signature.id, "fake"))
        petition = world.fresh(petition)
        assert petition.fired_at is not None
        assert petition.signatures.tally == 1


@pytest.mark.parametrize(
    ("late", "tips"),
    [(timedelta(milliseconds=-1), True), (timedelta(0), True), (timedelta(milliseconds=1), False)],
)
def test_the_deadline_counts_to_the_millisecond(world: World, late: timedelta, tips: bool) -> None:
    deadline = clock.now() + timedelta(days=3)
    petition = world.petition(signatures=1, goal=1_000, deadline=deadline)
    world.pledge(petition, "alice", 1_000)
    minji = world.person("minji")
    with time_machine.travel(deadline + late, tick=False):
        from app.errors import Refusal
        from app.petitions.signing import sign_as

        try:
            run_tx(lambda: sign_as(petition, minji, region="KR-11"))
        except Refusal:
            assert not tips
        assert (world.fresh(petition).tipped_at is not None) is tips


def test_the_worker_fires_what_is_due(world: World) -> None:
    petition = tipped(world)
    world.work()
    assert world.fresh(petition).fired_at is None
    with time_machine.travel(clock.now() + WINDOW, tick=False):
        world.work()
        assert world.action(petition).state == "underway"
