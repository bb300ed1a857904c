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
from tests.browser.site import Site, wait_for
from tests.browser.walking import fill_signature

from .choices import choose
from .frames import frame_code, height_of, inside
from .hosts import EXAMPLES, Hosts, page_with

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


def paste(site: Site, hosts: Hosts) -> tuple[str, int]:
    """A post with the petition's link in it: its address, and how tall our answer says the frame is."""
    link = f"{site.base_url}/petitions/{quote(hosts.slug)}"
    answer = site.json(
        f"/oembed?{urlencode({'url': link, 'format': 'json', 'maxwidth': 600, 'maxheight': 900})}"
    )
    begun, _, rest = (EXAMPLES / "wordpress.html").read_text().partition("<!-- begin -->")
    ended = rest.partition("<!-- end -->")[2]
    assert "<script" in ended, "the blog's own script stays"
    post = begun + as_wordpress_leaves_it(answer["html"]) + ended
    return hosts.put(BLOG, post, path="/pasted"), answer["height"]


def test_a_pasted_link_shows_the_widget_at_its_height_and_leads_to_us(
    site: Site, hosts: Hosts, visit: Visit
) -> None:
    """The blog's script comes later than the frame, which answers when it is asked."""
    post, height = paste(site, hosts)
    page = visit()
    page.goto(post)
    quoted, shown = page.locator("blockquote"), page.locator("iframe")
    expect(shown).to_have_class("wp-embedded-content shown")
    expect(quoted).not_to_be_visible()
    frame = inside(page, "iframe")
    tall = frame.evaluate("() => Math.ceil(document.getElementById('widget').getBoundingClientRect().bottom)")
    assert abs(height_of(shown) - tall) <= 2
    assert height >= tall, "where no script runs, the static height hides nothing"
    frame.locator("#to-sign").click()
    page.wait_for_url(re.compile(rf"^{re.escape(site.base_url)}/petitions/"))


def test_a_reader_of_the_blog_is_led_back_to_it(site: Site, hosts: Hosts, visit: Visit) -> None:
    """Every site may show the widget, and this one is vouched for: a link leads back to it."""
    choose(site, hosts.slug, origins=(hosts.address(BLOG, ""),), to_all=True)
    post, _height = paste(site, hosts)
    home = hosts.put(BLOG, page_with(""), path="/")
    page = visit()

    def led_back() -> bool:
        page.goto(post)
        expect(page.locator("iframe")).to_have_class("wp-embedded-content shown")
        inside(page, "iframe").locator("#to-sign").click()
        page.wait_for_url(re.compile(rf"^{re.escape(site.base_url)}/petitions/"))
        fill_signature(page, "나리", "nari@example.com")
        page.locator("#sign-form button[type=submit]").click()
        expect(page.locator("#sign-form")).to_contain_text("@example.com")
        return page.locator("#sign-form").get_by_role("link", name=f"{BLOG}:{hosts.port}").count() == 1

    wait_for(led_back, "the way back to a site that the organizer vouches for")
    page.locator("#sign-form").get_by_role("link", name=f"{BLOG}:{hosts.port}").click()
    page.wait_for_url(home)
    choose(site, hosts.slug)


def test_a_frame_without_its_secret_hears_it_from_the_blog(site: Site, hosts: Hosts, visit: Visit) -> None:
    page = visit()
    page.goto(hosts.put(BLOG, page_with(frame_code(site, hosts.slug)), path="/late"))
    inside(page, "#plain")
    page.evaluate("() => addEventListener('message', ({ data }) => (window.heard ??= []).push(data))")
    ask = """(secret) => {
      window.heard = [];
      document.getElementById('plain').contentWindow.postMessage({ message: 'ready', secret }, '*');
    }"""
    for secret in ("<b>", "x" * 41, {"a": 1}, None):
        page.evaluate(ask, secret)
        page.wait_for_timeout(100)
        assert page.evaluate("() => heard") == [], secret
    page.evaluate(ask, SECRET)
    page.wait_for_function("() => heard.some(({ message }) => message === 'height')")
    [said] = page.evaluate("() => heard.filter(({ message }) => message === 'height')")
    assert (said["secret"], said["value"] > 200) == (SECRET, True)
    page.evaluate("() => { heard = []; document.getElementById('plain').src += '#?secret=other1'; }")
    page.wait_for_function("() => heard.some(({ secret }) => secret === 'other1')")


def test_without_scripts_the_quotation_stands(site: Site, hosts: Hosts, visit: Visit) -> None:
    page = visit(javascript=False)
    page.goto(hosts.example("wordpress.html", host=BLOG))
    quoted = page.locator("blockquote a")
    expect(quoted).to_be_visible()
    page.goto(quoted.get_attribute("href") or "")
    expect(page.locator("h1")).to_have_text(site.open_petition()["title"])
