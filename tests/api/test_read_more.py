"""Sums of signatures, actions, milestones, the books and the points' rules."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from app import clock
from app.api import paging
from app.db import db, run_tx
from app.petitions.counting import FEWEST, fill_quiet_days, hide_small
from app.petitions.models import Petition, Signature
from app.petitions.signing import SignatureWish, sign_quietly, validate
from tests.counting import count_queries
from tests.world import World


def get(client: FlaskClient, path: str) -> Any:
    answer = client.get(path if path.startswith("http") else f"/api/v1{path}")
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def sign_as_canary(petition: Petition, region: str) -> None:
    """Somebody who hides their name signs and confirms."""
    wish = SignatureWish(
        name="카나리아", email="canary@example.org", region=region, locale="ko", reason="비밀", hide_name=True
    )
    run_tx(lambda: sign_quietly(petition.id, wish))
    hidden = db.session.query(Signature).filter_by(name="카나리아").one()
    run_tx(lambda: validate(hidden.id))


def underway(world: World, title: str = "도서관에 책을", amount: int = 12_000) -> Petition:
    petition = world.petition(title=title, signatures=1, goal=amount)
    world.plan(petition, 60, 40)
    world.pledge(petition, "alice", amount)
    world.sign(petition, "bob")
    with time_machine.travel(clock.now() + timedelta(hours=2), tick=False):
        world.work()
        world.work()
    return petition


def test_nobody_is_alone_in_a_region(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    world.sign(petition, "minji", "junho", "alice", "bob")
    path = f"/petitions/{petition.slug}/signatures/by-region"
    assert get(client, path) == {"others": None, "items": [], "total": 0, "next": None}
    world.sign(petition, "organizer")
    sign_as_canary(petition, "KR-49")
    shown = {"others": None, "items": [{"region": "KR-11", "count": 5}], "total": 1, "next": None}
    assert get(client, path) == shown


def test_who_signs_while_somebody_watches_gives_no_region_away(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    world.sign(petition, "minji", "junho", "alice", "bob", "organizer")
    path = f"/petitions/{petition.slug}/signatures/by-region"
    before = get(client, path)
    sign_as_canary(petition, "KR-11")
    assert get(client, path) == before
    for number in range(3):
        world.sign(petition, f"seoul{number}")
    assert get(client, path) == before
    world.sign(petition, "seoul3")
    assert get(client, path)["items"] == [{"region": "KR-11", "count": 10}]


def test_regions_come_most_first_and_in_fives() -> None:
    counted = hide_small([("AA", 5), ("BB", 12), ("CC", 4), ("DD", 9), ("EE", 1)])
    assert [(cell.name, cell.count) for cell in counted.cells] == [("BB", 10), ("AA", 5), ("DD", 5)]
    assert counted.others == 11


@given(st.dictionaries(st.text("ABCDE", min_size=1, max_size=2), st.integers(1, 60)))
def test_what_is_shown_of_regions_adds_up_and_is_never_small(regions: dict[str, int]) -> None:
    counted = hide_small(sorted(regions.items()))
    assert all(cell.count % FEWEST == 0 and 0 < cell.count <= regions[cell.name] for cell in counted.cells)
    left = sum(regions.values()) - sum(cell.count for cell in counted.cells)
    assert counted.others == (left if left >= FEWEST else None)


def test_days_are_days_in_seoul_and_quiet_ones_are_there(client: FlaskClient, world: World) -> None:
    petition = world.petition(deadline=clock.now() + timedelta(days=90))
    for moment, name in (
        ("2026-11-24T14:59:00Z", "minji"),
        ("2026-11-24T15:01:00Z", "junho"),
        ("2026-11-27T03:00:00Z", "alice"),
    ):
        with time_machine.travel(moment, tick=False):
            world.sign(petition, name)
    found = get(client, f"/petitions/{petition.slug}/signatures/by-day")
    assert found["items"] == [
        {"day": "2026-11-24", "count": 1},
        {"day": "2026-11-25", "count": 1},
        {"day": "2026-11-26", "count": 0},
        {"day": "2026-11-27", "count": 1},
    ]


def test_without_signatures_there_are_no_days(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    assert get(client, f"/petitions/{petition.slug}/signatures/by-day")["items"] == []
    assert fill_quiet_days([]).cells == ()


def test_a_long_list_goes_on_by_its_link(
    client: FlaskClient, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "ON_A_PAGE", 2)
    petition = world.petition(deadline=clock.now() + timedelta(days=90))
    for day, name in ((24, "minji"), (28, "junho")):
        with time_machine.travel(f"2026-11-{day}T03:00:00Z", tick=False):
            world.sign(petition, name)
    days, link = [], f"/petitions/{petition.slug}/signatures/by-day"
    while link:
        part = get(client, link)
        assert part["total"] == 5
        days += [item["day"] for item in part["items"]]
        link = part["next"]
    assert days == [f"2026-11-{day}" for day in range(24, 29)]


def test_an_action_its_steps_and_the_books(client: FlaskClient, world: World) -> None:
    petition = underway(world)
    figures = {
        "currency": "KRW",
        "backers": 1,
        "pledged": 12_000,
        "held": 0,
        "captured": 12_000,
        "refunded": 0,
        "paid_out": 0,
        "in_escrow": 12_000,
    }
    listed = get(client, "/actions")
    assert (listed["total"], listed["next"]) == (1, None)
    one = listed["items"][0]
    assert one.pop("started_at")
    assert one == {
        "slug": petition.slug,
        "title": "도서관에 책을",
        "state": "underway",
        "kind": "gift",
        "goal": 12_000,
        "figures": figures,
    }
    whole = get(client, f"/actions/{petition.slug}")
    assert (whole["figures"], whole["payouts"], whole["voters"]) == (figures, [], 1)
    assert whole["underway_at"]
    steps = get(client, f"/petitions/{petition.slug}/milestones")
    assert [(step["title"], step["share"], step["accepting"]) for step in steps["items"]] == [
        ("1단계", 60, 0),
        ("2단계", 40, 0),
    ]
    books = get(client, "/books")
    assert books["totals"] == [figures]
    assert [line["figures"] for line in books["items"]] == [figures]


def test_actions_by_state(client: FlaskClient, world: World) -> None:
    underway(world)
    assert get(client, "/actions?state=underway")["total"] == 1
    assert get(client, "/actions?state=delivered") == {"items": [], "total": 0, "next": None}
    wrong = client.get("/api/v1/actions?state=asleep")
    assert wrong.status_code == 422
    assert set(wrong.get_json()["errors"]) == {"state"}


def test_what_is_out_of_sight_stays_out_of_the_lists(client: FlaskClient, world: World) -> None:
    petition = underway(world)
    run_tx(lambda: setattr(db.session.get_one(Petition, petition.id), "state", "hidden"))
    assert get(client, "/actions")["total"] == 0
    line = get(client, "/books")["items"][0]
    assert (line["slug"], line["title"]) == (None, None)
    for path in ("signatures/by-day", "signatures/by-region", "milestones"):
        assert client.get(f"/api/v1/petitions/{petition.slug}/{path}").status_code == 404
    assert client.get(f"/api/v1/actions/{petition.slug}").status_code == 404
    run_tx(lambda: setattr(db.session.get_one(Petition, petition.id), "state", "removed"))
    assert client.get(f"/api/v1/actions/{petition.slug}").status_code == 410


def test_the_rules_of_the_points(client: FlaskClient, context: None) -> None:
    rules = get(client, "/points/rules?lang=en")
    deeds = {deed["reason"]: deed for deed in rules["deeds"]}
    assert deeds["signature"] == {
        "reason": "signature",
        "title": "You signed",
        "rule": "A confirmed signature earns 1 point.",
        "mp": 1000,
    }
    assert deeds["fraud"]["mp"] == -50_000
    assert [level["mp"] for level in rules["levels"]] == [0, 5_000, 50_000, 150_000, 300_000]
    assert rules["levels"][2]["kept_percent"] == 80


def test_hidden_signers_are_absent_everywhere(client: FlaskClient, world: World) -> None:
    petition = underway(world)
    other = world.petition()
    sign_as_canary(other, "KR-49")
    paths = ["/petitions?q=카나", "/petitions", "/actions", "/books", "/points/rules", "/openapi.json"]
    for slug in (petition.slug, other.slug):
        paths += [f"/petitions/{slug}{rest}" for rest in ("", "/milestones", "/signatures/by-day")]
        paths += [f"/petitions/{slug}/signatures/by-region", f"/actions/{slug}"]
    for path in paths:
        text = client.get(f"/api/v1{path}").text
        for canary in ("카나", "canary", "비밀"):
            assert canary not in text, path


def test_many_actions_cost_what_a_few_do(client: FlaskClient, world: World) -> None:
    underway(world, "하나")
    few = count_queries(lambda: client.get("/api/v1/actions"))
    for number in range(3):
        underway(world, f"또 {number}")
    assert count_queries(lambda: client.get("/api/v1/actions")) == few <= 4
