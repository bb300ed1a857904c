"""The JSON that other people's scripts rely on."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from app import clock
from app.actions.models import Action, Firing, Milestone
from app.db import db, new_id, run_tx
from app.petitions.browsing import PAGE
from app.petitions.models import Petition, Signature
from app.petitions.signing import SignatureWish, sign, validate
from tests.counting import count_queries
from tests.world import World

ODD_TITLE = 'A <b>"bold"</b> \u200b& 신호 👩‍🌾'


def test_one_petition_to_the_letter(client: FlaskClient, world: World) -> None:
    petition = world.petition(title=ODD_TITLE, signatures=3, goal=30_000)
    for number, name in enumerate(("민지", "준호")):
        wish = SignatureWish(name=name, email=f"s{number}@example.org", region="KR-11", locale="ko")
        run_tx(lambda wish=wish: sign(petition.id, wish))  # type: ignore[misc]
    first = db.session.query(Signature).filter_by(name="민지").one()
    run_tx(lambda: validate(first.id))
    answer = client.get(f"/api/v1/petitions/{petition.slug}")
    content = answer.get_json()
    as_of = datetime.fromisoformat(content.pop("as_of"))
    assert abs(clock.now() - as_of) < timedelta(seconds=10)
    assert petition.deadline is not None
    deadline = datetime.fromisoformat(content.pop("deadline"))
    assert abs(deadline - petition.deadline) < timedelta(milliseconds=1)
    assert content == {
        "slug": petition.slug,
        "title": ODD_TITLE,
        "state": "open",
        "thresholds": [
            {"kind": "signatures", "measure": "signatures", "target": 3, "tally": 1, "reached_at": None},
            {"kind": "gift", "measure": "money", "target": 30_000, "tally": 0, "reached_at": None},
        ],
        "signatures": {"validated": 1, "pending": 1},
        "pledges": [{"measure": "money", "count": 0, "total": 0, "currency": "KRW"}],
        "action": None,
    }
    assert answer.mimetype == "application/json"


def test_anybody_may_read_and_keep_it(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    for address in ("/api/v1/petitions", f"/api/v1/petitions/{petition.slug}"):
        answer = client.get(address)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert "ETag" in answer.headers["Access-Control-Expose-Headers"].split(", ")
        assert answer.headers["Cache-Control"] == "public, no-cache"
        assert "Set-Cookie" not in answer.headers
        again = client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        assert again.headers["Access-Control-Allow-Origin"] == "*"


def test_a_change_is_another_answer(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    address = f"/api/v1/petitions/{petition.slug}"
    tag = client.get(address).headers["ETag"]
    wish = SignatureWish(name="민지", email="s@example.org", region="KR-11", locale="ko")
    run_tx(lambda: sign(petition.id, wish))
    answer = client.get(address, headers={"If-None-Match": tag})
    assert answer.status_code == 200
    assert answer.get_json()["signatures"] == {"validated": 0, "pending": 1}


def test_hidden_signers_are_absent(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    wish = SignatureWish(
        name="카나리아",
        email="canary@example.org",
        region="KR-11",
        locale="ko",
        hide_name=True,
        reason="비밀",
    )
    run_tx(lambda: sign(petition.id, wish))
    signature = db.session.query(Signature).one()
    run_tx(lambda: validate(signature.id))
    text = client.get(f"/api/v1/petitions/{petition.slug}").text
    assert "카나" not in text
    assert "canary" not in text
    assert "비밀" not in text


def test_the_action_tells_its_sums_and_milestones(client: FlaskClient, world: World) -> None:
    petition = world.petition(goal=30_000)
    at = clock.now()

    def fire() -> None:
        db.session.add(Firing(petition_id=petition.id, at=at, tallies={}))
        db.session.flush()
        db.session.add_all(
            [
                Action(
                    id=new_id(),
                    petition_id=petition.id,
                    state="underway",
                    kind="gift",
                    currency="KRW",
                    goal=30_000,
                    pledged=40_000,
                    held_at_decision=35_000,
                    started_at=at,
                    collect_until=at,
                    decided_at=at,
                    underway_at=at,
                ),
                Milestone(
                    id=new_id(), petition_id=petition.id, position=1, title="설계", share=40, state="planned"
                ),
                Milestone(
                    id=new_id(), petition_id=petition.id, position=2, title="공사", share=60, state="planned"
                ),
            ]
        )

    run_tx(fire)
    action = client.get(f"/api/v1/petitions/{petition.slug}").get_json()["action"]
    milestones = action.pop("milestones")
    assert action == {
        "state": "underway",
        "kind": "gift",
        "goal": 30_000,
        "currency": "KRW",
        "held": 35_000,
        "captured": 0,
        "refunded": 0,
        "paid_out": 0,
    }
    assert [(m["position"], m["title"], m["share"], m["state"]) for m in milestones] == [
        (1, "설계", 40, "planned"),
        (2, "공사", 60, "planned"),
    ]


def test_the_list_and_its_next_link(client: FlaskClient, world: World) -> None:
    made = {world.petition(title=f"신호 {n}").slug for n in range(PAGE + 2)}
    world.petition(title="다른 것", state="closed", summary="다른 것", text="다른 것")
    first = client.get("/api/v1/petitions?state=open&lang=ko").get_json()
    assert first["total"] == PAGE + 2
    assert set(first["items"][0]) == {"slug", "title", "state", "deadline", "thresholds"}
    second = client.get(first["next"]).get_json()
    assert second["next"] is None
    assert {item["slug"] for item in first["items"] + second["items"]} == made


def test_all_means_every_public_state(client: FlaskClient, world: World) -> None:
    for state in ("open", "closed", "stopped", "archived", "hidden", "removed", "sponsoring"):
        world.petition(title=f"하나 {state}", state=state)
    states = {item["state"] for item in client.get("/api/v1/petitions?state=all").get_json()["items"]}
    assert states == {"open", "closed", "stopped", "archived"}


def test_the_featured_petition_is_the_first_open_one(client: FlaskClient, world: World) -> None:
    calm = world.petition(title="고요한 것", featured_at=clock.now())
    world.petition(title="더 새로운 것")
    assert client.get("/api/v1/petitions?state=open").get_json()["items"][0]["slug"] == calm.slug


@pytest.mark.parametrize("query", ["state=draft", "sort=random", "page=0", "page=x", "q=" + "a" * 201])
def test_a_wrong_question_gets_a_sentence(client: FlaskClient, context: None, query: str) -> None:
    answer = client.get(f"/api/v1/petitions?{query}")
    assert answer.status_code == 422
    assert answer.mimetype == "application/problem+json"
    assert answer.get_json()["detail"]
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("state", "status"),
    [("hidden", 404), ("removed", 410), ("sponsoring", 404), ("moderation", 404), ("rejected", 404)],
)
def test_what_is_not_public_says_nothing(client: FlaskClient, world: World, state: str, status: int) -> None:
    petition = world.petition(state=state)
    answer = client.get(f"/api/v1/petitions/{petition.slug}")
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert petition.title not in answer.text


def test_the_list_costs_the_same_for_many(client: FlaskClient, world: World) -> None:
    def grow(number: int) -> int:
        for n in range(number):
            world.petition(title=f"하나 {n}")
        return count_queries(lambda: client.get("/api/v1/petitions?state=all"))

    assert grow(5) == grow(20) <= 4


def test_a_deadline_in_the_past_stays_readable(client: FlaskClient, world: World) -> None:
    petition = world.petition(deadline=clock.now() - timedelta(days=1))
    assert isinstance(petition, Petition)
    assert client.get(f"/api/v1/petitions/{petition.slug}").get_json()["state"] == "open"
