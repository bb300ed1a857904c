"""From the promise to points: it fires without money, falls due, is kept or broken, and is paid in points."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app import clock
from app.actions.auditing import audit
from app.db import db, run_tx
from app.doing.saying import duty_of, say
from app.errors import Refusal
from app.petitions.launching import OfferWish
from app.petitions.models import Petition
from app.pledges.kinds.others import try_out
from app.pledges.models import Pledge
from app.pledges.pledging import withdraw
from app.points.models import PointRow
from tests.actions.stages import cast, claim_step
from tests.world import World

from .conftest import TERMS, Begin

DAY = timedelta(days=1)


def points(person_id: str, reason: str) -> list[int]:
    """The standing points of one reason, in mp."""
    db.session.rollback()
    voided = sa.select(PointRow.voids).where(PointRow.voids.is_not(None))
    return list(
        db.session.scalars(
            sa.select(PointRow.mp).where(
                PointRow.person_id == person_id, PointRow.reason == reason, PointRow.id.not_in(voided)
            )
        )
    )


def test_it_begins_without_a_card_or_a_won(world: World, begin: Begin) -> None:
    petition, (pledge_id, _other) = begin(("alice", 4), ("bob", 4))
    action = world.action(petition)
    pledge = db.session.get_one(Pledge, pledge_id)
    assert (action.state, action.kind) == ("underway", None)
    assert (pledge.state, pledge.cost, pledge.payment_method_id) == ("frozen", 0, None)
    subjects = [letter.subject for letter in world.letters("alice")]
    assert any(subject.startswith("Now it counts") for subject in subjects)
    assert not any("card" in letter.text for letter in world.letters("alice"))
    assert audit().differences == []


def test_too_little_by_the_deadline_lapses_and_nothing_is_owed(
    world: World, ask: Callable[..., Petition], later: time_machine.Traveller
) -> None:
    petition = ask("hours", 8)
    pledge_id = world.pledge(petition, "alice", 4, token="", kind="deed", what="hours")
    world.sign(petition, "minji")
    later.shift(31 * DAY)
    world.work()
    assert duty_of(pledge_id) is None
    assert world.letters("alice")[-1].subject.startswith("You owe nothing")


def test_hours_that_both_confirm_earn_half_of_their_effort(world: World, begin: Begin) -> None:
    _petition, (pledge_id, _other) = begin(("alice", 4), ("bob", 4))
    assert run_tx(lambda: say(pledge_id, "person", True, 4)) == "open"
    assert run_tx(lambda: say(pledge_id, "organizer", True, 3)) == "kept"
    world.work()
    pledge = db.session.get_one(Pledge, pledge_id)
    assert (pledge.state, pledge.terms["done"]) == ("kept", 3)
    assert points(world.person("alice").id, "pledge_kept") == [5477 // 2]
    assert world.letters("alice")[-1].subject.startswith("You kept your promise")
    assert audit().differences == []


def test_nobody_says_anything_and_after_seven_days_it_is_broken_and_costs_twice(
    world: World, begin: Begin, later: time_machine.Traveller
) -> None:
    _petition, (pledge_id, _other) = begin(("alice", 4), ("bob", 4))
    due = duty_of(pledge_id).due_at  # type: ignore[union-attr]
    later.move_to(due + 7 * DAY - timedelta(seconds=1))
    world.work()
    assert world.pledge_state(pledge_id) == "frozen"
    later.shift(timedelta(seconds=1))
    world.work()
    assert world.pledge_state(pledge_id) == "broken"
    assert points(world.person("alice").id, "pledge_broken") == [2 * 6324]
    subjects = [letter.subject.partition(" “")[0] for letter in world.letters("alice")]
    assert subjects[-2:] == ["Did you do it?", "Not kept:"]


def test_even_when_both_say_no_the_points_wait_for_the_days_of_grace(
    world: World, begin: Begin, later: time_machine.Traveller
) -> None:
    _petition, (pledge_id, _other) = begin(("alice", 4), ("bob", 4))
    due = duty_of(pledge_id).due_at  # type: ignore[union-attr]
    run_tx(lambda: say(pledge_id, "person", False, 0))
    assert run_tx(lambda: say(pledge_id, "organizer", False, 0)) == "broken"
    world.work()
    alice = world.person("alice").id
    assert points(alice, "pledge_broken") == []
    later.move_to(due + 7 * DAY)
    world.work()
    assert points(alice, "pledge_broken") == [2 * 6324]


def test_an_objection_that_nobody_answers_gives_the_points_back(
    world: World, begin: Begin, later: time_machine.Traveller
) -> None:
    _petition, (pledge_id, _other) = begin(("alice", 4), ("bob", 4))
    later.move_to(duty_of(pledge_id).due_at + 8 * DAY)  # type: ignore[union-attr]
    world.work()
    assert world.pledge_state(pledge_id) == "broken"
    run_tx(lambda: say(pledge_id, "person", True, 4))
    later.shift(7 * DAY)
    world.work()
    alice = world.person("alice").id
    assert world.pledge_state(pledge_id) == "kept"
    assert points(alice, "pledge_broken") == []
    assert points(alice, "pledge_kept") == [6324 // 2]


def test_a_quarrel_goes_to_a_moderator_whose_word_ends_it(
    world: World, begin: Begin, later: time_machine.Traveller
) -> None:
    _petition, (pledge_id, _other) = begin(("alice", 4), ("bob", 4))
    world.person("moderator")
    run_tx(lambda: say(pledge_id, "person", True, 4))
    assert run_tx(lambda: say(pledge_id, "organizer", False, 0)) == "disputed"
    world.work()
    assert world.letters("moderator")[-1].subject.startswith("Two words against each other")
    later.shift(100 * DAY)
    world.work()
    assert world.pledge_state(pledge_id) == "frozen"
    assert run_tx(lambda: say(pledge_id, "moderator", True, 2)) == "kept"
    assert db.session.get_one(Pledge, pledge_id).terms["done"] == 2


def test_coming_in_person_counts_the_hours_the_organizer_named(world: World, begin: Begin) -> None:
    _petition, ids = begin(("alice", 1), ("bob", 1), what="people")
    run_tx(lambda: say(ids[0], "person", True, 1))
    run_tx(lambda: say(ids[0], "organizer", True, 1))
    world.work()
    assert points(world.person("alice").id, "pledge_kept") == [5477 // 2]


@pytest.mark.parametrize("amount", [0, 5, 10**9])
def test_more_than_was_promised_cannot_be_confirmed(world: World, begin: Begin, amount: int) -> None:
    _petition, (pledge_id, _other) = begin(("alice", 4), ("bob", 4))
    with pytest.raises(Refusal):
        run_tx(lambda: say(pledge_id, "organizer", True, amount))


def test_beside_money_a_kept_deed_earns_with_every_accepted_step_for_both_sides(
    world: World, later: time_machine.Traveller
) -> None:
    offers = (OfferWish("gift", "money", 10_000), OfferWish("deed", "hours", 4, TERMS["hours"]))
    petition = world.petition(signatures=1, offers=offers)
    steps = world.plan(petition, 60, 40)
    deed = world.pledge(petition, "alice", 4, token="", kind="deed", what="hours")
    world.pledge(petition, "bob", 10_000)
    world.sign(petition, "minji")
    later.shift(timedelta(hours=1, seconds=1))
    world.work()
    for side in ("person", "organizer"):
        run_tx(lambda side=side: say(deed, side, True, 4))  # type: ignore[misc]
    world.work()
    claim_step(world, steps[0])
    cast(world, steps[0], True, "bob")
    world.work()
    share = 6324 // 2 * 60 // 100
    assert points(world.person("alice").id, "milestone_supported") == [share]
    assert 6324 * 60 // 100 in points(world.person("organizer").id, "milestone_organized")
    assert audit().differences == []


def test_real_promises_tip_and_come_undone_as_the_simulator_says(
    world: World, ask: Callable[..., Petition], later: time_machine.Traveller
) -> None:
    petition = ask("people", 2)
    world.sign(petition, "minji")
    moves: list[dict[str, str]] = []

    def promise(name: str) -> str:
        later.shift(timedelta(minutes=1))
        moves.append({"person": name, "at": clock.now().isoformat()})
        return world.pledge(petition, name, 1, token="", kind="deed", what="people")

    def tried() -> dict[str, object]:
        assert petition.deadline is not None
        terms = {"others": 1, "deadline": petition.deadline.isoformat(), "window": 60 * 60}
        return try_out({"terms": terms, "pledges": moves})

    alice, _bob = promise("alice"), promise("bob")
    assert world.fresh(petition).tipped_at == datetime.fromisoformat(str(tried()["at"]))
    later.shift(timedelta(minutes=59))
    run_tx(lambda: withdraw(alice))
    moves[0]["withdrawn_at"] = clock.now().isoformat()
    later.shift(timedelta(hours=2))
    world.work()
    assert (world.fresh(petition).fired_at is not None) is tried()["fired"] is False
    promise("carol")
    later.shift(timedelta(hours=1))
    world.work()
    petition = world.fresh(petition)
    assert (petition.fired_at is not None) is tried()["fired"] is True
    assert petition.tipped_at == datetime.fromisoformat(str(tried()["at"]))
