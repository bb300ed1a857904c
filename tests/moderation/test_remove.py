"""Taking a petition down for good: only what is hidden and owes nothing, for a reason, and on record."""

from __future__ import annotations

from functools import partial
from html import unescape

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app.db import db, run_tx
from app.moderation.deciding import verbs_for
from app.people.models import Person
from app.petitions.launching import hide, remove
from app.petitions.models import Petition
from app.points.awarding import award, void
from app.points.lines import lines_of
from app.points.models import PointRow
from app.points.rules import FRAUD_LOSS_MP
from app.points.standing import settle_level
from tests.actions.conftest import Fire, fire, later
from tests.actions.stages import ALICE_AND_BOB, name_payee, pay_step
from tests.moderation.test_decide import decisions, press
from tests.world import World

__all__ = ["fire", "later"]


def take_down(world: World, client: FlaskClient, petition: Petition, reason: str) -> None:
    world.sign_in(client, "moderator")
    assert press(client, petition, "hide", reason="complaint").status_code == 303
    assert press(client, petition, "remove", reason=reason).status_code == 303
    world.work()


def standing_reasons(name: str, world: World) -> set[str]:
    return {line.reason for line in lines_of(world.person(name).id) if not line.voided}


def delivered(world: World, fire: Fire) -> Petition:
    petition, _, steps = fire(*ALICE_AND_BOB, goal=30_000)
    name_payee(world)
    for step in steps:
        pay_step(world, step, "alice", "bob")
    world.work()
    return petition


def test_it_is_gone_its_people_are_told_and_the_decision_stays(world: World, client: FlaskClient) -> None:
    petition = world.petition(signatures=1)
    world.sign(petition, "minji")
    pledge = world.pledge(petition, "alice", 30_000)
    assert world.fresh(petition).tipped_at is not None
    take_down(world, client, petition, "authority")
    gone = world.fresh(petition)
    assert (gone.state, gone.rejection, gone.tipped_at, gone.fired_at) == ("removed", "authority", None, None)
    assert gone.closed_at is not None
    assert client.get(f"/petitions/{petition.slug}").status_code == 410
    for name in ("alice", "minji"):
        assert "Nobody was charged" in world.letters(name)[-1].text or "청구" in world.letters(name)[-1].text
    assert "A court or an authority" in world.letters("organizer")[-1].text
    assert world.pledge_state(pledge) == "ready"
    assert [(each.verb, each.reason) for each in decisions()] == [
        ("hide", "complaint"),
        ("remove", "authority"),
    ]
    assert standing_reasons("organizer", world) <= {"signature_received"}
    world.sign_in(client, "organizer")
    desk = unescape(client.get(f"/desk/{petition.slug}?lang=en").text)
    assert "A moderator has taken it down for good." in desk
    assert "A court or an authority asked for it." in desk


@pytest.mark.parametrize("state", ["open", "closed", "moderation", "removed"])
def test_only_what_is_hidden_can_be_taken_down(world: World, client: FlaskClient, state: str) -> None:
    petition = world.petition(state=state)
    world.sign_in(client, "moderator")
    press(client, petition, "remove", reason="unlawful")
    assert not run_tx(lambda: remove(petition.id, "unlawful"))
    assert (world.fresh(petition).state, decisions()) == (state, [])


@pytest.mark.parametrize("reason", ["", "complaint", "duplicate"])
def test_it_needs_a_reason_from_its_own_list(world: World, client: FlaskClient, reason: str) -> None:
    petition = world.petition(state="hidden")
    world.sign_in(client, "moderator")
    answer = press(client, petition, "remove", reason=reason, note="typed and kept")
    assert answer.status_code == 422
    assert "typed and kept" in answer.text
    assert world.fresh(petition).state == "hidden"


def test_what_still_owes_somebody_cannot_go(world: World, client: FlaskClient, fire: Fire) -> None:
    petition, _, _steps = fire(*ALICE_AND_BOB, goal=30_000)
    run_tx(lambda: hide(petition.id))
    assert verbs_for(world.fresh(petition)) == ["show"]
    world.sign_in(client, "moderator")
    press(client, petition, "remove", reason="unlawful")
    assert world.fresh(petition).state == "hidden"


def test_deception_costs_the_organizer_and_keeps_what_keeping_a_word_earned(
    world: World, client: FlaskClient, fire: Fire
) -> None:
    petition = delivered(world, fire)
    organizer = world.person("organizer").id
    run_tx(lambda: setattr(db.session.get_one(Person, organizer), "level", 2))
    assert standing_reasons("organizer", world) == {"milestone_organized", "signature_received"}
    take_down(world, client, petition, "deception")
    assert standing_reasons("organizer", world) == {"fraud"}
    assert standing_reasons("alice", world) == {"pledge_kept"}
    assert standing_reasons("minji", world) == {"signature"}
    [loss] = [line for line in lines_of(organizer) if line.reason == "fraud"]
    assert loss.mp == -FRAUD_LOSS_MP
    assert db.session.get_one(Person, organizer).level == 0


def test_another_reason_costs_no_points(world: World, client: FlaskClient, fire: Fire) -> None:
    petition = delivered(world, fire)
    before = db.session.scalar(sa.select(sa.func.count()).select_from(PointRow))
    take_down(world, client, petition, "private_data")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PointRow)) == before


def test_a_finding_taken_back_bars_nobody(world: World, client: FlaskClient, fire: Fire) -> None:
    petition = delivered(world, fire)
    take_down(world, client, petition, "deception")
    organizer = world.person("organizer").id
    neighbours = [world.person(name).id for name in ("alice", "bob")]
    for neighbour in neighbours:
        run_tx(
            partial(
                award,
                organizer,
                reason="thanks",
                cause=f"kind:{neighbour}",
                class_="support",
                mp=9_000,
                counterparty_id=neighbour,
            )
        )
    assert run_tx(lambda: settle_level(organizer)) == 0
    run_tx(lambda: void(f"fraud:{petition.id}"))
    assert run_tx(lambda: settle_level(organizer)) == 1
