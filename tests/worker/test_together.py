"""Reactions that share a transaction: one commit for many, in order, and each alone where one fails."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import event

from app.db import db, run_tx
from app.outbox import Together, announce, drain
from app.outbox.sharing import MOST
from app.people.models import Person, find_person, welcome
from tests.world import World


def announce_names(*names: str) -> None:
    for name in names:
        run_tx(lambda name=name: announce("named", name=name))


def greet(name: str) -> None:
    if name == "mallory":
        raise ValueError(name)
    welcome(f"{name}@example.org", name=name, locale="en")


@pytest.fixture
def commits(world: World) -> Iterator[list[int]]:
    """One entry for every commit from here on; cleared by the test where counting begins."""
    seen: list[int] = []

    def note(_connection: object) -> None:
        seen.append(1)

    engine = db.engines[None]
    event.listen(engine, "commit", note)
    yield seen
    event.remove(engine, "commit", note)


def test_many_share_one_commit(world: World, commits: list[int]) -> None:
    announce_names(*(f"guest{number}" for number in range(MOST)))
    commits.clear()
    assert drain({"named": [Together(greet)]}) == MOST
    lease, shared, finish, empty_look = 1, 1, 1, 1
    assert len(commits) == lease + shared + finish + empty_look
    assert db.session.query(Person).count() == MOST


def test_without_sharing_each_has_its_own(world: World, commits: list[int]) -> None:
    announce_names(*(f"guest{number}" for number in range(MOST)))
    commits.clear()
    drain({"named": [lambda name: run_tx(lambda: greet(name))]})
    assert len(commits) == MOST + 3


def test_one_that_fails_takes_no_other_along(world: World) -> None:
    announce_names("alice", "mallory", "bob")
    drain({"named": [Together(greet)]})
    assert find_person("alice@example.org")
    assert find_person("bob@example.org")
    assert find_person("mallory@example.org") is None


@pytest.mark.parametrize("last", [Together, lambda verb: lambda **payload: run_tx(lambda: verb(**payload))])
def test_the_order_is_kept(world: World, last: type[Together]) -> None:
    heard: list[str] = []

    def hear(name: str) -> None:
        heard.append(name)

    announce_names("alice")
    run_tx(lambda: announce("heard", name="minji"))
    announce_names("bob")
    drain(
        {
            "named": [Together(hear)],
            "heard": [last(hear)],
        }
    )
    assert heard == ["alice", "minji", "bob"]
