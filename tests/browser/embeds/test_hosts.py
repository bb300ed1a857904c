"""A frame on somebody's site."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.certificates import BLOG
from tests.browser.conftest import Visit
from tests.browser.site import Site

from .hosts import Hosts, page_with

pytestmark = pytest.mark.browser


FRAME = '<iframe src="https://dure.example.org/embed/v1/a-light-at-the-crossing" title="Progress"></iframe>'


def test_a_frame_shows_the_petition_on_another_site(site: Site, hosts: Hosts, visit: Visit) -> None:
    page = visit()
    page.goto(hosts.put(BLOG, page_with(FRAME)))
    expect(page.frame_locator("iframe").locator("h1")).to_have_text(site.open_petition()["title"])
