"""``dure books`` notices: rows changed behind the application's back are named, and the command exits 1."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from click.testing import CliRunner
from flask.cli import ScriptInfo

from app.actions.auditing import audit
from app.cli import dure
from app.db import db
from app.ledger.booking import balances
from app.ledger.models import Journal
from app.petitions.models import Petition
from tests.actions.conftest import Fire
from tests.actions.stages import ALICE_AND_BOB, cast, claim_step, name_payee, pay_step
from tests.world import World

Tamper = Callable[..., None]


@pytest.fixture
def tamper(world: World) -> Iterator[Tamper]:
    """Change the database through a raw connection of its own, where no trigger or verb stands in the way."""
    engine = sa.create_engine(world.app.config["DURE"].database_url)

    def change(*statements: str, **values: Any) -> None:
        db.session.rollback()
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(sa.text(statement), values)
        db.session.expire_all()

    yield change
    engine.dispose()


@pytest.fixture
def paid(world: World, later: time_machine.Traveller, fire: Fire) -> Petition:
    """30,000 won captured of Alice and Bob, the first step's 18,000 paid out, the second step's vote over."""
    petition, _, steps = fire(*ALICE_AND_BOB, goal=30_000)
    name_payee(world)
    pay_step(world, steps[0], "alice", "bob")
    claim_step(world, steps[1])
    cast(world, steps[1], True, "alice", "bob")
    world.work()
    assert audit().differences == []
    return petition


def run_books(world: World) -> tuple[int, dict[str, Any]]:
    info = ScriptInfo(create_app=lambda: world.app, load_dotenv_defaults=False)
    result = CliRunner().invoke(dure, ["books"], obj=info, prog_name="dure")
    return result.exit_code, json.loads(result.stdout)


def drop_guards(table: str) -> list[str]:
    """What somebody with the database's own keys would do before rewriting the past."""
    if db.engine.dialect.name == "sqlite":
        return [f"DROP TRIGGER {table}_no_update", f"DROP TRIGGER {table}_no_delete"]
    return [f"DROP TRIGGER {table}_append_only ON {table}"]


def test_honest_books_balance(world: World, paid: Petition) -> None:
    code, found = run_books(world)
    assert (code, found["balanced"], found["differences"]) == (0, True, [])
    assert found["totals"]["KRW"] == {"capture": 30_000, "payout_due": 18_000, "payout": 18_000}
    assert (found["journals"], found["postings"]) == (4, 8)


TAMPERINGS = {
    "a pledge shows less captured": (
        ["UPDATE pledge SET captured = captured - 1"],
        "captured, 20000 booked",
    ),
    "a pledge shows a refund nobody got": (
        ["UPDATE pledge SET refunded = 1"],
        "1 refunded, 0 booked",
    ),
    "a captured pledge is called released": (
        ["UPDATE pledge SET state = 'released'"],
        "is released with 20000 captured",
    ),
    "a pledge is made to look captured": (
        ["UPDATE pledge SET captured = 0"],
        "is captured with 0 captured",
    ),
    "the money threshold shows more": (
        ["UPDATE threshold SET tally = tally + 1 WHERE measure = 'money'"],
        "gift shows 30001 by 2, the rows say 30000 by 2",
    ),
    "the signatures show more": (
        ["UPDATE threshold SET contributors = 200000 WHERE measure = 'signatures'"],
        "signatures shows 1 by 200000, the rows say 1 by 1",
    ),
    "a paid payout is called approved": (
        ["UPDATE payout SET state = 'approved' WHERE state = 'paid'"],
        "is approved with 18000, but booked otherwise",
    ),
    "a proposed payout is called approved": (
        ["UPDATE payout SET state = 'approved' WHERE state = 'proposed'"],
        "is approved with 12000, but booked otherwise",
    ),
    "a proposed payout is called paid": (
        ["UPDATE payout SET state = 'paid' WHERE state = 'proposed'"],
        "is paid with 12000, but booked otherwise",
    ),
    "a payout is made larger": (
        ["UPDATE payout SET amount = amount + 1 WHERE state = 'paid'"],
        "is paid with 18001, but booked otherwise",
    ),
    "a payout is deleted": (
        ["DELETE FROM payout WHERE state = 'paid'"],
        "is booked, but does not exist",
    ),
    "less was held than the goal": (
        ["UPDATE action SET held_at_decision = goal - 1"],
        "began with 29999 of 30000 held",
    ),
    "the action is called released": (
        ["UPDATE action SET state = 'released'"],
        "is released, but 12000 stay in escrow",
    ),
    "points for a pledge that was refunded": (
        ["UPDATE pledge SET refunded = captured, state = 'refunded'"],
        "points stand for pledge",
    ),
    "a second capture is written down": (
        [
            "INSERT INTO attempt SELECT other, 'twice', petition_id, subject_id, purpose, gateway, amount, "
            "currency, state, outcome, reference, started_at, lease_until, finished_at FROM (SELECT a.*, "
            "(SELECT id FROM person LIMIT 1) AS other FROM attempt a WHERE purpose = 'capture' LIMIT 1) AS x"
        ],
        "was captured 2 times",
    ),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_a_changed_row_is_named(world: World, paid: Petition, tamper: Tamper, name: str) -> None:
    statements, said = TAMPERINGS[name]
    tamper(*statements)
    code, found = run_books(world)
    assert code == 1
    assert found["balanced"] is False
    assert any(said in difference for difference in found["differences"]), found["differences"]


def test_a_deleted_posting_is_named(world: World, paid: Petition, tamper: Tamper) -> None:
    key = db.session.scalars(sa.select(Journal.key).where(Journal.cause == "capture").limit(1)).one()
    tamper(
        *drop_guards("posting"),
        "DELETE FROM posting WHERE amount < 0 AND journal_id = (SELECT id FROM journal WHERE key = :key)",
        key=key,
    )
    code, found = run_books(world)
    assert code == 1
    assert any(f"journal {key} is off by" in difference for difference in found["differences"])


def test_a_deleted_journal_is_missed_by_its_pledge(world: World, paid: Petition, tamper: Tamper) -> None:
    key = db.session.scalars(sa.select(Journal.key).where(Journal.cause == "capture").limit(1)).one()
    tamper(
        *drop_guards("posting"),
        *drop_guards("journal"),
        "DELETE FROM posting WHERE journal_id = (SELECT id FROM journal WHERE key = :key)",
        "DELETE FROM journal WHERE key = :key",
        key=key,
    )
    code, found = run_books(world)
    assert code == 1
    assert any(" captured, 0 booked" in difference for difference in found["differences"])


def test_a_rewritten_amount_is_named_even_when_it_balances(
    world: World, paid: Petition, tamper: Tamper
) -> None:
    tamper(
        *drop_guards("posting"),
        "UPDATE posting SET amount = amount * 10 WHERE journal_id IN "
        "(SELECT id FROM journal WHERE cause = 'payout')",
    )
    code, found = run_books(world)
    assert code == 1
    said = " ".join(found["differences"])
    assert balances(paid.id)["payouts_due"] == -162_000
    assert f"account payouts_due of {paid.id} is overdrawn by 162000 KRW" in said
    assert "is paid with 18000, but booked otherwise" in said


def test_a_call_without_an_answer_is_named_after_a_day(
    world: World, later: time_machine.Traveller, paid: Petition, tamper: Tamper
) -> None:
    tamper("UPDATE attempt SET state = 'started' WHERE purpose = 'payout'")
    assert audit().differences == []
    later.shift(timedelta(days=1, seconds=1))
    [difference] = audit().differences
    assert "the gateway has not answered payout-" in difference


def test_without_the_triggers_gone_the_past_cannot_be_rewritten(
    world: World, paid: Petition, tamper: Tamper
) -> None:
    for statement in ("UPDATE posting SET amount = 1", "DELETE FROM posting", "DELETE FROM journal"):
        with pytest.raises(sa.exc.DatabaseError, match="append-only"):
            tamper(statement)
    assert audit().differences == []
