"""From the article to our own page and back; what the sandbox is for; nothing is stored on the way."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.certificates import BLOG
from tests.browser.conftest import Visit
from tests.browser.site import Site, wait_for
from tests.browser.walking import fill_signature, main_form, open_link, press, sign_in

from .choices import choose
from .frames import SANDBOX, SIGNING, frame_code, gather, hear, inside
from .hosts import Hosts, page_with

pytestmark = pytest.mark.browser

TELL_TALES = """() => {
  const tell = (what) => console.error(`touched ${what}`);
  for (const what of ['localStorage', 'sessionStorage', 'indexedDB', 'caches', 'cookieStore']) {
    const found = Object.getOwnPropertyDescriptor(window, what);
    const get = function () { tell(what); return found.get.call(this); };
    if (found) Object.defineProperty(window, what, { ...found, get });
  }
  const cookie = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie');
  Object.defineProperty(Document.prototype, 'cookie', {
    get() { tell('cookie'); return cookie.get.call(this); },
    set(value) { tell('cookie'); cookie.set.call(this, value); },
  });
}"""


def show_frame(page: Page, site: Site, hosts: Hosts, sandbox: str | None) -> Locator:
    """An article with the widget in it; the button that leads to us."""
    code = frame_code(site, hosts.slug, sandbox=sandbox, size="width=500 height=600")
    page.goto(hosts.put(BLOG, page_with(code)))
    return inside(page, "#plain").locator("#to-sign")


def follow(page: Page, button: Locator) -> Page:
    """The tab that the button opens."""
    with page.context.expect_page() as opened:
        button.click()
    opened.value.wait_for_load_state()
    return opened.value


def test_the_new_tab_is_ours_and_knows_nothing_of_the_article(site: Site, hosts: Hosts, visit: Visit) -> None:
    page = visit()
    tab = follow(page, show_frame(page, site, hosts, SANDBOX))
    assert tab.evaluate("() => [self.origin, window.opener]") == [site.base_url, None]


def test_without_the_last_word_of_the_sandbox_the_tab_is_cut_off(
    site: Site, hosts: Hosts, visit: Visit
) -> None:
    """The negative control."""
    page = visit(troubled=True)
    left = SANDBOX.replace(" allow-popups-to-escape-sandbox", "")
    tab = follow(page, show_frame(page, site, hosts, left))
    assert tab.evaluate("() => self.origin") == "null"


def test_without_popups_the_button_opens_nothing(site: Site, hosts: Hosts, visit: Visit) -> None:
    """The negative control: the browser says on the console what it refused."""
    page = visit(troubled=True)
    button = show_frame(page, site, hosts, "allow-scripts")
    opened, said = gather(page.context, "page"), hear(page)
    button.click()
    wait_for(lambda: page.wait_for_timeout(50) or any("allow-popups" in text for text in said), "a refusal")
    assert opened == []


def test_a_reader_signs_on_our_page_and_finds_the_way_back(site: Site, hosts: Hosts, visit: Visit) -> None:
    article = visit()
    tab = follow(article, show_frame(article, site, hosts, SANDBOX))
    here = f"{BLOG}:{hosts.port}"
    assert f"via={here.replace(':', '%3A')}" in tab.url
    assert tab.url.endswith("#sign")
    fill_signature(tab, "소라", "sora@example.com")
    tab.locator("#sign-form button[type=submit]").click()
    expect(tab.locator("#sign-form")).to_contain_text("@example.com")
    open_link(tab, site, "sora@example.com", "/signatures/")
    press(tab, main_form(tab).get_by_role("button"))
    link = tab.url

    def is_named() -> bool:
        tab.goto(link)
        return here in tab.locator("main").inner_text()

    wait_for(is_named, "the word where the article is")
    way_back = tab.locator(f'a[href="https://{here}/"]')
    assert way_back.count() == 0, "no link to a site nobody vouched for"
    choose(site, hosts.slug, origins=(hosts.address(BLOG, ""),))
    wait_for(lambda: tab.goto(link) and way_back.count(), "the way back to a site on the organizer's list")
    choose(site, hosts.slug)
    assert article.url == hosts.address(BLOG, "/article"), "the article is where it was"
    desk = visit()
    sign_in(desk, "hansol@example.org", to=f"/desk/{quote(hosts.slug)}/widgets")
    brought = desk.locator("tr", has=desk.get_by_role("rowheader", name=here, exact=True)).locator(".num")
    assert int(brought.nth(0).inner_text()) > 0, "the widget was loaded there"
    assert int(brought.nth(1).inner_text()) == 1, "one signature came from there"


def test_a_site_that_names_itself_is_named_to_our_page(site: Site, hosts: Hosts, visit: Visit) -> None:
    page = visit()
    page.goto(
        hosts.put(BLOG, page_with(frame_code(site, hosts.slug, query="?via=names.example")), path="/named")
    )
    links = inside(page, "#plain").locator("a[target=_blank]")
    assert links.count() > 1
    for link in links.all():
        assert "via=names.example" in str(link.get_attribute("href"))


def test_no_cookie_goes_or_comes_and_nothing_is_stored(site: Site, hosts: Hosts, visit: Visit) -> None:
    page = visit()
    sign_in(page, "minji@example.org")
    page.context.add_init_script(f"({TELL_TALES})()")
    before = page.context.cookies()
    assert [(cookie["secure"], cookie["sameSite"]) for cookie in before] == [(True, "Lax")]
    asked = gather(page.context, "request")
    frames = "".join(
        frame_code(site, hosts.slug, sandbox=sandbox).replace('"plain"', f'"{name}"')
        for name, sandbox in (("bound", SANDBOX), ("signing", SIGNING), ("free", None))
    )
    page.goto(hosts.put(BLOG, page_with(frames), path="/three"))
    page.goto(hosts.example("variants.html", host=BLOG))
    page.goto(hosts.address(BLOG, "/three"))
    for name in ("bound", "signing", "free"):
        inside(page, f"#{name}")
    ours = [request for request in asked if request.url.startswith(site.base_url)]
    assert len(ours) > 8
    for request in ours:
        assert "cookie" not in request.all_headers(), request.url
        answer = request.response()
        assert answer is None or "set-cookie" not in answer.all_headers(), request.url
    assert page.context.cookies() == before
    shown = inside(page, "#free").locator("body").inner_text()
    assert "민지" not in shown


def test_what_is_stored_would_be_found(hosts: Hosts, visit: Visit) -> None:
    """The negative control: a host that stores, and a cookie sent where the site is the same."""
    page = visit(troubled=True)
    said = hear(page)
    page.context.add_init_script(f"({TELL_TALES})()")
    page.goto(
        hosts.put(
            BLOG, page_with("<script>localStorage.a = 1; document.cookie = 'a=1'</script>"), path="/keeps"
        )
    )
    assert said[:2] == ["touched localStorage", "touched cookie"]
    with page.expect_request("**/keeps") as again:
        page.reload()
    assert again.value.all_headers()["cookie"] == "a=1"
