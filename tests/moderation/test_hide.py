"""Hiding: out of sight, but time goes on, votes count, and what comes back is what it became meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from app import clock
from app.actions.voting import vote_token
from app.db import db, run_tx
from app.errors import Refusal
from app.people.erasing import erase
from app.petitions.launching import hide, publish
from app.petitions.models import Petition, Signature
from app.pledges.links import letter_token
from app.pledges.models import Pledge
from tests.actions.conftest import Fire, fire, later
from tests.actions.stages import ALICE_AND_BOB, claim_step, name_payee, pay_step
from tests.moderation.test_decide import press
from tests.organizing.desk import OURS
from tests.petitions.signing_page import MINJI, link_of, path_of, signatures, tally
from tests.pledges.promises import drafted, stored
from tests.world import World

__all__ = ["fire", "later"]


def out_of_sight(world: World, petition: Petition) -> None:
    assert run_tx(lambda: hide(petition.id))
    world.work()


def test_a_hidden_petition_ends_with_its_deadline_untipped(
    world: World, later: time_machine.Traveller
) -> None:
    petition = world.petition(signatures=1, goal=10_000, deadline=clock.now() + timedelta(minutes=30))
    pledge = world.pledge(petition, "alice", 10_000)
    world.sign(petition, "minji")
    assert world.fresh(petition).tipped_at is not None
    out_of_sight(world, petition)
    later.shift(timedelta(hours=2))
    world.work()
    ended = world.fresh(petition)
    assert (ended.state, ended.tipped_at, ended.window_ends_at) == ("hidden", None, None)
    assert ended.closed_at is not None
    assert (ended.fired_at, world.pledge_state(pledge)) == (None, "ready")
    assert world.letters("alice")[-1].subject.startswith("Nothing was charged")
    letters = len(world.letters("alice"))
    world.work()
    assert len(world.letters("alice")) == letters
    assert run_tx(lambda: publish(petition.id))
    assert world.fresh(petition).state == "closed"


def test_an_action_can_be_hidden_and_its_backers_still_vote(
    world: World, client: FlaskClient, fire: Fire
) -> None:
    petition, _, steps = fire(*ALICE_AND_BOB, goal=30_000)
    claim_step(world, steps[0])
    world.sign_in(client, "moderator")
    assert press(client, petition, "hide", reason="complaint").status_code == 303
    assert world.fresh(petition).state == "hidden"
    assert client.get(f"/actions/{petition.slug}").status_code == 404
    backer, stranger = (
        f"/votes/{vote_token(steps[0], world.person(name).id)}?lang=en" for name in ("alice", "junho")
    )
    assert client.get(stranger).status_code == 404
    page = client.post(backer, data={"choice": "accept"}, headers=OURS)
    assert page.status_code == 200
    assert "You accepted this step." in page.text
    assert f"/actions/{petition.slug}" not in page.text


def test_an_action_delivered_out_of_sight_comes_back_closed(world: World, fire: Fire) -> None:
    petition, _, steps = fire(*ALICE_AND_BOB, goal=30_000)
    name_payee(world)
    pay_step(world, steps[0], "alice", "bob")
    out_of_sight(world, petition)
    pay_step(world, steps[1], "alice", "bob")
    assert (world.action(petition).state, world.fresh(petition).state) == ("delivered", "hidden")
    run_tx(lambda: publish(petition.id))
    assert world.fresh(petition).state == "closed"
    out_of_sight(world, petition)
    assert world.fresh(petition).state == "hidden"


def test_an_erased_backers_link_votes_no_more(world: World, client: FlaskClient, fire: Fire) -> None:
    _petition, _, steps = fire(*ALICE_AND_BOB, goal=30_000)
    claim_step(world, steps[0])
    alice = world.person("alice")
    link = f"/votes/{vote_token(steps[0], alice.id)}?lang=en"
    assert client.get(link).status_code == 200
    run_tx(lambda: erase(alice.id))
    assert client.get(link).status_code == 404
    assert client.post(link, data={"choice": "reject"}).status_code == 404


def test_confirming_what_is_looked_into_says_so_and_works_again_later(
    world: World, client: FlaskClient
) -> None:
    petition = world.petition()
    client.post(path_of(petition), data=MINJI)
    signature, pledge = signatures()[0], drafted(petition)
    out_of_sight(world, petition)
    for link in (link_of(signature), f"/pledges/{letter_token(pledge)}"):
        looked, pressed = client.get(f"{link}?lang=en"), client.post(f"{link}?lang=en")
        assert (looked.status_code, pressed.status_code) == (200, 409)
        for page in (looked, pressed):
            assert "A moderator is looking into this petition" in page.text
            assert "has closed" not in page.text
            assert "stopped taking" not in page.text
    assert db.session.get_one(Signature, signature.id).state == "pending"
    run_tx(lambda: publish(petition.id))
    assert client.post(link_of(signature)).status_code == 200
    assert client.post(f"/pledges/{letter_token(pledge)}").status_code == 200
    assert tally(petition) == 1
    assert stored()[0].confirmed_at is not None


def test_nothing_is_published_after_its_deadline(world: World, client: FlaskClient) -> None:
    petition = world.petition(state="moderation", deadline=clock.now() - timedelta(minutes=1), opened_at=None)
    with pytest.raises(Refusal):
        run_tx(lambda: publish(petition.id))
    world.sign_in(client, "moderator")
    answer = press(client, petition, "publish")
    assert answer.status_code == 409
    assert "while it waited" in answer.text
    assert (world.fresh(petition).state, world.fresh(petition).opened_at) == ("moderation", None)
    assert press(client, petition, "reject", reason="duplicate").status_code == 303


def test_a_counted_pledge_is_told_that_it_stays(world: World, client: FlaskClient) -> None:
    petition = world.petition()
    pledge_id = world.pledge(petition, "minji", 10_000)
    out_of_sight(world, petition)
    page = client.get(f"/pledges/{letter_token(db.session.get_one(Pledge, pledge_id))}?lang=en").text
    assert "Your pledge stays, and nothing has been charged." in page
