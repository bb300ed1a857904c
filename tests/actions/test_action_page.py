"""The public account: the state in a sentence, the money from the books, the plan, the people, masked."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask.testing import FlaskClient

from app import clock
from app.actions.models import Action
from app.db import db, run_tx
from app.petitions.models import Petition
from app.pledges.models import Pledge
from tests.actions.conftest import Fire
from tests.actions.stages import (
    ALICE_AND_BOB,
    approve_payouts,
    cast,
    claim_step,
    name_payee,
    pay_step,
    read,
)
from tests.world import World


def page_of(client: FlaskClient, petition: Petition) -> str:
    return read(client, f"/actions/{petition.slug}")


def test_underway_shows_what_was_collected_and_who_is_to_move(
    world: World, client: FlaskClient, fire: Fire
) -> None:
    petition, _, _ = fire(*ALICE_AND_BOB, goal=30_000)
    page = page_of(client, petition)
    assert "The organizer works on step 1, “1단계”." in page
    assert "Pledged by 2 backers ₩30,000" in page
    assert "Reserved on cards now ₩0 Collected ₩30,000" in page
    assert "Still in escrow ₩30,000" in page
    assert "60% · ₩18,000" in page
    assert "40% · ₩12,000" in page
    assert "Became an action" in page
    assert "2 pledges, ₩30,000 in all." in page


def test_collecting_shows_what_is_reserved_and_that_nobody_was_charged(
    world: World, client: FlaskClient, fire: Fire
) -> None:
    petition, _, _ = fire(("alice", 20_000, "pm_ok"), ("bob", 10_000, "pm_declined_on_hold"), goal=30_000)
    page = page_of(client, petition)
    assert "nobody has been charged" in page
    assert "Reserved on cards now not charged ₩20,000 Collected ₩0" in page
    assert "60%" in page
    assert "60% ·" not in page


def test_released_says_that_nobody_paid(
    world: World, client: FlaskClient, later: time_machine.Traveller, fire: Fire
) -> None:
    petition, _, _ = fire(("alice", 20_000, "pm_ok"), ("bob", 10_000, "pm_declined_on_hold"), goal=30_000)
    for _ in range(3):
        later.shift(timedelta(days=1, seconds=1))
        world.work()
    page = page_of(client, petition)
    assert "Less than ₩30,000 could be reserved, so every pledge was let go. Nobody was charged" in page
    assert "Only ₩20,000 could be reserved." in page
    assert "Latest collected pledges" not in page


def test_a_vote_shows_the_evidence_and_its_end(world: World, client: FlaskClient, fire: Fire) -> None:
    petition, _, steps = fire(*ALICE_AND_BOB, goal=30_000)
    claim_step(world, steps[0], text="<b>세웠어요</b> **끝**", link="https://example.org/photo")
    cast(world, steps[0], False, "alice")
    raw = client.get(f"/actions/{petition.slug}?lang=en").text
    assert "<b>세웠어요" not in raw
    assert "<strong>끝</strong>" in raw
    assert '<a href="https://example.org/photo" rel="nofollow noopener ugc">example.org/photo</a>' in raw
    page = page_of(client, petition)
    assert "Backers are voting on step 1 until" in page
    assert "silence accepts" in page
    assert "0 for · 1 against · 2 backers may vote" in page


def test_an_accepted_step_waits_for_a_second_person_and_then_is_paid(
    world: World, client: FlaskClient, fire: Fire
) -> None:
    petition, _, steps = fire(*ALICE_AND_BOB, goal=30_000)
    name_payee(world)
    claim_step(world, steps[0])
    cast(world, steps[0], True, "alice", "bob")
    waiting = page_of(client, petition)
    assert "its ₩18,000 goes out once a second person approves it. Step 2 comes next." in waiting
    assert "Waits for a second person" in waiting
    approve_payouts(world)
    assert "of it ₩18,000 on its way to the organizer ₩30,000" in page_of(client, petition)
    world.work()
    paid = page_of(client, petition)
    assert "Paid out to the organizer −₩18,000" in paid
    assert "Still in escrow ₩12,000" in paid
    assert "₩18,000 paid out" in paid


def test_a_failed_payout_is_named(world: World, client: FlaskClient, fire: Fire) -> None:
    petition, _, steps = fire(*ALICE_AND_BOB, goal=30_000)
    name_payee(world, number="110-222-0000")
    pay_step(world, steps[0], "alice", "bob")
    assert "its ₩18,000 could not be paid out; it is tried again" in page_of(client, petition)


def test_delivered_accounts_for_everything(world: World, client: FlaskClient, fire: Fire) -> None:
    petition, _, steps = fire(*ALICE_AND_BOB, goal=30_000)
    name_payee(world)
    for step in steps:
        pay_step(world, step, "alice", "bob")
    world.work()
    page = page_of(client, petition)
    assert "Delivered: the backers accepted every step and ₩30,000 was paid out." in page
    assert "Still in escrow ₩0" in page


def test_stopped_says_what_goes_back(world: World, client: FlaskClient, fire: Fire) -> None:
    petition, _, steps = fire(*ALICE_AND_BOB, goal=30_000)
    claim_step(world, steps[0])
    cast(world, steps[0], False, "alice", "bob")
    page = page_of(client, petition)
    assert "₩30,000 is on its way back to the backers" in page
    assert "of it ₩30,000 on its way back to backers ₩30,000" in page
    world.work()
    page = page_of(client, petition)
    assert "₩30,000 went back to the backers" in page
    assert "Refunded to backers −₩30,000 Still in escrow ₩0" in page
    assert "0 for, 2 against." in page
    assert "1단계 (Missed) 60% Rejected by the backers" in page
    assert "2단계 (Missed) 40% Not begun" in page


def test_the_money_comes_from_the_postings_and_not_from_the_pledges_columns(
    world: World, client: FlaskClient, fire: Fire
) -> None:
    petition, (alice, _), _ = fire(*ALICE_AND_BOB, goal=30_000)
    run_tx(lambda: db.session.execute(sa.update(Pledge).where(Pledge.id == alice).values(captured=1)))
    assert "Collected ₩30,000" in page_of(client, petition)


def test_backers_are_masked_and_those_who_hide_do_not_appear(
    world: World, client: FlaskClient, fire: Fire
) -> None:
    petition, (_, bob), _ = fire(("junho", 20_000, "pm_ok"), ("bob", 10_000, "pm_ok"), goal=30_000)
    run_tx(lambda: db.session.execute(sa.update(Pledge).where(Pledge.id == bob).values(hide_name=True)))
    page = page_of(client, petition)
    assert re.search(r"준\* \w+ \d+, \d+ ₩20,000", page)
    assert "준호" not in page
    assert "B***" not in page
    assert "₩10,000" not in page


def test_everybody_may_keep_it_and_nobody_gets_a_cookie(
    world: World, client: FlaskClient, fire: Fire
) -> None:
    petition, _, _ = fire(*ALICE_AND_BOB, goal=30_000)
    first = client.get(f"/actions/{petition.slug}")
    assert first.headers["Cache-Control"].startswith("public")
    assert "Set-Cookie" not in first.headers
    assert "Cookie" not in first.headers.get("Vary", "")
    assert "csrf" not in first.text
    again = client.get(f"/actions/{petition.slug}", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_a_page_that_was_kept_is_written_anew_when_money_moves(
    world: World, client: FlaskClient, fire: Fire
) -> None:
    petition, _, steps = fire(*ALICE_AND_BOB, goal=30_000)
    tag = client.get(f"/actions/{petition.slug}").headers["ETag"]
    name_payee(world)
    pay_step(world, steps[0], "alice", "bob")
    assert client.get(f"/actions/{petition.slug}", headers={"If-None-Match": tag}).status_code == 200


def test_a_late_card_is_announced_while_it_is_tried(world: World, client: FlaskClient, fire: Fire) -> None:
    petition, _, _ = fire(("alice", 30_000, "pm_ok"), ("bob", 10_000, "pm_declined_on_hold"), goal=30_000)
    assert "A few cards are still being tried" in page_of(client, petition)


def test_there_is_no_page_without_an_action(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    assert client.get(f"/actions/{petition.slug}").status_code == 404
    assert client.get("/actions/no-such-petition").status_code == 404


@pytest.mark.parametrize(("state", "status"), [("removed", 410), ("hidden", 404), ("stopped", 200)])
def test_what_moderators_take_down(
    world: World, client: FlaskClient, fire: Fire, state: str, status: int
) -> None:
    petition, _, _ = fire(*ALICE_AND_BOB, goal=30_000)
    run_tx(lambda: setattr(db.session.get_one(Petition, petition.id), "state", state))
    assert client.get(f"/actions/{petition.slug}").status_code == status


def test_an_action_without_a_plan_still_has_its_page(world: World, client: FlaskClient) -> None:
    petition = world.petition(signatures=1, goal=1_000)
    world.pledge(petition, "alice", 1_000)
    world.sign(petition, "minji")
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=False):
        world.work()
        assert "This petition has no plan." in page_of(client, petition)
    assert db.session.query(Action).count() == 1
