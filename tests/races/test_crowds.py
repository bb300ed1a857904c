"""Crowds at the threshold: counted exactly, tipped once, fired once. Each with its locks taken away, too."""

from __future__ import annotations

import threading
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from app import addresses, clock
from app import db as ground
from app.actions import firing
from app.actions.models import Action, Firing
from app.db import db, run_tx
from app.outbox import Announcement
from app.people import models
from app.petitions import signing
from app.petitions.models import Event, Petition, Signature
from app.petitions.signing import SignatureWish, sign, validate
from app.pledges.pledging import save_method
from tests.races.crowd import all_at_once, errors
from tests.world import World

pytestmark = pytest.mark.races

SIGNERS = 200
SPELLINGS = [
    f"{name}{tag}@{host}"
    for name in ("minji.kim", "MinJi.Kim", "m.inji.kim", "minjikim", "MINJIKIM")
    for tag in ("", "+dure")
    for host in ("gmail.com", "GoogleMail.com")
]


def pending(petition: Petition, number: int) -> list[str]:
    """That many signatures waiting for their links to be opened."""
    for index in range(number):
        wish = SignatureWish(name="시민", email=f"citizen{index}@example.org", region="KR-11", locale="ko")
        run_tx(partial(sign, petition.id, wish))
    return list(db.session.scalars(sa.select(Signature.id).where(Signature.state == "pending")))


def count(model: Any) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def topics(topic: str) -> int:
    db.session.rollback()
    return db.session.scalar(sa.select(sa.func.count()).where(Announcement.topic == topic)) or 0


def test_two_hundred_signers_at_the_last_signature_fire_once(world: World) -> None:
    petition = world.petition(signatures=SIGNERS + 1, goal=10_000)
    world.pledge(petition, "alice", 10_000)
    world.sign(petition, "minji")
    waiting = pending(petition, SIGNERS)
    results = all_at_once(world.app, [partial(run_tx, partial(validate, row)) for row in waiting])
    assert errors(results) == []
    assert world.fresh(petition).signatures.tally == SIGNERS + 1
    assert topics("petition_tipped") == 1
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=True):
        fired = all_at_once(world.app, [partial(run_tx, partial(firing.fire, petition.id))] * 20)
    assert sorted(map(str, fired)) == ["False"] * 19 + ["True"]
    assert count(Firing) == count(Action) == 1


def test_two_hundred_more_signers_at_target_minus_one_reach_it_once(world: World) -> None:
    petition = world.petition(signatures=2, goal=10_000)
    world.sign(petition, "minji")
    waiting = pending(petition, SIGNERS)
    all_at_once(world.app, [partial(run_tx, partial(validate, row)) for row in waiting])
    assert world.fresh(petition).signatures.tally == SIGNERS + 1
    db.session.rollback()
    reached = db.session.query(Event).filter_by(kind="threshold_reached").all()
    assert [event.detail["measure"] for event in reached] == ["signatures"]


def test_without_its_row_and_its_lock_a_petition_fires_more_than_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    petition = world.petition(signatures=1, goal=10_000)
    world.pledge(petition, "alice", 10_000)
    world.sign(petition, "minji")
    disarm(monkeypatch, firing)
    monkeypatch.setattr(firing, "insert_unless_there", lambda *_: True)
    started: list[str] = []
    both = threading.Barrier(2)

    def start(row: Petition) -> None:
        started.append(row.id)
        both.wait(timeout=10)

    monkeypatch.setattr(firing, "start_action", start)
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=True):
        slow = partial(slowly, partial(firing.fire, petition.id), monkeypatch)
        results = all_at_once(world.app, [slow] * 2)
    assert len(started) == 2, errors(results)


def slowly(verb: Any, _monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run a verb without the queue of writers, so that only its own locks stand between two of them."""
    session = db.session()
    session.info.update(writing=db.engine.dialect.name == "postgresql", after_commit=[], loaded=[])
    result = verb()
    session.info["writing"] = True
    session.commit()
    return result


def disarm(monkeypatch: pytest.MonkeyPatch, *modules: Any) -> None:
    """Take the row locks away, and SQLite's immediate transactions with the queue before them."""
    for module in (ground, *modules):
        monkeypatch.setattr(
            module, "lock", lambda model, key: db.session.get(model, key, populate_existing=True)
        )


@pytest.mark.parametrize("round_", range(10))
def test_last_signature_beside_last_pledge_never_misses(world: World, round_: int) -> None:
    petition = world.petition(signatures=1, goal=10_000)
    [waiting] = pending(petition, 1)
    pledge = draft_pledge(world, petition)
    results = all_at_once(world.app, [partial(run_tx, partial(validate, waiting)), partial(run_tx, pledge)])
    assert errors(results) == []
    assert world.fresh(petition).tipped_at is not None
    assert topics("petition_tipped") == 1


def draft_pledge(world: World, petition: Petition) -> Any:
    """A pledge that needs only its method to count."""
    from app.payments.door import gateway
    from app.pledges.allowing import PledgeWish
    from app.pledges.pledging import make

    alice = world.person("alice")
    wish = PledgeWish(kind="gift", amount=10_000, email="alice@example.org", name="Alice", locale="en")
    made = run_tx(lambda: make(petition.id, wish, idempotency_key="once", person=alice))
    return partial(save_method, made.id, gateway().save_token("pm_ok"))


def test_without_the_lock_last_signature_and_last_pledge_miss_each_other(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL: neither sees the other's uncommitted tally. SQLite: deferred writers are turned away."""
    if db.engine.dialect.name == "sqlite":
        assert sqlite_turns_deferred_writers_away(world, monkeypatch)
        return
    from app.petitions import tallying
    from app.pledges import pledging

    disarm(monkeypatch, signing, pledging)
    meet_before_commit(monkeypatch, tallying)
    petition = world.petition(signatures=1, goal=10_000)
    [waiting] = pending(petition, 1)
    pledge = draft_pledge(world, petition)
    all_at_once(world.app, [partial(run_tx, partial(validate, waiting)), partial(run_tx, pledge)])
    assert world.fresh(petition).tipped_at is None
    assert [threshold.tally for threshold in world.fresh(petition).thresholds] == [1, 10_000]


def meet_before_commit(monkeypatch: pytest.MonkeyPatch, tallying: Any) -> None:
    """Let both sides count before either commits."""
    barrier, original = threading.Barrier(2), tallying.settle_tipping

    def meet(*args: Any) -> None:
        original(*args)
        barrier.wait(timeout=10)

    monkeypatch.setattr(tallying, "settle_tipping", meet)


def sqlite_turns_deferred_writers_away(world: World, monkeypatch: pytest.MonkeyPatch) -> bool:
    petition = world.petition(signatures=SIGNERS, goal=10_000)
    waiting = pending(petition, SIGNERS)
    db.session.remove()
    deferred = ground.prepare_sqlite
    engine = sa.create_engine(db.engine.url, connect_args={"timeout": 0.05})
    deferred(engine, begin="BEGIN", read_only=False)
    monkeypatch.setattr(ground, "ATTEMPTS", 1)
    monkeypatch.setitem(world.app.extensions, "write_gate", ground.WriteGate(None))
    monkeypatch.setitem(world.app.extensions["sqlalchemy"]._app_engines[world.app], None, engine)
    results = all_at_once(world.app, [partial(run_tx, partial(validate, row)) for row in waiting])
    engine.dispose()
    return len(errors(results)) > 0


def test_one_person_signs_once_under_twenty_spellings(world: World) -> None:
    petition = world.petition(signatures=100, goal=10_000)
    all_at_once(
        world.app, [partial(run_tx, partial(sign, petition.id, wish(spelling))) for spelling in SPELLINGS]
    )
    db.session.rollback()
    rows = db.session.scalars(sa.select(Signature.id)).all()
    assert len(SPELLINGS) == 20
    assert len(rows) == 1
    db.session.rollback()
    all_at_once(world.app, [partial(run_tx, partial(validate, rows[0]))] * 20)
    assert world.fresh(petition).signatures.tally == 1


def test_without_the_canonical_key_every_spelling_is_somebody(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signing, "key_of", lambda email: email)
    petition = world.petition(signatures=100, goal=10_000)
    all_at_once(
        world.app, [partial(run_tx, partial(sign, petition.id, wish(spelling))) for spelling in SPELLINGS]
    )
    assert count(Signature) == 20
    assert models.key_of(SPELLINGS[0]) == models.key_of(SPELLINGS[-1])
    assert addresses.canonical_address(SPELLINGS[0]) == "minjikim@gmail.com"


def wish(email: str) -> SignatureWish:
    return SignatureWish(name="민지", email=email, region="KR-11", locale="ko")
