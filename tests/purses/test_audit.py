"""The audit notices: what lies behind the purses, what was set aside and noted, against the books."""

from __future__ import annotations

import sqlalchemy as sa

from app import clock
from app.db import db, new_id, run_tx
from app.ledger.booking import book
from app.ledger.entries import Booking, Line
from app.pools import auditing as pool_audit
from app.pools.models import Pool
from app.purses.models import PurseHold
from tests.pools.sponsors import deposit, troubles
from tests.purses.pockets import differences, fill
from tests.world import World


def test_money_in_a_purse_that_lies_elsewhere(world: World) -> None:
    petition, minji = world.petition(), world.person("minji").id
    lines = (Line("clearing", 5), Line("purse", -5, minji))
    run_tx(lambda: book(Booking("bad", "bonus", petition.id, new_id(), "KRW", lines)))
    assert differences() == ["0 KRW lie behind the purses, which hold 5"]


def test_a_hold_noted_as_taken_that_nobody_booked(world: World) -> None:
    minji = world.person("minji").id
    fill(world.petition(), **{minji: 5_000})
    hold = PurseHold(id=new_id(), person_id=minji, currency="KRW", amount=9, captured=9, refunded=0)
    hold.state, hold.at = "captured", clock.now()
    run_tx(lambda: db.session.add(hold))
    assert differences() == [f"purse_capture {hold.id}: 9 noted, 0 booked"]


def test_a_deposit_noted_as_larger_than_it_was(world: World) -> None:
    pool = deposit(world, world.petition(), 5_000)
    assert troubles() == []
    run_tx(lambda: db.session.execute(sa.update(Pool).values(amount=6_000)))
    found = [sentence for check in pool_audit.CHECKS for sentence in check()]
    assert f"pool {pool.id} is lying with 6000, but 5000 are booked" in found
    assert any("6000 should lie there, 5000 do" in sentence for sentence in found)
