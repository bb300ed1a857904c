"""Voting through the door: by the letter's link or signed in, one press each, changed until the end."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import g
from flask.testing import FlaskClient

from app.actions.models import Milestone, Vote
from app.actions.voting import vote_token
from app.db import db, new_id
from app.web.tokens import make_token
from tests.actions.conftest import Fire
from tests.actions.stages import ALICE_AND_BOB, cast, claim_step, words
from tests.world import World


@pytest.fixture
def step(world: World, fire: Fire) -> str:
    """A claimed step of an action that Alice and Bob back."""
    _, _, steps = fire(*ALICE_AND_BOB, goal=30_000)
    claim_step(world, steps[0])
    return steps[0]


def link(world: World, step: str, name: str) -> str:
    return f"/votes/{vote_token(step, world.person(name).id)}?lang=en"


def votes(step: str) -> list[bool]:
    db.session.rollback()
    return [vote.accepts for vote in db.session.query(Vote).filter_by(milestone_id=step)]


def state(step: str) -> str:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Milestone, step).state


def test_looking_changes_nothing_and_shows_the_evidence(world: World, client: FlaskClient, step: str) -> None:
    address = link(world, step, "alice")
    page = client.get(address)
    assert page.status_code == client.head(address).status_code == 200
    assert page.headers["Cache-Control"] == "private, no-store"
    assert "<strong>세웠어요</strong>" in page.text
    assert re.findall(r'name="choice" value="(\w+)"', page.text) == ["accept", "reject"]
    assert "If you do nothing, you accept." in words(page.text)
    assert "₩18,000 goes to the organizer: 60% of the money" in words(page.text)
    assert votes(step) == []


def test_one_press_votes_and_another_changes_it(world: World, client: FlaskClient, step: str) -> None:
    address = link(world, step, "alice")
    rejected = client.post(address, data={"choice": "reject"})
    assert rejected.status_code == 200
    assert "You rejected this step. Your vote counts." in words(rejected.text)
    assert "So far you reject." in words(client.get(address).text)
    accepted = client.post(address, data={"choice": "accept"})
    assert "You accepted this step." in words(accepted.text)
    assert votes(step) == [True]


def test_the_last_vote_ends_it(world: World, client: FlaskClient, step: str) -> None:
    cast(world, step, True, "bob")
    page = words(client.post(link(world, step, "alice"), data={"choice": "accept"}).text)
    assert "Everybody has voted, so the vote is over." in page
    assert state(step) == "accepted"
    late = client.post(link(world, step, "bob"), data={"choice": "reject"})
    assert late.status_code == 409
    assert "The vote on this step is over." in words(late.text)
    assert votes(step) == [True, True]


def test_a_vote_after_its_end_does_not_count(
    world: World, client: FlaskClient, step: str, later: time_machine.Traveller
) -> None:
    later.shift(timedelta(days=7))
    address = link(world, step, "alice")
    assert client.post(address, data={"choice": "reject"}).status_code == 409
    assert votes(step) == []
    assert 'name="choice"' not in client.get(address).text


@pytest.mark.parametrize("choice", [{}, {"choice": "both"}, {"choice": ""}])
def test_something_else_than_the_two_buttons_is_sent_back(
    world: World, client: FlaskClient, step: str, choice: dict[str, str]
) -> None:
    answer = client.post(link(world, step, "alice"), data=choice)
    assert answer.status_code == 422
    assert "Press one of the two buttons." in words(answer.text)
    assert 'value="accept"' in answer.text
    assert votes(step) == []


def test_only_backers_are_heard(world: World, client: FlaskClient, step: str) -> None:
    address = link(world, step, "minji")
    assert 'name="choice"' not in client.get(address).text
    answer = client.post(address, data={"choice": "reject"})
    assert answer.status_code == 403
    assert "Only people whose pledge was collected can vote" in words(answer.text)
    assert votes(step) == []


def test_a_link_of_another_making_opens_nothing(world: World, client: FlaskClient, step: str) -> None:
    alice = world.person("alice")
    genuine = vote_token(step, alice.id)
    tokens = (
        make_token("pledge", [step, alice.id]),
        make_token("vote", step),
        make_token("vote", [new_id(), alice.id]),
        make_token("vote", [step, new_id()]),
        genuine.swapcase(),
    )
    for token in tokens:
        assert client.post(f"/votes/{token}", data={"choice": "reject"}).status_code == 404
    assert votes(step) == []


def test_the_letter_speaks_the_readers_language(world: World, client: FlaskClient, step: str) -> None:
    page = client.get(f"/votes/{vote_token(step, world.person('alice').id)}")
    assert '<html lang="en">' in page.text


def test_signed_in_backers_vote_with_a_token_of_the_session(
    world: World, client: FlaskClient, step: str
) -> None:
    world.sign_in(client, "alice")
    address = f"/milestones/{step}/votes?lang=en"
    page = client.get(address)
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found is not None
    own = {"Origin": "http://localhost"}
    assert client.post(address, data={"choice": "reject"}, headers=own).status_code == 400
    assert votes(step) == []
    answer = client.post(address, data={"choice": "reject", "csrf_token": found[1]}, headers=own)
    assert answer.status_code == 200
    assert votes(step) == [False]


def test_strangers_are_asked_to_sign_in(world: World, client: FlaskClient, step: str) -> None:
    g.pop("_login_user", None)
    address = f"/milestones/{step}/votes"
    answer = client.get(address)
    assert answer.status_code == 302
    assert "/session" in answer.headers["Location"]
    assert client.post(address, data={"choice": "reject"}).status_code == 403
    assert votes(step) == []


def test_a_step_that_does_not_exist_has_no_page(world: World, client: FlaskClient) -> None:
    world.sign_in(client, "alice")
    assert client.get(f"/milestones/{new_id()}/votes").status_code == 404
    assert client.get("/milestones/first/votes").status_code == 404


def test_a_step_not_claimed_yet_says_so(world: World, client: FlaskClient, fire: Fire) -> None:
    _, _, steps = fire(*ALICE_AND_BOB, goal=30_000)
    page = client.get(link(world, steps[1], "alice")).text
    assert "The organizer has not claimed this step yet." in words(page)
    assert 'name="choice"' not in page


def test_a_rejected_step_says_what_follows(world: World, client: FlaskClient, step: str) -> None:
    cast(world, step, False, "bob")
    page = words(client.post(link(world, step, "alice"), data={"choice": "reject"}).text)
    assert "The action has stopped" in page
    assert "0 for · 2 against · decided on" in page


def test_a_step_of_a_petition_that_is_no_action_yet_has_no_page(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    steps = world.plan(petition, 60, 40)
    world.sign_in(client, "alice")
    assert client.get(f"/milestones/{steps[0]}/votes").status_code == 404
