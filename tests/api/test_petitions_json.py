"""The JSON that other people's scripts rely on."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from app import clock
from app.actions.models import Action, Firing, Milestone
from app.actions.summing_up import iso
from app.api.paging import NEWS_ON_A_PAGE
from app.db import db, new_id, run_tx
from app.people.erasing import erase
from app.petitions.answering import record_answer
from app.petitions.browsing import PAGE
from app.petitions.models import Petition, Signature
from app.petitions.signing import SignatureWish, sign, validate
from app.petitions.topics import TOPICS
from app.petitions.updating import publish_update
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
    assert content.pop("opened_at") == iso(petition.opened_at)
    slug = quote(petition.slug)
    assert client.get(f"/petitions/{slug}").status_code == 200
    assert content == {
        "slug": petition.slug,
        "url": f"http://localhost/petitions/{slug}",
        "title": ODD_TITLE,
        "summary": petition.summary,
        "addressee": petition.addressee,
        "topic": None,
        "language": "ko",
        "organizer": "한솔",
        "text_html": "<p>매일 <strong>아이들</strong>이 길을 건너요.</p>\n",
        "answer": {"state": "none", "due_at": None, "answered_at": None, "text_html": None},
        "updates": {
            "latest_at": None,
            "url": f"http://localhost/api/v1/petitions/{slug}/updates",
        },
        "archive": None,
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


def test_what_was_written_is_told_and_does_nothing(client: FlaskClient, world: World) -> None:
    """The text, the answer and the news, as the page shows them: nothing in them acts."""
    odd = "## Why\n\nIt is *dark*. <script>alert(1)</script> [here](javascript:alert(1))"
    petition = world.petition(text=odd, topic=next(iter(TOPICS)), summary="Dark & wet", signatures=1)
    organizer = world.person("organizer")
    world.sign(petition, "minji")
    run_tx(lambda: record_answer(petition.id, odd))
    news = [
        run_tx(
            lambda title=title: publish_update(  # type: ignore[misc]
                petition.id, organizer.id, title=title, text=odd, idempotency_key=title
            )
        )
        for title in ("First", "Second")
    ]
    content = client.get(f"/api/v1/petitions/{petition.slug}").get_json()
    assert (content["summary"], content["topic"]) == ("Dark & wet", next(iter(TOPICS)))
    assert content["answer"]["state"] == "responded"
    assert content["answer"]["answered_at"]
    listed = client.get(content["updates"]["url"]).get_json()
    assert [(each["id"], each["title"]) for each in listed["items"]] == [
        (news[1], "Second"),
        (news[0], "First"),
    ]
    assert (listed["total"], listed["next"]) == (2, None)
    assert content["updates"]["latest_at"] == listed["items"][0]["published_at"]
    place = listed["items"][0]["url"].partition("#")[2]
    assert f'id="{place}"' in client.get(content["url"]).text
    for html in (content["text_html"], content["answer"]["text_html"], listed["items"][0]["text_html"]):
        assert "<h3>Why</h3>\n<p>It is <em>dark</em>." in html
        assert "<script" not in html
        assert 'href="javascript' not in html


def test_the_name_of_an_erased_organizer_is_gone(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    addresses = ("/api/v1/petitions", f"/api/v1/petitions/{petition.slug}")
    assert all('"organizer":"한솔"' in client.get(address).text for address in addresses)
    organizer = world.person("organizer")
    run_tx(lambda: erase(organizer.id))
    for address in addresses:
        text = client.get(address).text
        assert '"organizer":null' in text
        assert "한솔" not in text


def test_news_come_in_parts(client: FlaskClient, world: World) -> None:
    petition, organizer = world.petition(), world.person("organizer")
    titles = [f"News {number}" for number in range(NEWS_ON_A_PAGE + 1)]
    for title in titles:
        run_tx(
            lambda title=title: publish_update(  # type: ignore[misc]
                petition.id, organizer.id, title=title, text="Thank you.", idempotency_key=title
            )
        )
    first = client.get(f"/api/v1/petitions/{petition.slug}/updates").get_json()
    second = client.get(first["next"]).get_json()
    assert [each["title"] for each in first["items"] + second["items"]] == titles[::-1]
    assert (first["total"], second["next"]) == (len(titles), None)


def test_an_import_says_what_its_archive_says(client: FlaskClient, world: World) -> None:
    kept = {
        "signatures": 12,
        "threshold": 10,
        "source_state": "closed",
        "answer": "No.",
        "source_url": "https://a.example/1",
    }
    petition = world.petition(
        state="archived", source="uk_parliament", source_id="1", archive=kept, offers=()
    )
    content = client.get(f"/api/v1/petitions/{petition.slug}").get_json()
    assert content["archive"] == {
        "source": "uk_parliament",
        "url": "https://a.example/1",
        "signatures": 12,
        "threshold": 10,
        "state": "closed",
        "answer": "No.",
        "answered_at": None,
        "rejection": None,
    }


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
    assert set(first["items"][0]) == {
        *("slug", "url", "title", "summary", "addressee", "topic", "language", "organizer"),
        *("state", "opened_at", "deadline", "thresholds"),
    }
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
