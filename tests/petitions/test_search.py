"""The list of petitions: found by any piece of their words, page by page, in few queries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from app import clock
from app.db import db, run_tx
from app.petitions.browsing import PAGE, Search, list_petitions
from app.petitions.models import Petition
from app.petitions.searching import index
from tests.counting import count_queries
from tests.world import World

LIGHT = "학교 앞 신호등을 놓아 주세요"
LIBRARY = "동네 도서관을 밤 열 시까지"
ODD = '100% _both_ "quoted" * it\'s'


@pytest.fixture
def petitions(world: World) -> list[Petition]:
    return [with_text(world.petition(title=title), "밤길") for title in (LIGHT, LIBRARY, ODD)]


def with_text(petition: Petition, text: str) -> Petition:
    """Give a petition these words instead of its summary and text."""

    def write() -> None:
        found = db.session.get_one(Petition, petition.id)
        found.summary, found.text = text, text
        index(found)

    run_tx(write)
    return petition


def titles(query: str, **changes: Any) -> list[str]:
    return [item.title for item in list_petitions(Search(q=query, **changes)).items]


@pytest.mark.parametrize("query", ["신호", "호등", "신호등을", "학교 앞", "등", " 신호 "])
def test_a_piece_of_a_word_finds_it(petitions: list[Petition], query: str) -> None:
    assert titles(query) == [LIGHT]


@pytest.mark.parametrize("query", ["%", "_", '"', "*", "100%", "_both_", '"quoted"', "it's", "* it"])
def test_signs_are_taken_literally(petitions: list[Petition], query: str) -> None:
    assert titles(query) == [ODD]


@pytest.mark.parametrize("query", ["zzz", "신호%을", "신_등", "\\", "' OR 1=1 --", "신호*"])
def test_what_nobody_wrote_finds_nothing(petitions: list[Petition], query: str) -> None:
    found = list_petitions(Search(q=query))
    assert (found.items, found.total) == ((), 0)


def test_title_comes_before_text(world: World) -> None:
    in_text = with_text(world.petition(title="다른 제목"), "아이들이 건너요")
    in_title = world.petition(title="아이들을 위한 길")
    run_tx(lambda: setattr(db.session.get(Petition, in_text.id), "featured_at", clock.now()))
    assert titles("아이들")[0] == in_title.title


def test_the_page_answers_a_storm_of_signs(client: FlaskClient, petitions: list[Petition]) -> None:
    for storm in ("%" * 200, "%_" * 100, '"' * 200, "*" * 200, "\x00" * 50, "가" * 200):
        assert client.get("/petitions", query_string={"q": storm}).status_code == 200


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"q": "가" * 201}, "at most 200"),
        ({"state": "draft"}, "Choose a state"),
        ({"sort": "slug; DROP TABLE petition"}, "Sort by"),
        ({"page": "0"}, "numbered from 1"),
        ({"page": "-1"}, "numbered from 1"),
        ({"page": "1e3"}, "numbered from 1"),
        ({"page": "²"}, "numbered from 1"),
        ({"page": "99999999999999999999"}, "numbered from 1"),
    ],
)
def test_what_cannot_be_asked_gets_a_sentence(
    client: FlaskClient, context: None, arguments: dict[str, str], words: str
) -> None:
    answer = client.get("/petitions", query_string={"lang": "en", **arguments})
    assert answer.status_code == 422
    assert words in answer.text


def test_only_public_petitions_are_listed(world: World) -> None:
    for state in ("draft", "sponsoring", "moderation", "rejected", "hidden", "removed"):
        world.petition(title=f"신호등 {state}", state=state)
    open_one = world.petition(title="신호등 open")
    assert titles("신호등") == [open_one.title]
    assert titles("신호등", state="closed") == []


def test_featured_first_then_the_newest(world: World) -> None:
    at = clock.now()
    old = world.petition(title="오래된 것")
    new = world.petition(title="새로운 것")
    featured = world.petition(title="고른 것", featured_at=at)
    run_tx(lambda: setattr(db.session.get(Petition, old.id), "opened_at", at - timedelta(days=3)))
    assert titles("", state="open") == [featured.title, new.title, old.title]


def test_near_is_what_its_furthest_threshold_says(world: World) -> None:
    one_side = world.petition(title="한쪽만 찬 것")
    both = world.petition(title="둘 다 반쯤")
    set_tallies(one_side, 3, 0)
    set_tallies(both, 2, 15_000)
    assert titles("", sort="near") == [both.title, one_side.title]


def set_tallies(petition: Petition, signatures: int, money: int) -> None:
    def write() -> None:
        found = db.session.get_one(Petition, petition.id)
        found.thresholds[0].tally, found.thresholds[1].tally = signatures, money

    run_tx(write)


def test_pages_hold_everything_once(client: FlaskClient, world: World) -> None:
    made = {world.petition(title=f"하나 {n}").slug for n in range(PAGE + 3)}
    first, second = (list_petitions(Search(page=page)) for page in (1, 2))
    assert (len(first.items), len(second.items)) == (PAGE, 3)
    assert {item.slug for item in (*first.items, *second.items)} == made
    assert (first.next_page, second.next_page, second.previous_page) == (2, None, 1)
    shown = client.get("/petitions?lang=en&page=2").text
    assert 'rel="prev"' in shown
    assert 'rel="next"' not in shown
    assert "There is no page 9" in client.get("/petitions?lang=en&page=9").text


def test_the_list_costs_the_same_for_many(client: FlaskClient, world: World) -> None:
    for n in range(4):
        world.petition(title=f"하나 {n}")
    few = count_queries(lambda: client.get("/petitions"))
    for n in range(20):
        world.petition(title=f"둘 {n}")
    assert count_queries(lambda: client.get("/petitions")) == few <= 4


def test_page_and_fragment_differ_and_say_so(client: FlaskClient, petitions: list[Petition]) -> None:
    page = client.get("/petitions")
    fragment = client.get("/petitions", headers={"HX-Request": "true"})
    assert "<html" in page.text
    assert "<html" not in fragment.text
    assert page.headers["ETag"] != fragment.headers["ETag"]
    assert "HX-Request" in page.headers["Vary"]
    assert "HX-Request" in fragment.headers["Vary"]


def test_the_list_can_be_kept_until_it_changes(client: FlaskClient, world: World) -> None:
    world.petition()
    first = client.get("/petitions")
    assert first.headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in first.headers
    again = {"If-None-Match": first.headers["ETag"]}
    assert client.get("/petitions", headers=again).status_code == 304
    world.petition(title="또 하나")
    assert client.get("/petitions", headers=again).status_code == 200


def test_nothing_found_offers_what_to_do(client: FlaskClient, context: None) -> None:
    assert "Start the first petition" in client.get("/petitions?lang=en").text
    nothing = client.get("/petitions?lang=en&q=" + quote("<script>alert(1)</script>")).text
    assert "No petition contains" in nothing
    assert "<script>alert" not in nothing
