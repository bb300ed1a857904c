"""Where the sandbox keeps the form from being sent, the widget says so and shows the way to our page."""

from __future__ import annotations

from urllib.parse import quote, unquote

import pytest
from playwright.sync_api import expect

from tests.browser.certificates import BLOG
from tests.browser.conftest import Visit
from tests.browser.site import Site
from tests.browser.tour import OPEN, Stage

from .choices import choose
from .frames import SANDBOX, SIGNING, inside
from .hosts import Hosts, page_with

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("sandbox", "sends"), [(SANDBOX, False), (f"{SANDBOX} allow-forms", False), (SIGNING, True)]
)
def test_a_form_that_cannot_be_sent_makes_way_for_a_link(
    site: Site, hosts: Hosts, visit: Visit, sandbox: str, sends: bool
) -> None:
    slug = unquote(Stage(site).slug_of(OPEN["share"]))
    choose(site, slug, signing=True)
    src = f"{site.base_url}/embed/v1/{quote(slug)}/sign?lang=en"
    page = visit(width=360)
    frame = (
        f'<iframe id="plain" src="{src}" title="Sign" width="320" height="900" sandbox="{sandbox}"></iframe>'
    )
    page.goto(hosts.put(BLOG, page_with(frame), path="/sandboxed"))
    shown = inside(page, "#plain")
    expect(shown.locator("#sign-form")).to_be_visible(visible=sends)
    expect(shown.locator("#sandboxed")).to_be_visible(visible=not sends)
    link = shown.locator("a[target=_blank]", has_text="Sign on our own page").locator("visible=true")
    with page.context.expect_page() as opened:
        link.click()
    tab = opened.value
    tab.wait_for_load_state()
    assert tab.evaluate("() => self.origin") == site.base_url
    assert tab.locator("#sign-form").count() == 1
