"""What sponsors do in tests."""

from __future__ import annotations

from uuid import uuid4

from app.actions.auditing import audit
from app.db import db, run_tx
from app.payments.door import gateway
from app.petitions.models import Petition
from app.pools import auditing
from app.pools.depositing import PoolWish, draw_up, pay_in
from app.pools.models import Pool
from tests.purses.pockets import differences
from tests.world import World


def drawn(world: World, petition: Petition, amount: int, name: str = "alice", token: str = "pm_ok") -> Pool:
    """A deposit that is written down and not paid in."""
    sponsor = world.person(name)
    wish = PoolWish(amount, sponsor.name, uuid4().hex)
    saved = gateway().save_token(token)
    return run_tx(lambda: draw_up(petition.id, sponsor, wish, saved))


def deposit(world: World, petition: Petition, amount: int, name: str = "alice", token: str = "pm_ok") -> Pool:
    """A deposit that is paid in, and lies there if the card is good."""
    pool = drawn(world, petition, amount, name, token)
    run_tx(lambda: pay_in(pool.id))
    world.work()
    return world.fresh(pool)


def troubles() -> list[str]:
    """What the audits of the actions, the purses and the pools have to say."""
    db.session.rollback()
    return [*audit().differences, *differences(), *(line for check in auditing.CHECKS for line in check())]
