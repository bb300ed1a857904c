"""An open widget: how often it looks, and how soon it says what is new."""

from __future__ import annotations

from urllib.error import HTTPError
from urllib.parse import quote, unquote

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.certificates import BLOG
from tests.browser.conftest import Visit
from tests.browser.site import Site, wait_for
from tests.browser.tour import OPEN, Stage

from .choices import hidden
from .frames import frame_code, inside
from .hosts import Hosts, page_with

pytestmark = pytest.mark.browser

INTERVAL = 15
STEP = 5
HIDE = """(hide) => {
  Object.defineProperty(document, 'hidden', { configurable: true, get: () => hide });
  document.dispatchEvent(new Event('visibilitychange'));
}"""


def open_widget(page: Page, site: Site, hosts: Hosts, slug: str) -> list[Request]:
    """Show a petition's widget under a clock of ours; the list of what it asks from then on."""
    page.clock.install()
    name = f"/live-{len(hosts.leaves)}"
    page.goto(hosts.put(BLOG, page_with(frame_code(site, slug)), path=name))
    inside(page, "#plain")
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if request.resource_type == "fetch" else None)
    return asked


def pass_time(page: Page, seconds: int) -> None:
    """Let the widget's time pass in steps shorter than its patience, and what it asks be answered between."""
    for _ in range(seconds // STEP):
        page.clock.run_for(STEP * 1000)
        page.wait_for_timeout(100)


def test_a_widget_without_news_is_told_so_in_a_few_bytes(site: Site, hosts: Hosts, visit: Visit) -> None:
    page = visit()
    asked = open_widget(page, site, hosts, hosts.slug)
    pass_time(page, 4 * INTERVAL)
    assert 3 <= len(asked) <= 4 * INTERVAL // STEP
    answer = asked[0].response()
    assert answer is not None
    assert answer.status == 204
    assert answer.request.sizes()["responseBodySize"] == 0


def test_a_tab_in_the_background_asks_nothing_and_looks_when_it_is_seen(
    site: Site, hosts: Hosts, visit: Visit
) -> None:
    page = visit()
    asked = open_widget(page, site, hosts, hosts.slug)
    frame = inside(page, "#plain")
    frame.evaluate(HIDE, True)
    page.clock.run_for(20 * 60 * 1000)
    assert asked == []
    with page.expect_request("**since=**"):
        frame.evaluate(HIDE, False)


def test_a_lost_connection_is_asked_less_and_less_and_is_said(site: Site, hosts: Hosts, visit: Visit) -> None:
    page = visit(troubled=True)
    asked = open_widget(page, site, hosts, hosts.slug)
    frame = inside(page, "#plain")
    expect(frame.locator(".old")).not_to_be_visible()
    page.context.set_offline(True)
    for _ in range(60):
        page.clock.run_for(10_000)
    assert 2 <= len(asked) <= 7, "ten minutes: not forty looks"
    expect(frame.locator(".old")).to_be_visible()
    page.context.set_offline(False)
    frame.evaluate("() => window.dispatchEvent(new Event('online'))")
    expect(frame.locator(".old")).not_to_be_visible()


def sign(site: Site, slug: str, email: str) -> None:
    """Somebody signs elsewhere, and confirms."""
    site.post(f"/petitions/{quote(slug)}/signatures", name="다온", email=email, region="KR-11")
    link = site.letter(email, "/signatures/").link("/signatures/")
    site.post(link.removeprefix(site.base_url))


def wait_for_status(site: Site, status: int, slug: str, since: str | None = None) -> None:
    """Until the server, which keeps what it read, answers so to a look at the petition's widget."""

    def look() -> bool:
        try:
            with site.ask(f"/embed/v1/{quote(slug)}" + (f"?since={since}" if since else "")) as answer:
                return bool(answer.status == status)
        except HTTPError as error:
            return error.code == status

    wait_for(look, f"the status {status} of {slug}", seconds=2 * INTERVAL)


def test_a_signature_and_the_end_are_said_within_two_intervals(
    site: Site, hosts: Hosts, visit: Visit
) -> None:
    """What the application keeps for an interval is waited for; the widget's own passes by our clock."""
    gone = unquote(Stage(site).slug_of(OPEN["deed"]))
    page, other = visit(), visit()
    open_widget(page, site, hosts, hosts.slug)
    asked = open_widget(other, site, hosts, gone)
    tally = inside(page, "#plain").locator(".threshold-signatures .tally, .tally").first
    before = tally.inner_text()
    shown = [inside(one, "#plain").locator("#widget").get_attribute("data-version") for one in (page, other)]
    sign(site, hosts.slug, "daon.live@example.com")
    with hidden(site, gone):
        wait_for_status(site, 200, hosts.slug, shown[0])
        wait_for_status(site, 410, gone, shown[1])
        for one in (page, other):
            pass_time(one, 2 * INTERVAL)
        expect(tally).not_to_have_text(before)
        expect(inside(other, "#plain").locator("#widget[data-version]")).to_have_count(0)
        expect(inside(other, "#plain").locator("h1")).to_have_count(1)
        expect(inside(other, "#plain").locator("progress")).to_have_count(0)
        count = len(asked)
        other.clock.run_for(4 * 60 * 1000)
        assert len(asked) == count, "what is gone is asked for every five minutes"
    wait_for_status(site, 200, gone)
    wait_for(lambda: len(asked) > count or pass_time(other, STEP), "the next look")
    expect(other.frame_locator("#plain").locator("#widget[data-version]")).to_be_visible()
