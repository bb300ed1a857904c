"""The badge: a small picture that says how far a petition is."""

from __future__ import annotations

import re
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
import time_machine
from flask.testing import FlaskClient

from app import clock
from tests.fresh import get
from tests.world import World

SVG = "{http://www.w3.org/2000/svg}"


def read(text: str) -> tuple[str, list[str]]:
    """The title and the two texts of a badge; fails when it is no XML."""
    root = ET.fromstring(text)
    title = root.find(f"{SVG}title")
    assert title is not None
    return title.text or "", [node.text or "" for node in root.iter(f"{SVG}text")]


def test_it_names_the_petition_and_its_tallies(client: FlaskClient, world: World) -> None:
    petition = world.petition(title="신호등", signatures=1000, goal=3_000_000)
    answer = get(client, f"/embed/v1/{petition.slug}.svg?lang=en")
    title, texts = read(answer.text)
    said, as_of = title.rsplit(" · ", 1)
    assert said == "신호등 · 0 of 1,000 signed · 0% pledged"
    assert re.fullmatch(r"as of .+ KST", as_of)
    assert texts == ["Dure", "0 of 1,000 signed · 0% pledged"]
    assert read(get(client, f"/embed/v1/{petition.slug}.svg?lang=ko").text)[1][0] == "두레"


def test_it_can_be_shown_and_kept_anywhere(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    answer = client.get(f"/embed/v1/{petition.slug}.svg")
    assert answer.mimetype == "image/svg+xml"
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Set-Cookie" not in answer.headers
    again = {"If-None-Match": answer.headers["ETag"]}
    assert client.get(f"/embed/v1/{petition.slug}.svg", headers=again).status_code == 304


def test_it_is_named_by_the_moment_of_its_read(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    address, start = f"/embed/v1/{petition.slug}.svg?lang=en", clock.now().replace(second=5, microsecond=0)
    answers = []
    for seconds in (0, 90):
        with time_machine.travel(start + timedelta(seconds=seconds), tick=False):
            answers.append(get(client, address))
    first, second = answers
    assert first.headers["ETag"] != second.headers["ETag"]
    assert read(first.text)[0] != read(second.text)[0]
    assert read(first.text)[1] == read(second.text)[1]
    for kind in ("svg", "json"):
        said = get(client, f"/embed/v1/{petition.slug}.{kind}?lang=en").headers["Dure-As-Of"]
        assert said.endswith("KST")


@pytest.mark.parametrize("kind", ["svg", "json"])
def test_what_is_reached_is_provisional_until_it_has_been_checked(
    client: FlaskClient, world: World, kind: str
) -> None:
    at = clock.now()
    petition = world.petition(title="가" * 500, tipped_at=at, window_ends_at=at + timedelta(days=1))
    answer = get(client, f"/embed/v1/{petition.slug}.{kind}?lang=en&color=ffee00&theme=light")
    words = answer.json["message"] if kind == "json" else read(answer.text)[1][1]
    assert words == "both thresholds reached, provisionally · 0 of 3 signed · 0% pledged"
    assert len(answer.data) <= 2048


def test_its_colour_is_the_owners_and_its_words_stay_readable(client: FlaskClient, world: World) -> None:
    address = f"/embed/v1/{world.petition().slug}.svg"
    picture = get(client, f"{address}?color=ffee00&theme=light").text
    assert picture.count('fill="#ffee00"') == 2
    assert '<g fill="#000000"' in picture
    assert 'fill="#e9e7e0"' in picture
    usual = get(client, address).text
    assert get(client, address, query_string={"color": '"/><script>', "theme": "<x>"}).text == usual


def test_shields_io_is_told_the_same(client: FlaskClient, world: World) -> None:
    petition = world.petition(signatures=1000, goal=3_000_000)
    answer = get(client, f"/embed/v1/{petition.slug}.json?lang=en")
    assert answer.json == {
        "schemaVersion": 1,
        "label": "Dure",
        "message": "0 of 1,000 signed · 0% pledged",
        "color": "1f5f8b",
        "cacheSeconds": 60,
    }
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    assert get(client, f"/embed/v1/{petition.slug}.json?lang=ko").json["label"] == "두레"
    assert get(client, f"/embed/v1/{petition.slug}.json?color=7A1FA2").json["color"] == "7a1fa2"


def test_shields_io_is_told_what_is_wrong(client: FlaskClient, world: World) -> None:
    address = f"/embed/v1/{world.petition(state='hidden').slug}"
    gone = get(client, f"{address}.json?lang=en")
    assert (gone.status_code, gone.json["message"], gone.json["isError"]) == (200, "taken down", True)
    assert get(client, f"{address}.svg?lang=en").status_code == 410
    assert get(client, "/embed/v1/nothing.json").status_code == 404


@pytest.mark.parametrize(
    "title",
    [
        "<script>alert(1)</script>",
        '"><svg onload=alert(1)>',
        "]]> & \u0001\u0007\ufffe",
        "&<>\"'" * 40,
        "가" * 500,
        "👩‍🌾" * 100,
    ],
)
def test_any_title_makes_a_small_sound_picture(client: FlaskClient, world: World, title: str) -> None:
    petition = world.petition(title=title, signatures=999_999_999, goal=999_999_999_999)
    answer = client.get(f"/embed/v1/{petition.slug}.svg?color=ffee00&theme=light")
    root = ET.fromstring(answer.text)
    assert {node.tag.removeprefix(SVG) for node in root.iter()} <= {"svg", "title", "rect", "g", "text"}
    assert len(answer.data) <= 2048


@pytest.mark.parametrize(
    ("state", "status", "words"),
    [
        ("hidden", 410, "taken down"),
        ("removed", 410, "taken down"),
        ("sponsoring", 404, "no such petition"),
        ("closed", 200, "closed · 0 of 3 signed · 0% pledged"),
    ],
)
def test_it_says_when_there_is_nothing_to_sign(
    client: FlaskClient, world: World, state: str, status: int, words: str
) -> None:
    petition = world.petition(state=state)
    answer = client.get(f"/embed/v1/{petition.slug}.svg?lang=en")
    assert answer.status_code == status
    assert read(answer.text)[1][1] == words
