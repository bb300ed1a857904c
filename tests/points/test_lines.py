"""The lines of somebody's points: added up in the database as they would be one by one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from random import Random

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event

from app import clock
from app.db import new_id, run_tx
from app.points.awarding import award, void
from app.points.lines import lines_of, sums_of
from app.points.models import PointRow
from app.points.standing import settle_level, standing
from tests.counting import count_queries
from tests.world import World

REASONS = (("signature", "support"), ("signature_organized", "organise"), ("pledge_broken", "penalty"))


@contextmanager
def loaded_rows() -> Iterator[list[PointRow]]:
    """The point rows that become objects meanwhile."""
    seen: list[PointRow] = []

    def note(row: PointRow, _context: object) -> None:
        seen.append(row)

    event.listen(PointRow, "load", note)
    try:
        yield seen
    finally:
        event.remove(PointRow, "load", note)


def fill(world: World, name: str, dice: Random, petitions: list[str], many: int) -> str:
    """Events of every reason, some taken back again; returns the person's id."""
    person_id, start = world.person(name).id, clock.now() - timedelta(days=200)

    def write() -> None:
        for number in range(many):
            reason, class_ = dice.choice(REASONS)
            cause = f"{name}:{number}:{new_id()}"
            award(
                person_id,
                reason=reason,
                cause=cause,
                class_=class_,  # type: ignore[arg-type]
                mp=dice.randint(1, 5_000),
                petition_id=dice.choice([*petitions, None]),
                at=start + timedelta(hours=dice.randint(0, 4_000)),
            )
            if dice.random() < 0.3:
                void(cause)

    run_tx(write)
    return person_id


@pytest.mark.parametrize("seed", range(4))
def test_sums_are_the_sums_of_the_lines(world: World, seed: int) -> None:
    dice, petitions = Random(seed), [world.petition().id, world.petition().id]
    alice = fill(world, "alice", dice, petitions, 60)
    fill(world, "bob", dice, petitions, 20)
    by_reason: dict[tuple[str, bool], list[int]] = defaultdict(list)
    for line in lines_of(alice):
        by_reason[line.reason, line.voided].append(line.mp)
    added: dict[tuple[str, bool], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for each in sums_of(alice):
        mp, times = added[each.reason, each.voided]
        added[each.reason, each.voided] = (mp + each.mp, times + each.times)
    assert added == {kind: (sum(given), len(given)) for kind, given in by_reason.items()}
    assert sum(times for _mp, times in added.values()) == 60
    moments = [each.at for each in sums_of(alice)]
    assert moments == sorted(moments, reverse=True)
    assert moments[0] == next(line.at for line in lines_of(alice))


def test_many_points_cost_my_page_no_more_than_few(world: World, client: FlaskClient) -> None:
    petition = world.petition().id
    world.sign_in(client, "organizer")
    person_id = fill(world, "organizer", Random(1), [petition], 20)
    few = count_queries(lambda: client.get("/me"))
    lines = len(sums_of(person_id))
    fill(world, "organizer", Random(2), [petition], 400)
    with loaded_rows() as seen:
        assert count_queries(lambda: client.get("/me")) == few
        assert len(sums_of(person_id)) <= max(lines, 2 * 2 * len(REASONS))
        standing(person_id)
        run_tx(lambda: settle_level(person_id))
        assert len(client.get("/me/export").get_json()["points"]["events"]) == 420
    assert seen == []
