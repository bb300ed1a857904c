"""What the Embed panel gives to copy works where it is pasted."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from playwright.sync_api import expect

from tests.browser.certificates import BLOG
from tests.browser.conftest import Visit
from tests.browser.judging import wider_than_the_screen
from tests.browser.site import Site

from .frames import inside
from .hosts import Hosts, page_with

pytestmark = pytest.mark.browser

PURPLE = "rgb(122, 31, 162)"
BUTTON = "() => getComputedStyle(document.querySelector('.button')).backgroundColor"

KEEP_COPIED = """(() => {
  const write = Clipboard.prototype.writeText;
  Clipboard.prototype.writeText = function (text) { window.copied = text; return write.call(this, text); };
})()"""
"""No permission to read the clipboard is needed then, and none to write it is given beyond the press."""


def test_every_code_that_is_offered_works_on_another_site(site: Site, hosts: Hosts, visit: Visit) -> None:
    panel = visit(javascript=False, width=360)
    panel.goto(f"/petitions/{quote(hosts.slug)}/embed?theme=light&language=en&color=7a1fa2")
    assert wider_than_the_screen(panel) == []
    ways = ("frame", "element", "pinned", "badge")
    codes = {way: panel.locator(f"#code-{way}").input_value() for way in ways}
    page = visit(width=360, dark=True)
    page.goto(
        hosts.put(BLOG, page_with("".join(f'<div id="{way}">{code}</div>' for way, code in codes.items())))
    )
    for way in ("frame", "element", "pinned"):
        frame = inside(page, f"#{way} iframe")
        expect(frame.locator("html")).to_have_attribute("lang", "en")
        assert frame.evaluate(BUTTON) == PURPLE
        assert frame.evaluate("() => document.documentElement.scrollHeight <= innerHeight"), (
            f"{way} hides something"
        )
    badge = page.locator("#badge img")
    badge.scroll_into_view_if_needed()
    assert badge.evaluate("(image) => image.decode().then(() => image.naturalHeight)") == 20
    assert wider_than_the_screen(page) == []


def test_the_preview_follows_the_form_and_the_code_is_copied(site: Site, hosts: Hosts, visit: Visit) -> None:
    page = visit()
    page.add_init_script(KEEP_COPIED)
    page.goto(f"/petitions/{quote(hosts.slug)}/embed")
    page.locator("[name=language]").select_option("en")
    expect(page.locator("#preview iframe")).to_have_attribute("src", re.compile("lang=en"))
    expect(inside(page, "#preview iframe").locator("html")).to_have_attribute("lang", "en")
    copy = page.locator("#copy-frame")
    copy.press("Enter")
    expect(page.locator("#status")).to_have_text(copy.get_attribute("data-done") or "?")
    code = page.locator("#code-frame").input_value()
    assert "lang=en" in code
    assert page.evaluate("() => window.copied") == code
