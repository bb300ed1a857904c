"""The addressee owes an answer once the signatures are there; silence is noted."""

from __future__ import annotations

from datetime import timedelta

import time_machine

from app.db import run_tx
from app.petitions.answering import record_answer
from tests.world import World


def test_enough_signatures_ask_for_an_answer_by_a_day(world: World, later: time_machine.Traveller) -> None:
    petition = world.petition(signatures=1, goal=10_000)
    assert petition.response_track == "none"
    world.sign(petition, "minji")
    petition = world.fresh(petition)
    assert petition.response_track == "awaiting"
    assert petition.response_due_at == petition.signatures.reached_at + timedelta(days=30)


def test_silence_is_noted_when_the_day_has_passed(world: World, later: time_machine.Traveller) -> None:
    petition = world.petition(signatures=1, goal=10_000)
    world.sign(petition, "minji")
    later.shift(timedelta(days=29))
    world.work()
    assert world.fresh(petition).response_track == "awaiting"
    later.shift(timedelta(days=2))
    world.work()
    assert world.fresh(petition).response_track == "silent"


def test_an_answer_ends_the_wait(world: World, later: time_machine.Traveller) -> None:
    petition = world.petition(signatures=1, goal=10_000)
    world.sign(petition, "minji")
    assert run_tx(lambda: record_answer(petition.id, "다음 달에 놓겠습니다."))
    later.shift(timedelta(days=31))
    world.work()
    assert world.fresh(petition).response_track == "responded"
