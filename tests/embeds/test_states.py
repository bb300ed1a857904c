"""Where a petition stands, as its widget says it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from app import clock
from app.actions.models import ACTION_STATES, Action, Firing, Milestone
from app.db import db, run_tx
from app.petitions.models import Petition
from tests.fresh import get
from tests.world import World


def fire(petition: Petition, state: str, steps: tuple[str, ...]) -> None:
    """Give the petition an action in this state, with milestones in those."""
    at = clock.now()

    def write() -> None:
        row = db.session.get_one(Petition, petition.id)
        row.tipped_at = row.fired_at = at
        db.session.add(Firing(petition_id=petition.id, at=at, tallies={}))
        db.session.flush()
        db.session.add(
            Action(
                petition_id=petition.id,
                state=state,
                kind="gift",
                currency="KRW",
                goal=30_000,
                pledged=30_000,
                started_at=at,
                collect_until=at + timedelta(days=3),
            )
        )
        plan = sa.select(Milestone).where(Milestone.petition_id == petition.id).order_by(Milestone.position)
        for milestone, step in zip(db.session.scalars(plan), steps, strict=True):
            milestone.state = step

    run_tx(write)


def widget(client: FlaskClient, petition: Petition) -> str:
    return get(client, f"/embed/v1/{petition.slug}?lang=en").text


def badge_of(page: str) -> str:
    return re.findall(r'<span class="badge badge-[a-z]+">([^<]+)</span>', page)[0]


def button_of(page: str) -> str:
    return re.findall(r'id="to-sign"[^>]*>([^<]+)<', page)[0]


@pytest.mark.parametrize("state", ACTION_STATES)
def test_every_state_of_an_action_is_said_in_words(client: FlaskClient, world: World, state: str) -> None:
    petition = world.petition()
    world.plan(petition, 60, 40)
    fire(petition, state, ("accepted", "planned"))
    page = widget(client, petition)
    assert badge_of(page) != state
    assert page.count("<progress") == 2
    sentence = re.findall(r'<p class="sentence">([^<]+)</p>', page)[0]
    assert sentence.endswith(".")
    assert ("1단계" in page) == (state != "released")


def test_an_action_underway_lists_its_steps_with_their_states(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    world.plan(petition, 30, 20, 20, 30)
    fire(petition, "underway", ("accepted", "claimed", "planned", "rejected"))
    page = widget(client, petition)
    assert re.findall(r'<span class="step-state">([^<]+)</span>', page) == [
        "Accepted",
        "Backers are voting",
        "Planned",
        "Not accepted",
    ]
    assert "1 of 4 steps are accepted" in page
    assert 'data-stage="underway 0 0 accepted claimed planned rejected"' in page


def test_a_long_plan_is_cut_short(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    world.plan(petition, *([10] * 10))
    fire(petition, "underway", ("planned",) * 10)
    page = widget(client, petition)
    assert page.count('class="step ') == 6
    assert "and 4 more" in page


def test_a_tipped_petition_is_provisional(client: FlaskClient, world: World) -> None:
    at = clock.now()
    petition = world.petition(tipped_at=at, window_ends_at=at + timedelta(days=1))
    page = widget(client, petition)
    assert badge_of(page) == "Thresholds reached"
    assert "Provisional until the signatures have been checked." in page
    assert button_of(page) == "Sign or pledge"


def test_a_petition_that_came_to_nothing_takes_no_signatures(client: FlaskClient, world: World) -> None:
    over = clock.now() - timedelta(days=1)
    page = widget(client, world.petition(state="closed", deadline=over, closed_at=over))
    assert badge_of(page) == "Closed"
    assert "Ended on" in page
    assert "#sign" not in page
    assert button_of(page) == "See what became of it"


def test_an_archived_petition_has_its_own_number(client: FlaskClient, world: World) -> None:
    petition = world.petition(
        state="archived", source="kr_bluehouse", source_id="1", archive={"signatures": 213_219}
    )
    page = widget(client, petition)
    assert "213,219" in page
    assert "<progress" not in page
    assert "#sign" not in page
