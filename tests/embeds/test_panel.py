"""The Embed panel: code to copy that is right for every petition, and a preview of it."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote, unquote

import pytest
from flask.testing import FlaskClient

from app.db import run_tx
from app.embeds.choosing import choose
from tests.counting import count_queries
from tests.fresh import get
from tests.world import World

from .integrity import integrity_of

OURS = "http://localhost"
NASTY = "\"Lights\" & <script>alert('1')</script> ](x) `y` </textarea></iframe>"
TRIO = "allow-scripts allow-popups allow-popups-to-escape-sandbox"


class Panel(HTMLParser):
    """What a reader can copy: the words of every box by its id, and the tags around them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.boxes: dict[str, str] = {}
        self.copied: dict[str, str] = {}
        self.frames: list[dict[str, str | None]] = []
        self.scripts = 0
        self.inside = self.around = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if "data-share" in said:
            self.around = str(said["data-url"])
        if tag == "textarea":
            self.inside = str(said["id"]).removeprefix("code-")
            self.boxes[self.inside] = ""
            self.copied[self.inside] = self.around
        if tag == "iframe":
            self.frames.append(said)
        self.scripts += tag == "script"

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.boxes[self.inside] += data


class Copied(HTMLParser):
    """The tags of a piece of code once it stands in somebody's page, and its words."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(code)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def panel(client: FlaskClient, query: str = "", slug: str = "lights") -> Panel:
    answer = get(client, f"/petitions/{slug}/embed?lang=en{query}")
    assert answer.status_code == 200
    return Panel(answer.text)


def test_there_are_four_ways_in(client: FlaskClient, world: World) -> None:
    world.petition(title="lights")
    boxes = panel(client).boxes
    frame = Copied(boxes["frame"]).tags
    assert [tag for tag, _ in frame] == ["iframe"]
    assert {name: frame[0][1][name] for name in ("src", "title", "width", "sandbox", "referrerpolicy")} == {
        "src": f"{OURS}/embed/v1/lights",
        "title": "Petition: lights",
        "width": "100%",
        "sandbox": TRIO,
        "referrerpolicy": "strict-origin",
    }
    assert [tag for tag, _ in Copied(boxes["element"]).tags] == ["dure-petition", "a", "script"]
    assert Copied(boxes["badge"]).tags[1][1]["src"] == f"{OURS}/embed/v1/lights.svg"
    assert boxes["markdown"] == f"[![lights]({OURS}/embed/v1/lights.svg)]({OURS}/petitions/lights)"
    assert boxes["shield"] == f"{OURS}/embed/v1/lights.json"
    assert boxes["link"] == f"{OURS}/petitions/lights"


def test_everything_it_names_is_there(client: FlaskClient, world: World) -> None:
    world.petition(title="lights")
    boxes = panel(client, "&theme=dark&language=en&color=1f6b4a").boxes
    named = re.findall(rf"{OURS}(/[^\s\"()]+)", unescape(" ".join(boxes.values())))
    assert len(named) > 8
    for path in set(named):
        assert get(client, path).status_code == 200, path


def test_an_address_in_korean_can_be_read_and_reached(client: FlaskClient, world: World) -> None:
    petition = world.petition(title="하천에 의자를")
    boxes = panel(client, slug=petition.slug).boxes
    assert boxes["link"] == f"{OURS}/petitions/하천에-의자를"
    assert Copied(boxes["frame"]).tags[0][1]["src"] == f"{OURS}/embed/v1/하천에-의자를"
    drawn = boxes["shield-markdown"].partition("endpoint?url=")[2].partition(")")[0]
    assert unquote(drawn) == OURS + quote("/embed/v1/하천에-의자를.json")
    for path in (boxes["link"], boxes["shield"], boxes["address"]):
        assert get(client, path.removeprefix(OURS)).status_code == 200


def test_the_pinned_script_is_the_one_that_is_served(client: FlaskClient, world: World) -> None:
    world.petition(title="lights")
    tags = dict(Copied(panel(client).boxes["pinned"]).tags)
    script = tags["script"]
    served = get(client, str(script["src"]).removeprefix(OURS))
    assert script["integrity"] == integrity_of(served.data)
    assert script["crossorigin"] == "anonymous"
    assert "immutable" in served.headers["Cache-Control"]


@pytest.mark.parametrize("title", [NASTY, "가" * 120, "\\[a\\](b) *c* _d_ <e> #f !g |h| ~i~", "two\nlines"])
def test_the_code_is_right_for_every_title(client: FlaskClient, world: World, title: str) -> None:
    world.petition(title=title, slug="lights")
    page = panel(client)
    assert page.scripts == 2
    plain = title.replace("\n", " ")
    assert Copied(page.boxes["frame"]).tags[0][1]["title"] == f"Petition: {plain}"
    for name in ("element", "pinned"):
        element = Copied(page.boxes[name])
        assert [tag for tag, _ in element.tags] == ["dure-petition", "a", "script"]
        assert element.tags[0][1]["label"] == f"Petition: {plain}"
        assert element.words.strip() == plain
    badge = Copied(page.boxes["badge"])
    assert [tag for tag, _ in badge.tags] == ["a", "img"]
    assert badge.tags[1][1]["alt"] == plain
    shown = re.fullmatch(r"\[!\[(.*)\]\(\S+\)\]\(\S+\)", page.boxes["markdown"])
    assert shown is not None
    assert not re.search(r"(?<!\\)(?:\\\\)*[\[\]<>*_`]", shown[1])
    assert re.sub(r"\\(.)", r"\1", shown[1]) == plain


def test_the_button_copies_what_the_box_shows(client: FlaskClient, world: World) -> None:
    world.petition(title=NASTY, slug="lights")
    page = panel(client)
    assert len(page.boxes) == 9
    assert page.copied == page.boxes


def test_the_choices_are_in_the_code_and_the_preview(client: FlaskClient, world: World) -> None:
    world.petition(title="lights")
    page = panel(client, "&theme=dark&language=ko&color=%231F6B4A&width=320&height=480")
    asked = "/embed/v1/lights?theme=dark&lang=ko&color=1f6b4a"
    (frame,) = page.frames
    assert (frame["src"], frame["width"], frame["height"]) == (asked, "320", "480")
    assert frame["sandbox"] == TRIO
    copied = Copied(page.boxes["frame"]).tags[0][1]
    assert (copied["src"], copied["width"], copied["height"]) == (OURS + asked, "320", "480")
    element = Copied(page.boxes["element"]).tags[0][1]
    assert {name: element[name] for name in ("slug", "theme", "lang", "color", "width")} == {
        "slug": "lights",
        "theme": "dark",
        "lang": "ko",
        "color": "1f6b4a",
        "width": "320",
    }
    picture = Copied(page.boxes["badge"]).tags[1][1]["src"]
    assert picture == f"{OURS}/embed/v1/lights.svg?theme=dark&lang=ko&color=1f6b4a"
    assert f"({picture})" in page.boxes["markdown"]
    assert page.boxes["shield"] == f"{OURS}/embed/v1/lights.json?lang=ko&color=1f6b4a"
    assert page.boxes["link"] == f"{OURS}/petitions/lights?lang=ko"
    assert "width" not in Copied(panel(client).boxes["element"]).tags[0][1]


def test_the_site_that_will_show_it_is_named_in_every_code(client: FlaskClient, world: World) -> None:
    world.petition(title="lights")
    page = panel(client, "&site=https%3A%2F%2FNews.example.org%2Farticle%3Fid%3D7")
    named, said = "via=news.example.org", f"{OURS}/petitions/lights?via=news.example.org"
    badge = f"{OURS}/embed/v1/lights.svg?{named}"
    assert Copied(page.boxes["frame"]).tags[0][1]["src"] == f"{OURS}/embed/v1/lights?{named}"
    assert Copied(page.boxes["element"]).tags[1][1]["href"] == said
    assert [(tag[1].get("href"), tag[1].get("src")) for tag in Copied(page.boxes["badge"]).tags] == [
        (said, None),
        (None, badge),
    ]
    assert page.boxes["markdown"] == f"[![lights]({badge})]({said})"
    assert page.boxes["shield-markdown"].endswith(f"]({said})")
    assert page.boxes["link"] == said
    unfolded = get(client, "/oembed", query_string={"url": said}).json["html"]
    assert f'href="{said}"' in unfolded
    assert f'src="{OURS}/embed/v1/lights?{named}"' in unfolded
    assert named not in "".join(panel(client).boxes.values())


def test_the_language_of_the_panel_is_not_that_of_the_widget(client: FlaskClient, world: World) -> None:
    world.petition(title="lights")
    page = panel(client)
    assert "lang=" not in "".join(page.boxes.values())
    assert (
        '<input type="hidden" name="lang" value="en">' in get(client, "/petitions/lights/embed?lang=en").text
    )


@pytest.mark.parametrize(
    ("query", "field", "sentence"),
    [
        ("site=javascript:alert(1)", "site", "Write the name of a site"),
        ("site=a%20b", "site", "Write the name of a site"),
        ("color=red", "color", "Write the colour as six digits"),
        ("color=12345", "color", "Write the colour as six digits"),
        ('color="><script>', "color", "Write the colour as six digits"),
        ("width=239", "width", "Write a whole number from 240 to 1200."),
        ("width=1201", "width", "Write a whole number from 240 to 1200."),
        ("width=" + "9" * 5000, "width", "Write a whole number from 240 to 1200."),
        ("height=-1", "height", "Write a whole number from 200 to 1000."),
        ("height=1e3", "height", "Write a whole number from 200 to 1000."),
        ("height=٣٠٠", "height", "Write a whole number from 200 to 1000."),
    ],
)
def test_what_cannot_be_is_said_beside_the_field(
    client: FlaskClient, world: World, query: str, field: str, sentence: str
) -> None:
    world.petition(title="lights")
    answer = get(client, f"/petitions/lights/embed?lang=en&theme=dark&{query}")
    assert answer.status_code == 422
    said = re.search(rf'id="{field}-error">(.*?)</p>', answer.text)
    assert said is not None
    assert sentence in said[1]
    typed = re.search(rf'<input[^>]*name="{field}"[^>]*value="([^"]*)"', answer.text)
    assert typed is not None
    assert unescape(typed[1]) == unquote(query.partition("=")[2])
    assert Panel(answer.text).frames[0]["src"] == "/embed/v1/lights"
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_an_unknown_theme_or_language_is_the_readers_own(client: FlaskClient, world: World) -> None:
    world.petition(title="lights")
    assert panel(client, '&theme="><script>&language=xx').frames[0]["src"] == "/embed/v1/lights"


def test_everybody_may_keep_it_and_only_it_shows_a_frame(client: FlaskClient, world: World) -> None:
    world.petition(title="lights")
    world.sign_in(client, "alice")
    answer = get(client, "/petitions/lights/embed?theme=dark")
    assert answer.headers["Cache-Control"] == "public, no-cache"
    assert "Set-Cookie" not in answer.headers
    assert "Cookie" not in answer.headers["Vary"]
    assert "frame-src 'self'" in answer.headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert "frame-src" not in get(client, "/petitions/lights").headers["Content-Security-Policy"]
    assert '<link rel="canonical" href="http://localhost/petitions/lights/embed">' in answer.text
    again = get(
        client, "/petitions/lights/embed?theme=dark", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert again.status_code == 304
    assert "frame-src 'self'" in again.headers["Content-Security-Policy"]


def test_htmx_is_given_the_panel_alone(client: FlaskClient, world: World) -> None:
    world.petition(title="lights")
    for query, status in (("theme=dark", 200), ("width=1", 422)):
        part = get(client, f"/petitions/lights/embed?{query}", headers={"HX-Request": "true"})
        assert part.status_code == status
        assert part.text.lstrip().startswith('<div class="embed" id="embed">')
        assert "HX-Request" in part.headers["Vary"]
        whole = get(client, f"/petitions/lights/embed?{query}")
        assert "<!doctype html>" in whole.text
        assert part.headers.get("ETag") is None or part.headers["ETag"] != whole.headers["ETag"]


def test_sites_and_signing_follow_the_organizer(client: FlaskClient, world: World) -> None:
    petition = world.petition(title="lights")
    assert 'name="signing"' not in get(client, "/petitions/lights/embed").text
    assert "allow-forms" not in panel(client, "&signing=y").boxes["frame"]
    run_tx(lambda: choose(petition.id, ("https://news.example",), signs_in_frame=True))
    page = panel(client, "&signing=y")
    assert Copied(page.boxes["frame"]).tags[0][1]["sandbox"] == f"{TRIO} allow-forms allow-same-origin"
    assert "signing" in Copied(page.boxes["element"]).tags[0][1]
    assert page.frames[0]["sandbox"] == TRIO
    assert Copied(panel(client).boxes["frame"]).tags[0][1]["sandbox"] == TRIO
    words = get(client, "/petitions/lights/embed?lang=en").text
    assert "only these sites show the frame: https://news.example." in words
    assert "A pasted link stays a link." in words
    assert "turn a pasted link into the live frame" not in words


@pytest.fixture
def settings_changes() -> dict[str, Any]:
    return {"snapshot_seconds": 0}


@pytest.mark.parametrize(("state", "status"), [("hidden", 404), ("removed", 410), ("sponsoring", 404)])
def test_what_is_not_public_has_no_panel(client: FlaskClient, world: World, state: str, status: int) -> None:
    world.petition(title="canary", slug="lights", state=state)
    answer = get(client, "/petitions/lights/embed")
    assert answer.status_code == status
    assert "canary" not in answer.text


def test_it_is_read_in_few_queries(client: FlaskClient, world: World) -> None:
    world.petition(title="lights")
    assert count_queries(lambda: client.get("/petitions/lights/embed")) <= 18
