"""The front page and the pages of plain text."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from app import clock
from app.actions.models import Action, Firing
from app.db import db, new_id, run_tx
from app.petitions.models import Petition
from tests.counting import count_queries
from tests.world import World


def set_tallies(petition: Petition, signatures: int, money: int) -> None:
    def write() -> None:
        found = db.session.get_one(Petition, petition.id)
        found.thresholds[0].tally, found.thresholds[1].tally = signatures, money

    run_tx(write)


def make_action(petition: Petition, state: str = "underway") -> None:
    def write() -> None:
        at = clock.now()
        db.session.get_one(Petition, petition.id).fired_at = at
        db.session.add(Firing(petition_id=petition.id, at=at, tallies={}))
        db.session.flush()
        db.session.add(
            Action(
                id=new_id(),
                petition_id=petition.id,
                state=state,
                currency="KRW",
                goal=30_000,
                pledged=30_000,
                started_at=at,
                collect_until=at,
            )
        )

    run_tx(write)


def test_an_empty_house_invites_the_first_petition(client: FlaskClient, context: None) -> None:
    page = client.get("/?lang=en")
    assert page.status_code == 200
    assert "Start the first petition" in page.text
    assert "How it works" in page.text


def test_featured_near_new_and_actions_each_show_once(client: FlaskClient, world: World) -> None:
    featured = world.petition(title="고른 것", featured_at=clock.now())
    near = [world.petition(title=f"가까운 것 {n}") for n in range(3)]
    new = world.petition(title="새로운 것")
    fired = world.petition(title="된 것")
    gone = world.petition(title="지난 것", deadline=clock.now() - timedelta(days=1))
    for petition in near:
        set_tallies(petition, 2, 20_000)
    make_action(fired)
    page = client.get("/?lang=en").text
    for petition in (featured, *near, new, fired):
        assert page.count(petition.title) == 1, petition.title
    assert gone.title not in page
    assert page.index(featured.title) < page.index(near[0].title) < page.index(new.title)
    assert "Underway" in page


def test_a_card_says_how_far_the_action_has_come(client: FlaskClient, world: World) -> None:
    alley = world.petition(title="골목에 등을 달아요", state="closed")
    bench = world.petition(title="의자를 놓아 주세요", state="closed")
    make_action(alley, "delivered")
    make_action(bench, "released")
    for address in ("/?lang=en", "/petitions?lang=en"):
        page = client.get(address).text
        card = page[: page.index(alley.title)].rpartition("<article")[2]
        assert "Delivered" in card, address
        assert 'badge-plain">Closed' not in page, address
    assert "Released, nobody paid" in client.get("/petitions?lang=en").text


def test_totals_are_counted(client: FlaskClient, world: World) -> None:
    set_tallies(world.petition(), 2, 20_000)
    set_tallies(world.petition(), 2, 11_000)
    hidden = world.petition(state="hidden")
    set_tallies(hidden, 1, 500_000)
    page = client.get("/?lang=en").text
    assert "₩31,000" in page


def test_it_can_be_kept_and_costs_the_same_for_many(client: FlaskClient, world: World) -> None:
    world.petition(featured_at=clock.now())
    first = client.get("/")
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in first.headers
    assert client.get("/", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    few = count_queries(lambda: client.get("/"))
    for n in range(12):
        world.petition(title=f"또 하나 {n}")
    assert count_queries(lambda: client.get("/")) == few <= 8


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/about", "Dure takes no fee"),
        ("/privacy", "How long:"),
        ("/terms", "You are 14 or older"),
    ],
)
def test_plain_pages_say_what_they_must(client: FlaskClient, context: None, path: str, words: str) -> None:
    page = client.get(f"{path}?lang=en")
    assert words in page.text
    assert page.headers["Cache-Control"] == "public, no-cache"
