"""Crediting: one journal for everybody, once, and the money behind the purses is always their sum."""

from __future__ import annotations

import time

import pytest
import sqlalchemy as sa

from app import clock
from app.actions.auditing import audit
from app.db import db, new_id, run_tx
from app.ledger.booking import balances, unbalanced_journals
from app.ledger.entries import PURSES, Unbalanced
from app.ledger.models import Account, Journal, Posting
from app.people.erasing import erase
from app.people.models import Person
from app.purses.crediting import credit
from tests.purses.pockets import fill, fill_in_tx, purse_of
from tests.world import World

CROWD = 10_000


def test_everybody_gets_their_part(world: World) -> None:
    petition, minji, bob = world.petition(), world.person("minji").id, world.person("bob").id
    fill(petition, **{minji: 834, bob: 833})
    fill(petition, **{minji: 833, bob: 834})
    assert (purse_of(minji).total, purse_of(bob).total) == (1_667, 1_667)
    assert balances(PURSES)["clearing"] == 3_334
    assert balances(petition.id) == dict.fromkeys(balances(petition.id), 0)
    assert unbalanced_journals() == []


def test_the_same_key_gives_nothing_twice(world: World) -> None:
    petition, minji = world.petition(), world.person("minji").id
    key = fill(petition, **{minji: 500})
    again = {"owner": petition.id, "debit": "pool", "cause": "bonus", "subject_id": new_id()}
    assert not run_tx(lambda: credit(**again, key=key, parts={minji: 500}, currency="KRW"))
    assert purse_of(minji).total == 500


def test_what_would_go_to_somebody_erased_is_the_platforms(world: World) -> None:
    petition, minji, bob = world.petition(), world.person("minji").id, world.person("bob").id
    run_tx(lambda: erase(minji))
    fill(petition, **{minji: 834, bob: 833})
    fill(petition, **{minji: 500})
    assert (purse_of(minji).total, purse_of(bob).total) == (0, 833)
    held = balances(petition.id)
    assert (held["tips"], held["clearing"], held["pool"]) == (1_334, 1_334, 0)
    assert balances(PURSES)["clearing"] == 833
    assert audit().differences == []


def test_parts_of_nothing_are_left_out(world: World) -> None:
    petition, minji, bob = world.petition(), world.person("minji").id, world.person("bob").id
    fill(petition, **{minji: 500, bob: 0})
    assert not run_tx(lambda: fill_nothing(petition.id, minji))
    assert (purse_of(minji).total, purse_of(bob).total) == (500, 0)


def fill_nothing(petition_id: str, person_id: str) -> bool:
    nothing = {"owner": petition_id, "debit": "pool", "cause": "bonus", "key": "none", "currency": "KRW"}
    return credit(**nothing, subject_id=new_id(), parts={person_id: 0})


def test_nobody_is_credited_less_than_nothing(world: World) -> None:
    petition, minji, bob = world.petition(), world.person("minji").id, world.person("bob").id
    with pytest.raises(Unbalanced):
        run_tx(lambda: fill_in_tx(petition.id, "k", "bonus", "KRW", {minji: 600, bob: -100}))
    assert purse_of(minji).total == 0


def test_a_crowd_is_one_journal_in_one_transaction(world: World) -> None:
    """10,000 lenders: one journal, 10,003 postings. ``bench.splitting`` holds it to a second of CPU; here
    the machine is shared with other tests, which makes every second longer."""
    petition = world.petition()
    ids = [new_id() for _ in range(CROWD)]
    run_tx(lambda: insert_crowd(ids))
    parts = {person_id: 834 if number < 100 else 833 for number, person_id in enumerate(ids)}
    run_tx(lambda: fill_in_tx(petition.id, "first", "loan_return", "KRW", parts))
    started = time.process_time()
    run_tx(lambda: fill_in_tx(petition.id, "second", "loan_return", "KRW", parts))
    spent = time.process_time() - started
    assert spent < 4, f"{spent:.2f} s"
    assert balances(PURSES)["clearing"] == 2 * sum(parts.values())
    lines = sa.select(sa.func.count()).select_from(Posting).join(Journal).where(Journal.key == "second")
    assert db.session.scalar(lines) == CROWD + 3
    assert purse_of(ids[0]).total == 2 * 834
    assert purse_of(ids[-1]).total == 2 * 833
    purses = sa.select(sa.func.count()).select_from(Account).where(Account.kind == "purse")
    assert db.session.scalar(purses) == CROWD


def insert_crowd(ids: list[str]) -> None:
    columns = {"name": "P", "locale": "ko", "created_at": clock.now()}
    db.session.execute(
        sa.insert(Person), [{"id": person_id, "cluster": person_id, **columns} for person_id in ids]
    )
