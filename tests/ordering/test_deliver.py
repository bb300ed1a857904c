"""Delivering: marks, confirmations, silence, and what is missing paid back."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine

from app.actions.figuring import figures_of
from app.actions.milestones import claim
from app.actions.models import Duty
from app.db import db, run_tx
from app.errors import Refusal
from app.ledger.booking import balances
from app.ordering import delivering, missing
from app.ordering.models import Shortage
from app.ordering.paying_in import begin_paying, lacking, paid_in
from app.payments.door import gateway
from app.payments.methods import remember
from app.payments.models import Charge
from app.points.models import PointRow
from tests.actions.stages import approve_payouts, cast, claim_step, name_payee, pay_step
from tests.ordering.conftest import Order, Ordered
from tests.ordering.test_settle import differences, pledge
from tests.world import World

WEEK = timedelta(days=7, seconds=1)
TWO = (("alice", 3, "pm_ok", 1), ("bob", 3, "pm_ok", 2))


def delivery(pledge_id: str) -> Duty:
    db.session.rollback()
    return db.session.scalars(sa.select(Duty).where(Duty.pledge_id == pledge_id)).one()


def mark(world: World, *pledge_ids: str) -> int:
    organizer = world.person("organizer").id
    return run_tx(lambda: delivering.mark_delivered(pledge_ids, organizer))


def report(pledge_id: str, units: int, key: str = "one") -> Shortage:
    run_tx(lambda: missing.report(pledge_id, units, "한 상자가 없어요.", key=key))
    return db.session.scalars(sa.select(Shortage).where(Shortage.idempotency_key == key)).one()


def answer(world: World, shortage_id: str, *, agrees: bool, words: str = "토요일에 드렸어요.") -> bool:
    organizer = world.person("organizer").id
    return run_tx(lambda: missing.answer(shortage_id, organizer, agrees=agrees, words=words))


@pytest.fixture
def made(order: Order) -> Ordered:
    return order(*TWO)


def test_buyer_and_organizer_both_say_so(world: World, made: Ordered) -> None:
    alice, bob = made.orders["alice"], made.orders["bob"]
    assert mark(world, alice, bob) == 2
    assert mark(world, alice, bob) == 0
    world.work()
    assert "코드" in world.letters("alice")[-1].text or "code" in world.letters("alice")[-1].text
    assert run_tx(lambda: delivering.confirm(alice))
    assert not run_tx(lambda: delivering.confirm(alice))
    assert (delivery(alice).state, delivery(bob).state) == ("kept", "open")


def test_silence_confirms(world: World, made: Ordered, later: time_machine.Traveller) -> None:
    alice = made.orders["alice"]
    mark(world, alice)
    world.work()
    later.shift(WEEK - timedelta(seconds=5))
    world.work()
    assert delivery(alice).state == "open"
    later.shift(timedelta(seconds=5))
    world.work()
    assert delivery(alice).state == "kept"


def test_a_mark_taken_back_is_no_mark(world: World, made: Ordered, later: time_machine.Traveller) -> None:
    alice, organizer = made.orders["alice"], world.person("organizer").id
    mark(world, alice)
    assert run_tx(lambda: delivering.unmark(alice, organizer))
    later.shift(WEEK)
    world.work()
    assert delivery(alice).state == "open"


def test_only_its_organizer_marks_an_order(world: World, made: Ordered) -> None:
    stranger = world.person("bob").id
    with pytest.raises(Refusal) as refused:
        run_tx(lambda: delivering.mark_delivered([made.orders["alice"]], stranger))
    assert refused.value.status == 404


def test_missing_units_agreed_go_back_part_by_part(world: World, made: Ordered) -> None:
    alice = made.orders["alice"]
    mark(world, alice)
    first = report(alice, 1)
    assert answer(world, first.id, agrees=True)
    assert not answer(world, first.id, agrees=True)
    second = report(alice, 2, key="two")
    answer(world, second.id, agrees=True)
    world.work()
    assert (pledge(alice).refunded, pledge(alice).state) == (33_000, "refunded")
    assert delivery(alice).state == "broken"
    assert balances(made.petition.id)["escrow"] == 33_000
    assert differences() == []


def test_points_stand_for_what_was_not_given_back(world: World, made: Ordered) -> None:
    alice, organizer = made.orders["alice"], world.person("organizer").id
    run_tx(lambda: missing.note_missing(alice, organizer, 1, "", key="n"))
    world.work()
    rows = db.session.query(PointRow).all()
    voided = {row.voids for row in rows if row.voids}
    standing = {row.cause for row in rows if row.id not in voided and not row.voids}
    assert f"pledge:{alice}:11000" in standing
    assert f"pledge:{alice}:0" not in standing


def test_a_report_needs_a_mark_or_the_day(world: World, made: Ordered, later: time_machine.Traveller) -> None:
    alice = made.orders["alice"]
    with pytest.raises(Refusal):
        report(alice, 1)
    later.move_to(delivery(alice).due_at + timedelta(seconds=1))
    world.work()
    assert "?" in world.letters("alice")[-1].subject
    assert sum("/orders" in letter.text for letter in world.letters("organizer")) == 1
    assert report(alice, 1).state == "reported"


@pytest.mark.parametrize("units", [0, 4])
def test_more_than_was_bought_cannot_be_missing(world: World, made: Ordered, units: int) -> None:
    mark(world, made.orders["alice"])
    with pytest.raises(Refusal) as refused:
        report(made.orders["alice"], units)
    assert refused.value.field == "units"


def test_a_report_sent_twice_is_one(world: World, made: Ordered) -> None:
    alice = made.orders["alice"]
    mark(world, alice)
    report(alice, 1)
    assert not run_tx(lambda: missing.report(alice, 1, "", key="one"))
    with pytest.raises(Refusal):
        report(alice, 1, key="two")


def test_an_unanswered_report_is_agreed(world: World, made: Ordered, later: time_machine.Traveller) -> None:
    alice = made.orders["alice"]
    mark(world, alice)
    report(alice, 1)
    later.shift(WEEK)
    world.work()
    assert pledge(alice).refunded == 11_000
    assert (delivery(alice).state, delivery(alice).done) == ("kept", 2)


def test_a_moderator_decides_what_is_contested(world: World, made: Ordered) -> None:
    alice, moderator = made.orders["alice"], world.person("moderator").id
    organizer = world.person("organizer").id
    mark(world, alice)
    shortage = report(alice, 1)
    with pytest.raises(Refusal) as refused:
        answer(world, shortage.id, agrees=False, words="")
    assert refused.value.field == "answer"
    answer(world, shortage.id, agrees=False)
    with pytest.raises(Refusal):
        run_tx(lambda: missing.decide(shortage.id, organizer, upholds=False))
    assert run_tx(lambda: missing.decide(shortage.id, moderator, upholds=True))
    assert not run_tx(lambda: missing.decide(shortage.id, moderator, upholds=False))
    world.work()
    assert pledge(alice).refunded == 11_000
    assert differences() == []


def test_what_was_handed_over_is_not_paid_back(
    world: World, made: Ordered, later: time_machine.Traveller
) -> None:
    alice, moderator = made.orders["alice"], world.person("moderator").id
    mark(world, alice)
    shortage = report(alice, 1)
    answer(world, shortage.id, agrees=False)
    run_tx(lambda: missing.decide(shortage.id, moderator, upholds=False))
    later.shift(WEEK)
    world.work()
    assert (pledge(alice).refunded, delivery(alice).state) == (0, "kept")


def test_what_turned_up_is_taken_back(world: World, made: Ordered) -> None:
    alice = made.orders["alice"]
    mark(world, alice)
    report(alice, 1)
    with pytest.raises(Refusal):
        run_tx(lambda: delivering.confirm(alice))
    assert run_tx(lambda: missing.withdraw(alice))
    assert not run_tx(lambda: missing.withdraw(alice))
    assert run_tx(lambda: delivering.confirm(alice))
    world.work()
    assert pledge(alice).refunded == 0


def test_the_last_step_waits_for_the_marks_and_the_end_for_the_buyers(world: World, made: Ordered) -> None:
    alice, bob = made.orders["alice"], made.orders["bob"]
    organizer = world.person("organizer").id
    name_payee(world)
    pay_step(world, made.steps[0], "alice", "bob")
    with pytest.raises(Refusal):
        run_tx(lambda: claim(made.steps[1], organizer, text="다 나눴어요."))
    mark(world, alice)
    run_tx(lambda: missing.note_missing(bob, organizer, 3, "", key="n"))
    claim_step(world, made.steps[1])
    cast(world, made.steps[1], True, "alice", "bob")
    world.work()
    approve_payouts(world)
    world.work()
    assert world.action(made.petition).state == "underway"
    run_tx(lambda: delivering.confirm(alice))
    world.work()
    assert world.action(made.petition).state == "delivered"
    assert set(balances(made.petition.id).values()) == {0}
    assert differences() == []


@pytest.fixture
def indebted(world: World, order: Order) -> Ordered:
    """Nine tenths were paid out before Alice's three boxes were noted as missing."""
    made = order(*TWO, shares=(90, 10))
    alice, organizer = made.orders["alice"], world.person("organizer").id
    name_payee(world)
    pay_step(world, made.steps[0], "alice", "bob")
    run_tx(lambda: missing.note_missing(alice, organizer, 3, "", key="n"))
    world.work()
    return made


def save_card(world: World, token: str = "pm_ok") -> str:
    person_id = world.person("organizer").id
    saved = gateway().save_token(token)
    return run_tx(lambda: remember(saved, person_id).id)


def test_what_was_paid_out_already_is_paid_in_by_the_organizer(world: World, indebted: Ordered) -> None:
    petition_id, alice = indebted.petition.id, indebted.orders["alice"]
    organizer = world.person("organizer").id
    shortage = db.session.scalars(sa.select(Shortage)).one()
    assert (shortage.refund, shortage.given, pledge(alice).refunded) == (33_000, 6_600, 6_600)
    assert balances(petition_id)["escrow"] == 0
    card = save_card(world)
    for _ in range(2):
        run_tx(lambda: begin_paying(petition_id, organizer, card, "once"))
    with pytest.raises(Refusal):
        run_tx(lambda: begin_paying(petition_id, organizer, card, "again"))
    world.work()
    assert pledge(alice).refunded == 33_000
    assert lacking(petition_id) == 0
    charge = db.session.scalars(sa.select(Charge.id)).one()
    assert paid_in(charge) == 0
    assert figures_of(petition_id, "KRW").in_escrow == sum(
        amount for kind, amount in balances(petition_id).items() if kind != "clearing"
    )
    assert "26,400" not in world.letters("alice")[-1].subject
    assert "33,000" in world.letters("alice")[-1].text
    assert differences() == []


def test_a_card_that_fails_leaves_the_debt(world: World, indebted: Ordered) -> None:
    petition_id, organizer = indebted.petition.id, world.person("organizer").id
    card = save_card(world, "pm_declined_on_hold")
    run_tx(lambda: begin_paying(petition_id, organizer, card, "once"))
    world.work()
    assert lacking(petition_id) == 26_400
    assert "26,400" in world.letters("organizer")[-1].text
    other = save_card(world)
    run_tx(lambda: begin_paying(petition_id, organizer, other, "second"))
    world.work()
    assert lacking(petition_id) == 0
    assert differences() == []


def test_nobody_pays_with_somebody_elses_card(world: World, indebted: Ordered) -> None:
    petition_id, bob = indebted.petition.id, world.person("bob").id
    card = save_card(world)
    with pytest.raises(Refusal) as refused:
        run_tx(lambda: begin_paying(petition_id, bob, card, "k"))
    assert refused.value.status == 404


def test_missing_units_bring_one_letter_not_two(world: World, made: Ordered) -> None:
    alice, organizer = made.orders["alice"], world.person("organizer").id
    before = len(world.letters("alice"))
    run_tx(lambda: missing.note_missing(alice, organizer, 1, "상했어요.", key="n"))
    world.work()
    world.work()
    [letter] = world.letters("alice")[before:]
    assert "11,000" in letter.subject
    assert "상했어요." in letter.text
