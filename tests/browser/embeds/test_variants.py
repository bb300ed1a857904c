"""Every variant that docs/embed/ shows, in both languages, light and dark, narrow and wide."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from playwright.sync_api import Frame, Response, expect

from tests.browser.certificates import BLOG
from tests.browser.conftest import Visit
from tests.browser.judging import grave_faults, too_small_to_press, wider_than_the_screen
from tests.browser.site import Site

from .frames import gather, height_of, inside
from .hosts import Hosts

pytestmark = pytest.mark.browser

KILOBYTE = 1000
PAPER = "() => getComputedStyle(document.documentElement).backgroundColor"
BUTTON = "() => getComputedStyle(document.querySelector('.button')).backgroundColor"
FRAMES = ["#plain iframe", "#light", "#dark", "#narrow", "#element iframe", "#rtl iframe"]


def is_dark(frame: Frame) -> bool:
    red = frame.evaluate(PAPER).removeprefix("rgb(").partition(",")[0]
    return int(red) < 128


@pytest.mark.parametrize(("language", "dark"), [("ko", False), ("en", True)])
def test_every_frame_is_whole_and_keeps_nobody_out(
    site: Site, hosts: Hosts, visit: Visit, language: str, dark: bool
) -> None:
    page = visit(language=language, dark=dark)
    page.goto(hosts.example("variants.html", host=BLOG))
    frames = {selector: inside(page, selector) for selector in FRAMES}
    title = site.open_petition()["title"]
    for selector, frame in frames.items():
        expect(frame.locator("h1")).to_have_text(title)
        expect(frame.locator("progress")).to_have_count(len(site.open_petition()["thresholds"]))
        assert wider_than_the_screen(frame) == [], selector
        assert too_small_to_press(frame) == [], selector
    for selector in ("#plain iframe", "#light", "#dark", "#narrow"):
        assert grave_faults(frames[selector]) == [], selector

    person = inside(page, "#person")
    expect(person.locator("h1")).to_be_visible()
    expect(person.locator("a[href*='/petitions/']").first).to_be_visible()
    assert wider_than_the_screen(person) == []
    assert too_small_to_press(person) == []
    assert grave_faults(person) == []

    spoken = {
        selector: frame.evaluate("() => document.documentElement.lang") for selector, frame in frames.items()
    }
    assert spoken == dict.fromkeys(FRAMES, language) | {
        "#light": "ko",
        "#dark": "en",
        "#rtl iframe": "en",
    }
    expected = dict.fromkeys(FRAMES, dark) | {"#light": False, "#dark": True, "#rtl iframe": False}
    assert {selector: is_dark(frame) for selector, frame in frames.items()} == expected
    assert frames["#dark"].evaluate(BUTTON) not in {
        frame.evaluate(BUTTON) for frame in list(frames.values())[:2]
    }


def test_the_element_is_as_tall_as_what_it_shows_and_its_link_makes_way(hosts: Hosts, visit: Visit) -> None:
    page = visit(width=360)
    page.goto(hosts.example("variants.html", host=BLOG))
    for name in ("#element", "#rtl"):
        frame = inside(page, f"{name} iframe")
        tall = frame.evaluate(
            "() => Math.ceil(document.getElementById('widget').getBoundingClientRect().bottom)"
        )
        shown = page.locator(f"{name} iframe")
        expect(shown).to_have_attribute("height", str(tall))
        assert abs(height_of(shown) - tall) <= 1
        assert frame.evaluate("() => document.documentElement.scrollHeight <= innerHeight"), (
            "nothing to scroll"
        )
        expect(page.locator(f"{name} > a")).not_to_be_visible()
    assert wider_than_the_screen(page) == []


def test_bytes_on_the_wire(hosts: Hosts, visit: Visit) -> None:
    """Headers and all, of what a reader who has nothing yet is sent."""
    page = visit()
    answers: list[Response] = gather(page.context, "response")
    page.goto(hosts.example("newspaper.html", host=BLOG))
    inside(page, "#element iframe")
    frame = page.locator("#element iframe").get_attribute("src") or ""
    page.locator("#badge").scroll_into_view_if_needed()
    assert page.locator("#badge").evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 60

    def sent(*ends: str) -> int:
        found = {
            one.url: one for one in answers if one.url.partition("?")[0].endswith(ends) or one.url in ends
        }
        assert len(found) == len(ends), (ends, list(found))
        sizes = [one.request.sizes() for one in found.values()]
        return sum(size["responseBodySize"] + size["responseHeadersSize"] for size in sizes)

    assert sent("/loader.js") <= 3 * KILOBYTE + 1 * KILOBYTE
    assert next(len(one.body()) for one in answers if one.url.endswith("/loader.js")) <= 3 * KILOBYTE
    assert sent(frame, "/frame.css", "/frame.js") <= 25 * KILOBYTE
    assert sent(".svg") <= 2 * KILOBYTE + 1 * KILOBYTE
    assert next(len(one.body()) for one in answers if one.url.endswith(".svg")) <= 2 * KILOBYTE


def test_on_paper_it_is_black_on_white_with_its_address_and_without_buttons(
    hosts: Hosts, visit: Visit
) -> None:
    page = visit(dark=True)
    page.goto(hosts.example("variants.html", host=BLOG))
    frame = inside(page, "#plain iframe")
    expect(frame.locator(".act")).to_be_visible()
    page.emulate_media(media="print")
    expect(frame.locator(".act")).not_to_be_visible()
    assert not is_dark(frame)
    after = frame.evaluate("() => getComputedStyle(document.querySelector('h1 a'), '::after').content")
    assert "/petitions/" in after


def test_without_scripts_there_are_the_numbers_and_a_link(site: Site, hosts: Hosts, visit: Visit) -> None:
    page = visit(javascript=False, width=360)
    page.goto(hosts.example("variants.html", host=BLOG))
    title = site.open_petition()["title"]
    plain = page.frame_locator("#plain iframe")
    expect(plain.locator("h1")).to_have_text(title)
    expect(plain.locator("time")).to_be_visible()
    expect(page.locator("#element iframe")).to_have_count(0)
    expect(page.locator("#element > a")).to_be_visible()
    href = page.locator("#element > a").get_attribute("href") or ""
    page.goto(href)
    expect(page.locator("h1")).to_have_text(title)


def test_shields_can_draw_it(site: Site, hosts: Hosts) -> None:
    with site.ask(f"/embed/v1/{quote(hosts.slug)}.json") as answer:
        badge = json.load(answer)
    assert badge["schemaVersion"] == 1
    assert badge["label"]
    assert badge["message"]
