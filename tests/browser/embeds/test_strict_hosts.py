"""Sites that allow little, and petitions that may not be shown everywhere."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

from tests.browser.certificates import BLOG, PAPER
from tests.browser.conftest import Visit
from tests.browser.site import Site, wait_for
from tests.browser.tour import OPEN, Stage

from .choices import choose
from .frames import frame_code, hear, inside
from .hosts import Hosts, page_with

pytestmark = pytest.mark.browser

STRICT = "default-src 'none'; frame-src DURE; script-src DURE; img-src DURE"


def loads(page: Page) -> None:
    """Frame, script and badge are there, and the script has done its work."""
    inside(page, "#plain")
    inside(page, "#element iframe")
    expect(page.locator("#element > a")).not_to_be_visible()
    badge = page.locator("#badge")
    badge.scroll_into_view_if_needed()
    assert badge.evaluate("(image) => image.decode().then(() => image.naturalWidth)") > 60


def test_a_newspaper_that_trusts_nobody_shows_it_all(hosts: Hosts, visit: Visit) -> None:
    """Nothing inline, one release of the script by its digest; the page also isolates itself."""
    page = visit()
    page.goto(
        hosts.example(
            "newspaper.html",
            host=PAPER,
            Content_Security_Policy=STRICT,
            Cross_Origin_Embedder_Policy="require-corp",
            Cross_Origin_Opener_Policy="same-origin",
        )
    )
    assert page.evaluate("() => crossOriginIsolated")
    loads(page)


def test_a_policy_without_us_shows_none_of_it(hosts: Hosts, visit: Visit) -> None:
    """The negative control: the policies above are obeyed."""
    page = visit(troubled=True)
    policy = STRICT.replace("frame-src DURE", "frame-src 'none'")
    page.goto(hosts.example("newspaper.html", host=PAPER, Content_Security_Policy=policy))
    page.locator("#badge").scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert not any("dure.test" in frame.url for frame in page.frames)


def test_not_one_other_byte_is_run(hosts: Hosts, visit: Visit) -> None:
    page = visit(troubled=True)
    said = hear(page)
    right = hosts.example("newspaper.html", host=BLOG)
    leaf = hosts.leaves[BLOG, "/newspaper.html"]
    wrong = leaf.html.replace('integrity="sha384-', 'integrity="sha384-AAAA')
    assert wrong != leaf.html
    page.goto(hosts.put(BLOG, wrong, path="/wrong.html"))
    page.wait_for_load_state("load")
    expect(page.locator("#element > a")).to_be_visible()
    expect(page.locator("#element iframe")).to_have_count(0)
    assert any("integrity" in text for text in said)
    page.goto(right)
    inside(page, "#element iframe")


def test_only_the_sites_on_the_organizers_list_may_show_it(site: Site, hosts: Hosts, visit: Visit) -> None:
    slug = unquote(Stage(site).slug_of(OPEN["order"]))
    choose(site, slug, origins=(hosts.address(PAPER, ""),))
    html = page_with(frame_code(site, slug))
    allowed = visit()
    allowed.goto(hosts.put(PAPER, html, path="/listed"))

    def listed() -> bool:
        with site.ask(f"/embed/v1/{Stage(site).slug_of(OPEN['order'])}") as answer:
            return hosts.address(PAPER, "") in (answer.headers["Content-Security-Policy"] or "")

    wait_for(listed, "the list to be obeyed")
    allowed.reload()
    inside(allowed, "#plain")

    refused = visit(troubled=True)
    said = hear(refused)
    refused.goto(hosts.put(BLOG, html, path="/unlisted"))
    refused.wait_for_load_state("load")
    handle = refused.locator("#plain").element_handle()
    frame = handle.content_frame() if handle else None
    assert frame is not None
    assert frame.locator(".widget").count() == 0
    assert any("frame-ancestors" in text for text in said), said
