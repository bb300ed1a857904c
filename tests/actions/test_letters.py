"""The letters of an action: true amounts, the one link that matters, and what happens next."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from inspect import signature
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from app import clock
from app.actions import letters
from app.actions.milestones import count_votes
from app.actions.models import Milestone, Payout
from app.actions.settling import grace
from app.db import db, run_tx
from app.mail.posting import Draft
from app.outbox import Announcement
from app.pledges.models import Pledge
from app.points.awarding import void
from app.points.models import PointRow
from app.web.formatting import moment
from app.web.languages import speaking
from tests.actions.conftest import Fire
from tests.actions.stages import ALICE_AND_BOB, approve_payouts, cast, claim_step, name_payee, pay_step
from tests.world import World

ONE_DECLINED = (("alice", 20_000, "pm_ok"), ("bob", 10_000, "pm_declined_on_hold"))


def said(write: Callable[[], Draft]) -> str:
    """Everything the letter says in English, its links included."""
    with speaking("en"):
        draft = write()
    links = [draft.link, *draft.more_links] if draft.link else [*draft.more_links]
    return "\n".join([draft.subject, *draft.lines, *draft.after, *(f"{a} <{b}>" for a, b in links)])


def main_link(write: Callable[[], Draft]) -> str:
    with speaking("en"):
        draft = write()
    assert draft.link is not None
    return draft.link[1]


def row(pledge_id: str) -> Pledge:
    db.session.expire_all()
    return db.session.get_one(Pledge, pledge_id)


def test_tipped_names_the_window_and_asks_for_the_account_once(world: World) -> None:
    petition = world.petition(signatures=1, goal=30_000)
    world.pledge(petition, "alice", 30_000)
    world.sign(petition, "minji")
    petition = world.fresh(petition)
    letter = said(lambda: letters.petition_tipped_for_organizer(petition=petition))
    assert petition.window_ends_at is not None
    with speaking("en"):
        assert moment(petition.window_ends_at) in letter
    assert "1 signatures, and ₩30,000 pledged" in letter
    assert "/desk/payee" in letter
    name_payee(world)
    assert "/desk/payee" not in said(lambda: letters.petition_tipped_for_organizer(petition=petition))


def test_expired_tells_everybody_that_nothing_was_charged(world: World) -> None:
    petition = world.petition(signatures=3, goal=30_000)
    pledge_id = world.pledge(petition, "alice", 20_000)
    petition, minji = world.fresh(petition), world.person("minji")
    organizer = said(lambda: letters.petition_expired_for_organizer(petition=petition))
    assert "0 of 3 signatures · ₩20,000 of ₩30,000 pledged" in organizer
    backer = said(lambda: letters.petition_expired_for_backer(petition=petition, pledge=row(pledge_id)))
    assert "Your pledge of ₩20,000 has lapsed." in backer
    signer = letters.petition_expired_for_signer(petition=petition, person=minji)
    for letter in (organizer, backer, "\n".join(signer.lines)):
        assert "charged" in letter
    assert signer.unsubscribe_url is not None


def test_fired_says_how_much_and_on_what_condition(world: World, fire: Fire) -> None:
    petition, (alice, _), _ = fire(*ALICE_AND_BOB, goal=30_000)
    letter = said(lambda: letters.petition_fired(petition=world.fresh(petition), pledge=row(alice)))
    assert "We now reserve ₩20,000 on" in letter
    assert "come to ₩30,000 together. If they do not, nobody pays." in letter


def test_failing_counts_the_tries_that_are_left(
    world: World, later: time_machine.Traveller, fire: Fire
) -> None:
    petition, (_, bob), _ = fire(*ONE_DECLINED, goal=30_000)
    letter = said(lambda: letters.pledge_failing(petition=petition, pledge=row(bob)))
    assert "could not reserve ₩10,000" in letter
    assert "Nothing was charged." in letter
    assert "3 tries are left" in letter
    assert "without ₩30,000 together, nobody pays" in letter
    later.shift(timedelta(days=1, seconds=1))
    world.work()
    assert "2 tries are left" in said(lambda: letters.pledge_failing(petition=petition, pledge=row(bob)))
    later.shift(timedelta(days=1, seconds=1))
    world.work()
    assert "1 try is left" in said(lambda: letters.pledge_failing(petition=petition, pledge=row(bob)))


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("insufficient_funds", "not enough money on it"),
        ("card_declined", "without giving a reason"),
        ("expired", "let the reservation lapse"),
        ("something_new", "did not allow it"),
    ],
)
def test_failing_repeats_what_the_bank_said(world: World, fire: Fire, code: str, sentence: str) -> None:
    petition, (_, bob), _ = fire(*ONE_DECLINED, goal=30_000)
    run_tx(lambda: db.session.execute(sa.update(Pledge).where(Pledge.id == bob).values(failure=code)))
    assert sentence in said(lambda: letters.pledge_failing(petition=petition, pledge=row(bob)))


def test_failing_after_the_start_does_not_threaten_with_the_goal(world: World, fire: Fire) -> None:
    petition, (_, bob), _ = fire(
        ("alice", 30_000, "pm_ok"), ("bob", 10_000, "pm_declined_on_hold"), goal=30_000
    )
    letter = said(lambda: letters.pledge_failing(petition=petition, pledge=row(bob)))
    assert "nobody pays" not in letter
    assert "The action has begun." in letter


def test_the_bank_wants_the_person(world: World, fire: Fire) -> None:
    petition, (alice,), _ = fire(("alice", 30_000, "pm_needs_auth"), goal=30_000)
    letter = said(lambda: letters.pledge_needs_auth(petition=petition, pledge=row(alice)))
    with speaking("en"):
        assert f"confirm there by {moment(world.action(petition).collect_until)}" in letter
    assert "we do not try again by ourselves" in letter


def test_dropped_offers_another_card_unless_all_is_over(
    world: World, later: time_machine.Traveller, fire: Fire
) -> None:
    petition, (_, bob), _ = fire(
        ("alice", 30_000, "pm_ok"), ("bob", 10_000, "pm_declined_on_hold"), goal=30_000
    )
    for _ in range(3):
        later.shift(timedelta(days=1, seconds=1))
        world.work()
    assert row(bob).state == "dropped"
    until = db.session.scalars(
        sa.select(Announcement.due_at).where(Announcement.topic == "pledge_grace_over")
    ).one()
    assert until == clock.now() + grace() == clock.now() + timedelta(days=7)
    letter = world.letters("bob")[-1].text
    with speaking("en"):
        assert f"choose another card by {moment(until)}, and it is tried at once" in letter
    assert "costs reciprocity points" in letter
    for end, words in (("delivered", "The action is over"), ("released", "did not come about")):
        run_tx(lambda end=end: setattr(world.action(petition), "state", end))  # type: ignore[misc]
        late = said(lambda: letters.pledge_dropped(petition=petition, pledge=row(bob), until=until))
        assert words in late
        assert "another card" not in late


def test_a_declined_card_is_told_at_the_first_and_at_the_last_try(
    world: World, later: time_machine.Traveller, fire: Fire
) -> None:
    fire(("alice", 30_000, "pm_ok"), ("bob", 10_000, "pm_declined_on_hold"), goal=30_000)
    for _ in range(4):
        later.shift(timedelta(days=1, seconds=1))
        world.work()
    subjects = [letter.subject.partition(":")[0] for letter in world.letters("bob")]
    assert subjects[-2:] == ["Your card was declined", "Your pledge dropped out"]
    assert subjects.count("Your card was declined") == 1


def test_released_and_dropped_with_it_say_that_nobody_was_charged(
    world: World, later: time_machine.Traveller, fire: Fire
) -> None:
    petition, (alice, bob), _ = fire(*ONE_DECLINED, goal=30_000)
    for _ in range(3):
        later.shift(timedelta(days=1, seconds=1))
        world.work()
    released = said(lambda: letters.pledge_released(petition=petition, pledge=row(alice)))
    assert "fell short of ₩30,000" in released
    assert "Your ₩20,000" in released
    dropped = said(lambda: letters.pledge_dropped(petition=petition, pledge=row(bob), until=clock.now()))
    assert "nobody was charged" in dropped
    assert "another card" not in dropped
    organizer = said(lambda: letters.action_released_for_organizer(petition=petition))
    assert "Of ₩30,000 only ₩20,000 could be reserved" in organizer
    signer = letters.action_released_for_signer(petition=petition, person=world.person("minji"))
    assert signer.unsubscribe_url is not None


def test_the_receipt_is_exact(world: World, fire: Fire) -> None:
    petition, (alice, _), _ = fire(*ALICE_AND_BOB, goal=30_000)
    pledge = row(alice)
    letter = said(lambda: letters.pledge_captured(petition=petition, pledge=pledge))
    assert "was charged ₩20,000" in letter
    assert pledge.id in letter
    assert pledge.captured_at is not None
    with speaking("en"):
        assert moment(pledge.captured_at) in letter
    assert "Step 1: 1단계 (60%)" in letter
    assert "Step 2: 2단계 (40%)" in letter
    assert "4242" in letter
    assert "<http://localhost/me>" in letter


def test_underway_tells_the_organizer_what_to_do_first(world: World, fire: Fire) -> None:
    petition, _, _ = fire(*ALICE_AND_BOB, goal=30_000)
    letter = said(lambda: letters.action_underway_for_organizer(petition=petition))
    assert "₩30,000 was reserved" in letter
    assert "step 1, “1단계”" in letter
    assert "60% of the money" in letter
    assert main_link(lambda: letters.action_underway_for_organizer(petition=petition)).endswith("/desk/payee")
    name_payee(world)
    assert "/desk/payee" not in said(lambda: letters.action_underway_for_organizer(petition=petition))
    minji = world.person("minji")
    signer = letters.action_underway_for_signer(petition=world.fresh(petition), person=minji)
    assert signer.unsubscribe_url is not None


def test_the_vote_letter_carries_the_readers_own_link(world: World, client: FlaskClient, fire: Fire) -> None:
    petition, _, steps = fire(*ALICE_AND_BOB, goal=30_000)
    claim_step(world, steps[0], text="첫 줄\n둘째 줄 " + "가" * 500)
    step, alice, bob = db.session.get_one(Milestone, steps[0]), world.person("alice"), world.person("bob")
    letter = said(lambda: letters.milestone_claimed(petition=petition, milestone=step, person=alice))
    assert "첫 줄 둘째 줄" in letter
    assert "가" * 401 not in letter
    assert "If you do nothing, you accept." in letter
    assert "60% of the money is paid out" in letter
    address = main_link(lambda: letters.milestone_claimed(petition=petition, milestone=step, person=alice))
    assert address != main_link(
        lambda: letters.milestone_claimed(petition=petition, milestone=step, person=bob)
    )
    path = urlsplit(address).path
    assert client.post(path, data={"choice": "accept"}).status_code == 200


def test_accepted_says_how_the_vote_went_and_what_follows(world: World, fire: Fire) -> None:
    petition, _, steps = fire(*ALICE_AND_BOB, goal=30_000)
    claim_step(world, steps[0])
    cast(world, steps[0], True, "alice", "bob")
    step, payout = db.session.get_one(Milestone, steps[0]), db.session.query(Payout).one()
    organizer = said(
        lambda: letters.milestone_accepted_for_organizer(
            petition=petition, milestone=step, votes=(2, 0), payout=payout
        )
    )
    assert "2 voted for it, 0 against." in organizer
    assert "₩18,000 goes out once a second person has approved it." in organizer
    assert "without it nothing can be paid out" in organizer
    assert "60% of the money" in said(
        lambda: letters.milestone_accepted_for_backer(petition=petition, milestone=step, votes=(2, 0))
    )
    moderator = said(lambda: letters.payout_proposed(petition=petition, milestone=step, payout=payout))
    assert "₩18,000" in moderator
    assert "/moderation/payouts" in moderator


def test_silence_is_told_as_silence(world: World, later: time_machine.Traveller, fire: Fire) -> None:
    petition, _, steps = fire(*ALICE_AND_BOB, goal=30_000)
    claim_step(world, steps[0])
    later.shift(timedelta(days=7, seconds=1))
    world.work()
    step = db.session.get_one(Milestone, steps[0])
    assert "Nobody voted, and silence accepts." in said(
        lambda: letters.milestone_accepted_for_backer(
            petition=petition, milestone=step, votes=count_votes(step.id)
        )
    )


def test_paid_and_delivered(world: World, fire: Fire) -> None:
    petition, (alice, _), steps = fire(*ALICE_AND_BOB, goal=30_000)
    name_payee(world)
    for step in steps:
        pay_step(world, step, "alice", "bob")
    world.work()
    petition, minji = world.fresh(petition), world.person("minji")
    first = db.session.query(Payout).filter_by(milestone_id=steps[0]).one()
    step = db.session.get_one(Milestone, steps[0])
    assert "₩18,000 for step 1" in said(
        lambda: letters.payout_paid(petition=petition, milestone=step, payout=first)
    )
    assert "₩30,000 was paid out to you" in said(
        lambda: letters.action_delivered_for_organizer(petition=petition)
    )
    backer = said(
        lambda: letters.action_delivered_for_backer(petition=petition, pledge=row(alice), backers=2)
    )
    assert "Your ₩20,000 helped, with the pledges of 2 backers together." in backer
    assert "Your reciprocity points show it." in backer
    signer = letters.action_delivered_for_signer(petition=petition, person=minji)
    assert signer.unsubscribe_url is not None


def test_who_earned_no_points_is_thanked_without_them(world: World, fire: Fire) -> None:
    petition, (alice, _), steps = fire(*ALICE_AND_BOB, goal=30_000)
    name_payee(world)
    for step in steps:
        pay_step(world, step, "alice", "bob")
    world.work()
    for cause in set(
        db.session.scalars(sa.select(PointRow.cause).where(PointRow.petition_id == petition.id))
    ):
        run_tx(lambda cause=cause: void(cause))  # type: ignore[misc]
    petition, minji = world.fresh(petition), world.person("minji")
    for letter in (
        said(lambda: letters.action_delivered_for_backer(petition=petition, pledge=row(alice), backers=2)),
        said(lambda: letters.action_delivered_for_signer(petition=petition, person=minji)),
    ):
        assert "Thank you." in letter
        assert "points" not in letter


def test_a_failed_payout_names_the_reason_and_the_way_out(world: World, fire: Fire) -> None:
    petition, _, steps = fire(*ALICE_AND_BOB, goal=30_000)
    name_payee(world, number="110-222-0000")
    pay_step(world, steps[0], "alice", "bob")
    step, payout = db.session.get_one(Milestone, steps[0]), world.fresh(db.session.query(Payout).one())
    letter = said(lambda: letters.payout_failed(petition=petition, milestone=step, payout=payout))
    assert "the account is closed" in letter
    assert "Nothing is lost." in letter


def test_rejected_stopped_and_refunded_add_up(world: World, fire: Fire) -> None:
    petition, (alice, _), steps = fire(*ALICE_AND_BOB, goal=30_000)
    name_payee(world)
    pay_step(world, steps[0], "alice", "bob")
    claim_step(world, steps[1])
    cast(world, steps[1], False, "alice", "bob")
    step, minji = db.session.get_one(Milestone, steps[1]), world.person("minji")
    assert "0 voted for it, 2 against." in said(
        lambda: letters.milestone_rejected_for_organizer(petition=petition, milestone=step, votes=(0, 2))
    )
    backer = said(
        lambda: letters.milestone_rejected_for_backer(
            petition=petition, milestone=step, pledge=row(alice), votes=(0, 2)
        )
    )
    assert "You gave ₩20,000." in backer
    assert letters.action_stopped_for_signer(petition=petition, person=minji).unsubscribe_url is not None
    world.work()
    refunded = said(lambda: letters.pledge_refunded(petition=petition, pledge=row(alice)))
    assert "₩8,000 comes back to you" in refunded
    assert "The other ₩12,000 of your pledge" in refunded


def test_dollars_are_written_as_dollars(world: World, later: time_machine.Traveller) -> None:
    petition = world.petition(signatures=1, goal=10_050, currency="USD")
    pledge_id = world.pledge(petition, "alice", 10_050)
    world.sign(petition, "minji")
    later.shift(timedelta(hours=1, seconds=1))
    world.work()
    letter = said(lambda: letters.pledge_captured(petition=world.fresh(petition), pledge=row(pledge_id)))
    assert "$100.50" in letter


@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_letter_can_be_written_in_both_languages(world: World, fire: Fire, language: str) -> None:
    petition, (alice, _), steps = fire(*ALICE_AND_BOB, goal=30_000)
    name_payee(world)
    claim_step(world, steps[0])
    cast(world, steps[0], True, "alice", "bob")
    approve_payouts(world)
    things = {
        "petition": world.fresh(petition),
        "pledge": row(alice),
        "person": world.person("minji"),
        "milestone": db.session.get_one(Milestone, steps[0]),
        "payout": db.session.query(Payout).one(),
        "until": clock.now(),
        "backers": 2,
        "votes": (2, 0),
        "let_go": True,
    }
    with speaking(language):
        for name in letters.__all__:
            write = getattr(letters, name)
            draft = write(**{name: things[name] for name in signature(write).parameters})
            assert isinstance(draft, Draft)
            assert draft.link is not None
            assert draft.link[1].startswith("http://localhost/")
            assert all(line and "%(" not in line for line in (draft.subject, *draft.lines, *draft.after))
            assert (draft.unsubscribe_url is not None) is name.endswith("_for_signer")


def test_the_account_link_leads_to_the_account(world: World, client: FlaskClient, fire: Fire) -> None:
    petition, _, _ = fire(*ALICE_AND_BOB, goal=30_000)
    minji = world.person("minji")
    path = urlsplit(
        main_link(lambda: letters.action_underway_for_signer(petition=petition, person=minji))
    ).path
    assert client.get(path).status_code == 200
