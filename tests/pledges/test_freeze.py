"""Freezing: the set of pledges that an action may collect, fixed at the firing."""

from __future__ import annotations

from app.db import lock, run_tx
from app.petitions.models import Petition
from app.pledges.pledging import freeze, withdraw
from tests.pledges.promises import drafted, stored
from tests.world import World


def test_every_ready_pledge_of_this_petition_is_frozen_and_summed(world: World) -> None:
    petition, other = world.petition(), world.petition(title="다른 청원")
    for name, amount in (("minji", 10_000), ("junho", 20_000), ("alice", 5)):
        world.pledge(petition, name, amount)
    gone = world.pledge(petition, "bob", 999)
    run_tx(lambda: withdraw(gone))
    drafted(petition, email="late@example.org")
    world.pledge(other, "minji", 700)
    assert run_tx(lambda: freeze(lock(Petition, petition.id), "gift")) == (3, 30_005)
    by_amount = {pledge.amount: (pledge.state, pledge.frozen_at is not None) for pledge in stored()}
    assert by_amount[5] == by_amount[20_000] == ("frozen", True)
    assert by_amount[999] == ("withdrawn", False)
    assert by_amount[700] == ("ready", False)


def test_a_petition_without_pledges_freezes_nothing(world: World) -> None:
    petition = world.petition()
    assert run_tx(lambda: freeze(lock(Petition, petition.id), "gift")) == (0, 0)
