"""A link pasted into a blog that keeps a quotation and a frame, and takes every right but scripts away."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from urllib.parse import quote, urlencode

import pytest
from playwright.sync_api import expect

from tests.browser.certificates import BLOG
from tests.browser.conftest import Visit
from tests.browser.site import Site

from .frames import height_of, inside
from .hosts import EXAMPLES, Hosts

pytestmark = pytest.mark.browser

SECRET = "q7Lw2mXr0B"
KEPT = {
    "blockquote": {"class"},
    "a": {"href"},
    "iframe": {"src", "width", "height", "frameborder", "marginwidth", "marginheight", "scrolling", "title"},
}


class Filter(HTMLParser):
    """Keeps quotations, links and frames with a few attributes; scripts and everything else go."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[str] = []
        self.dropping = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in KEPT:
            self.dropping = tag
            return
        said = {name: value or "" for name, value in attributes if name in KEPT[tag]}
        if tag == "iframe":
            said["src"] += f"#?secret={SECRET}"
            said |= {"sandbox": "allow-scripts", "security": "restricted"}
        if tag != "a":
            said |= {"class": "wp-embedded-content", "data-secret": SECRET}
        words = "".join(f' {name}="{html.escape(value)}"' for name, value in said.items())
        self.kept.append(f"<{tag}{words}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in KEPT:
            self.kept.append(f"</{tag}>")
        self.dropping = ""

    def handle_data(self, data: str) -> None:
        if not self.dropping:
            self.kept.append(html.escape(data))


def as_wordpress_leaves_it(code: str) -> str:
    kept = Filter()
    kept.feed(code)
    return "".join(kept.kept)


def test_the_filter_takes_away_what_wordpress_takes_away() -> None:
    left = as_wordpress_leaves_it(
        '<script>alert(1)</script><iframe src="x" sandbox="allow-forms" onload="y"></iframe>'
    )
    assert "alert" not in left
    assert "onload" not in left
    assert 'sandbox="allow-scripts"' in left
    assert "allow-forms" not in left


def test_a_pasted_link_shows_the_widget_at_its_height_and_leads_to_us(
    site: Site, hosts: Hosts, visit: Visit
) -> None:
    link = f"{site.base_url}/petitions/{quote(hosts.slug)}"
    answer = site.json(
        f"/oembed?{urlencode({'url': link, 'format': 'json', 'maxwidth': 600, 'maxheight': 900})}"
    )
    begun, _, rest = (EXAMPLES / "wordpress.html").read_text().partition("<!-- begin -->")
    ended = rest.partition("<!-- end -->")[2]
    assert "<script" in ended, "the blog's own script stays"
    page = visit()
    page.goto(hosts.put(BLOG, begun + as_wordpress_leaves_it(answer["html"]) + ended, path="/pasted"))
    quoted, shown = page.locator("blockquote"), page.locator("iframe")
    expect(shown).to_have_class("wp-embedded-content shown")
    expect(quoted).not_to_be_visible()
    frame = inside(page, "iframe")
    tall = frame.evaluate("() => Math.ceil(document.getElementById('widget').getBoundingClientRect().bottom)")
    assert abs(height_of(shown) - tall) <= 2
    assert answer["height"] >= tall, "where no script runs, the static height hides nothing"
    frame.locator("#to-sign").click()
    page.wait_for_url(re.compile(rf"^{re.escape(site.base_url)}/petitions/"))


def test_without_scripts_the_quotation_stands(site: Site, hosts: Hosts, visit: Visit) -> None:
    page = visit(javascript=False)
    page.goto(hosts.example("wordpress.html", host=BLOG))
    quoted = page.locator("blockquote a")
    expect(quoted).to_be_visible()
    page.goto(quoted.get_attribute("href") or "")
    expect(page.locator("h1")).to_have_text(site.open_petition()["title"])
