"""The element takes its height from its own frame, within bounds, and from nobody else."""

from __future__ import annotations

import pytest
from playwright.sync_api import Frame, Page, expect

from tests.browser.certificates import BLOG, STRANGER
from tests.browser.conftest import Visit

from .frames import inside
from .hosts import Hosts, page_with

pytestmark = pytest.mark.browser

ELEMENT = (
    '<script async src="https://dure.example.org/embed/v1/loader.js"></script>'
    '<dure-petition id="element" slug="a-light-at-the-crossing"></dure-petition>'
    '<dure-petition id="signing" slug="a-light-at-the-crossing" signing></dure-petition>'
)
SPEAK = "(message) => (window === top ? window : parent).postMessage(message, '*')"
LISTEN = """(message) => {
  window.heard = new Promise((done) => addEventListener('message', function hear({ data }) {
    if (JSON.stringify(data) !== JSON.stringify(message)) return;
    removeEventListener('message', hear);
    setTimeout(done);
  }));
}"""
MARK = {"type": "dure:height", "v": 1, "height": 999}
NO_HEIGHTS = [
    {**MARK, "height": -1},
    {**MARK, "height": "tall"},
    {**MARK, "height": None},
    {**MARK, "v": 2},
    {**MARK, "type": "x"},
    {"message": "height", "value": 999, "secret": "x"},
    "dure:height",
    None,
    999,
    [],
]


def say(speaker: Page | Frame, message: object, page: Page) -> None:
    """Post it to the host, and wait until the host has heard it."""
    page.evaluate(LISTEN, message)
    speaker.evaluate(SPEAK, message)
    page.evaluate("() => window.heard")


@pytest.fixture
def page(hosts: Hosts, visit: Visit) -> Page:
    page = visit()
    stranger = hosts.put(STRANGER, page_with("<p>I am taller than you think.</p>"), path="/taller")
    page.goto(hosts.put(BLOG, page_with(f'{ELEMENT}<iframe id="stranger" src="{stranger}"></iframe>')))
    inside(page, "#element iframe")
    return page


def shown(page: Page, name: str = "#element") -> int:
    return int(page.locator(f"{name} iframe").get_attribute("height") or 0)


def test_its_own_frame_may_change_it_between_200_and_1000(page: Page) -> None:
    frame = inside(page, "#element iframe")
    for told, taken in ((640, 640), (10, 200), (5000, 1000), (300.2, 301)):
        say(frame, {**MARK, "height": told}, page)
        assert shown(page) == taken


def test_what_is_no_height_changes_nothing(page: Page) -> None:
    frame, before = inside(page, "#element iframe"), shown(page)
    for message in NO_HEIGHTS:
        say(frame, message, page)
        assert shown(page) == before, message


def test_nobody_else_changes_it(page: Page) -> None:
    before = shown(page)
    handle = page.locator("#stranger").element_handle()
    stranger = handle.content_frame() if handle else None
    assert stranger is not None
    for speaker in (stranger, page):
        say(speaker, MARK, page)
        assert shown(page) == before
    signing = inside(page, "#signing iframe")
    say(signing, MARK, page)
    assert (shown(page), shown(page, "#signing")) == (before, 999), "each hears its own frame alone"
    say(signing, {**MARK, "height": 444}, page)
    page.locator("#signing iframe").evaluate("(frame, there) => { frame.src = there; }", stranger.url)
    expect(page.frame_locator("#signing iframe").get_by_text("I am taller")).to_be_visible()
    gone = page.locator("#signing iframe").element_handle()
    elsewhere = gone.content_frame() if gone else None
    assert elsewhere is not None
    say(elsewhere, MARK, page)
    assert shown(page, "#signing") == 444, "its own frame, but another site in it"
