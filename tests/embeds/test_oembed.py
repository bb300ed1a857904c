"""A link of ours unfolds on other sites."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode
from xml.etree.ElementTree import fromstring

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.db import run_tx
from app.embeds.choosing import choose
from app.people.erasing import erase
from app.petitions.models import Petition
from tests.fresh import get
from tests.world import World

from .wordpress import HEAD, discover, filter_result

OURS = "http://localhost"
SANDBOX = "allow-scripts allow-popups allow-popups-to-escape-sandbox"
NASTY = "\"Lights\" & <script>alert('1')</script> </iframe>"


def ask(client: FlaskClient, url: str, **arguments: Any) -> TestResponse:
    return get(client, f"/oembed?{urlencode({'url': url, **arguments})}")


class Tags(HTMLParser):
    """The tags of some HTML, in order, with their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def address_of(petition: Petition) -> str:
    return f"{OURS}/petitions/{petition.slug}"


def test_a_petition_unfolds_into_a_quotation_and_a_frame(client: FlaskClient, world: World) -> None:
    petition = world.petition(title="lights")
    answer = ask(client, address_of(petition))
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    said = answer.json
    assert said is not None
    assert {name: said[name] for name in ("version", "type", "title", "provider_name", "provider_url")} == {
        "version": "1.0",
        "type": "rich",
        "title": "lights",
        "provider_name": "Dure",
        "provider_url": OURS,
    }
    assert said["author_name"] == "한솔"
    assert said["cache_age"] == 3600
    assert (said["thumbnail_width"], said["thumbnail_height"]) == (1200, 630)
    found = Tags(said["html"])
    assert [tag for tag, _ in found.tags] == ["blockquote", "a", "iframe"]
    assert found.tags[0][1] == {"class": "dure-petition"}
    assert found.tags[1][1] == {"href": f"{OURS}/petitions/lights"}
    frame = found.tags[2][1]
    assert frame == {
        "src": f"{OURS}/embed/v1/lights",
        "title": "Petition: lights",
        "width": str(said["width"]),
        "height": str(said["height"]),
        "frameborder": "0",
        "loading": "lazy",
        "referrerpolicy": "strict-origin",
        "sandbox": SANDBOX,
    }


def test_its_pictures_and_people_can_be_fetched(client: FlaskClient, world: World) -> None:
    said = ask(client, address_of(world.petition())).json
    assert said is not None
    for name in ("thumbnail_url", "author_url"):
        assert get(client, said[name].removeprefix(OURS)).status_code == 200


def test_json_and_xml_say_the_same(client: FlaskClient, world: World) -> None:
    petition = world.petition(title=NASTY + "\u0001")
    address = address_of(petition)
    said = ask(client, address, format="json").json
    written = ask(client, address, format="xml")
    assert written.mimetype == "text/xml"
    assert written.text.startswith('<?xml version="1.0" encoding="utf-8" standalone="yes"?>')
    root = fromstring(written.data)
    assert root.tag == "oembed"
    assert said is not None
    assert {part.tag: part.text for part in root} == {
        name: str(value).replace("\u0001", "") for name, value in said.items()
    }


@pytest.mark.parametrize("title", [NASTY, "가" * 120, "[a](b) `c` <!-- ]]>", "line\nbreak"])
def test_every_title_stays_words(client: FlaskClient, world: World, title: str) -> None:
    said = ask(client, address_of(world.petition(title=title, slug="lights"))).json
    assert said is not None
    found = Tags(said["html"])
    assert [tag for tag, _ in found.tags] == ["blockquote", "a", "iframe"]
    plain = title.replace("\n", " ")
    assert found.words == plain
    assert found.tags[2][1]["title"] == f"Petition: {plain}"


def test_any_site_may_ask_and_nobody_is_followed(client: FlaskClient, world: World) -> None:
    address = address_of(world.petition())
    for answer in (ask(client, address), ask(client, f"{OURS}/petitions/none"), get(client, "/oembed")):
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "public, max-age=60"
    kept = ask(client, address)
    query = urlencode({"url": address})
    again = get(client, f"/oembed?{query}", headers={"If-None-Match": kept.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    "link",
    [
        "http://localhost.evil.example/petitions/lights",
        "http://localhost@evil.example/petitions/lights",
        "http://evil.example/petitions/lights",
        "//localhost/petitions/lights",
        "javascript://localhost/petitions/lights",
        "ftp://localhost/petitions/lights",
        "petitions/lights",
        "http://localhost/petitions/lights/signatures",
        "http://localhost/petitions/other",
        "http://localhost/actions/lights",
        "http://localhost/people/abcdefghjk",
        "http://localhost/people/" + "a" * 9000,
        "http://localhost/petitions/%00%ff%",
        "http://localhost/petitions//lights",
        "http://localhost",
        "http://localhost/",
        "http://[::1/petitions/lights",
        "http://localhost/petitions/" + "%25" * 600,
    ],
)
def test_what_is_not_ours_or_not_there_is_unknown(client: FlaskClient, world: World, link: str) -> None:
    world.petition(title="lights")
    answer = ask(client, link)
    assert answer.status_code == 404
    assert "evil" not in answer.text


@pytest.mark.parametrize(
    ("state", "status"),
    [("hidden", 401), ("sponsoring", 401), ("moderation", 401), ("rejected", 401), ("removed", 410)],
)
def test_what_is_not_public_is_not_unfolded(
    client: FlaskClient, world: World, state: str, status: int
) -> None:
    answer = ask(client, address_of(world.petition(title="canary", slug="lights", state=state)))
    assert answer.status_code == status
    assert "canary" not in answer.text


def test_other_forms_than_json_and_xml_are_not_spoken(client: FlaskClient, world: World) -> None:
    assert ask(client, address_of(world.petition()), format="yaml").status_code == 501


def test_a_question_without_a_link_is_told_so(client: FlaskClient) -> None:
    answer = get(client, "/oembed?lang=en")
    assert answer.status_code == 400
    assert "/oembed?url=" in answer.text


@pytest.mark.parametrize("size", ["-1", "0", "wide", "1e3", "12.5", "٤٠٠", "100px", "<script>"])
def test_a_size_that_is_no_number_is_told_so(client: FlaskClient, world: World, size: str) -> None:
    petition = world.petition()
    for name in ("maxwidth", "maxheight"):
        answer = ask(client, address_of(petition), lang="en", **{name: size})
        assert answer.status_code == 400
        assert answer.text == f"{name} is a whole number of pixels, such as 480.\n"


@pytest.mark.parametrize("size", ["600", "320", "240", "9" * 5000, "0000480"])
def test_the_room_there_is_is_kept_to(client: FlaskClient, world: World, size: str) -> None:
    said = ask(client, address_of(world.petition()), maxwidth=size, maxheight=size).json
    assert said is not None
    frame = Tags(said["html"]).tags[2][1]
    assert (frame["width"], frame["height"]) == (str(said["width"]), str(said["height"]))
    assert 240 <= said["width"] <= 600
    assert len(size) > 9 or (said["width"] <= int(size) and said["height"] <= int(size))
    assert ("thumbnail_url" in said) == (len(size) > 9)


def test_where_no_frame_fits_the_quotation_stands_alone(client: FlaskClient, world: World) -> None:
    said = ask(client, address_of(world.petition()), maxwidth=100).json
    assert said is not None
    assert said["width"] == 100
    assert [tag for tag, _ in Tags(said["html"]).tags] == ["blockquote", "a"]


def test_a_narrow_frame_is_taller(client: FlaskClient, world: World) -> None:
    address = address_of(world.petition())
    narrow, wide = ask(client, address, maxwidth=260).json, ask(client, address).json
    assert narrow is not None
    assert wide is not None
    assert narrow["height"] > wide["height"]


def test_the_link_may_choose_look_and_language(client: FlaskClient, world: World) -> None:
    petition = world.petition(title="lights")
    asked = f"{address_of(petition)}?theme=dark&lang=en&color=1F6B4A"
    said = ask(client, asked).json
    assert said is not None
    assert f"{OURS}/embed/v1/lights?theme=dark&amp;lang=en&amp;color=1f6b4a" in said["html"]
    odd = ask(client, f'{address_of(petition)}?theme="><script>&lang=xx&color=red').json
    assert odd is not None
    assert Tags(odd["html"]).tags[2][1]["src"] == f"{OURS}/embed/v1/lights"


def test_ten_thousand_arguments_change_nothing(client: FlaskClient, world: World) -> None:
    address = address_of(world.petition())
    storm = "&".join(f"a{number}=%25" for number in range(10_000))
    answer = get(client, f"/oembed?{storm}&{urlencode({'url': address})}")
    assert answer.status_code == 200
    assert answer.json == ask(client, address).json


def fired(world: World) -> Petition:
    petition = world.petition(title="lights", signatures=1, goal=1000)
    world.pledge(petition, "minji", 1000)
    world.sign(petition, "junho")
    world.work()
    return petition


@pytest.fixture
def settings_changes() -> dict[str, Any]:
    return {"verification_window": 0, "snapshot_seconds": 0}


def test_petition_action_and_organizer_say_where_to_ask(client: FlaskClient, world: World) -> None:
    """Each page names both forms in the first 150 KB of its head; each leads to a frame that can be shown."""
    fired(world)
    said = ask(client, f"{OURS}/petitions/lights").json
    assert said is not None
    person = said["author_url"].removeprefix(OURS)
    for path, frame in (
        ("/petitions/lights", "/embed/v1/lights"),
        ("/actions/lights", "/embed/v1/lights"),
        (person, f"/embed/v1{person}"),
    ):
        page = get(client, path).data
        assert page.index(b"+oembed") < HEAD
        links = discover(page)
        assert set(links) == {"application/json+oembed", "text/xml+oembed"}
        answer = get(client, links["application/json+oembed"].removeprefix(OURS)).json
        assert answer is not None
        assert Tags(answer["html"]).tags[1][1]["href"] == OURS + path
        assert Tags(answer["html"]).tags[2][1]["src"] == OURS + frame
        assert fromstring(get(client, links["text/xml+oembed"].removeprefix(OURS)).data).tag == "oembed"
        shown = filter_result(answer["html"])
        assert shown is not None
        framed = get(client, shown.frame_src.removeprefix(OURS))
        assert framed.status_code == 200
        assert "frame-ancestors *" in framed.headers["Content-Security-Policy"]


def test_a_petition_that_only_some_sites_may_show_unfolds_into_its_link(
    client: FlaskClient, world: World
) -> None:
    petition = fired(world)
    for path in ("petitions", "actions"):
        assert len(Tags(ask(client, f"{OURS}/{path}/lights").get_json()["html"]).tags) == 3
    run_tx(lambda: choose(petition.id, ("https://news.example",), signs_in_frame=False))
    for path in ("petitions", "actions"):
        found = Tags(ask(client, f"{OURS}/{path}/lights").get_json()["html"])
        assert [tag for tag, _ in found.tags] == ["blockquote", "a"]


def test_the_widget_of_its_organizer_does_not_show_it(client: FlaskClient, world: World) -> None:
    organizer = world.person("alice")
    petitions = [world.petition(title=title, organizer=organizer) for title in ("Lights", "Canary", "Trees")]
    said = ask(client, address_of(petitions[0])).get_json()
    handle = said["author_url"].rpartition("/")[2]
    address = f"/embed/v1/people/{handle}?lang=en"
    assert "Canary" in get(client, address).text
    before = ask(client, said["author_url"]).get_json()["height"]
    run_tx(lambda: choose(petitions[1].id, ("https://news.example",), signs_in_frame=False))
    page = get(client, address).text
    assert "Canary" not in page
    assert "Lights" in page
    assert "Trees" in page
    assert "and 1 more" in page
    assert ask(client, said["author_url"]).get_json()["height"] < before


def test_a_page_that_cannot_be_embedded_names_no_oembed(client: FlaskClient, world: World) -> None:
    """The negative control of the test above."""
    world.petition()
    assert discover(get(client, "/petitions").data) == {}


def test_it_passes_through_wordpress(client: FlaskClient, world: World) -> None:
    """A link pasted there: what the site keeps of our answer still shows the petition."""
    petition = world.petition(title=NASTY, slug="lights")
    links = discover(get(client, "/petitions/lights").data)
    answer = get(client, f"{links['application/json+oembed'].removeprefix(OURS)}&maxwidth=500&maxheight=750")
    assert answer.json is not None
    shown = filter_result(answer.json["html"])
    assert shown is not None
    kept = Tags(shown.html)
    assert [tag for tag, _ in kept.tags] == ["blockquote", "a", "iframe"]
    assert kept.words == petition.title
    frame = kept.tags[2][1]
    assert frame["src"] == f"{OURS}/embed/v1/lights#?secret={frame['data-secret']}"
    assert frame["data-secret"] == kept.tags[0][1]["data-secret"]
    assert frame["sandbox"] == "allow-scripts"
    assert frame["title"] == f"Petition: {petition.title}"
    assert int(str(frame["width"])) <= 500


def test_wordpress_would_refuse_a_script_alone() -> None:
    """The negative control: the filter keeps no script, and shows nothing where there is no frame."""
    assert filter_result("<script src=//evil.example></script><p>words</p>") is None
    shown = filter_result('<script>x</script><iframe src="https://a.example" onload="x()"></iframe>')
    assert shown is not None
    assert "script>" not in shown.html
    assert "onload" not in shown.html


def test_an_erased_organizer_is_no_author(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    address = address_of(petition)
    said = ask(client, address).json
    assert said is not None
    organizer = petition.organizer_id
    assert organizer is not None
    run_tx(lambda: erase(organizer))
    after = ask(client, address).json
    assert after is not None
    assert "author_name" not in after
    assert "author_url" not in after
    assert get(client, said["author_url"].removeprefix(OURS)).status_code == 404
    assert ask(client, said["author_url"]).status_code == 404
