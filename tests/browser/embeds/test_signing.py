"""Signing inside the widget: a guest's form, a letter, and never by presses alone."""

from __future__ import annotations

from urllib.parse import quote, unquote

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from tests.browser.certificates import BLOG, STRANGER
from tests.browser.conftest import Visit
from tests.browser.judging import grave_faults, too_small_to_press, wider_than_the_screen
from tests.browser.site import Site, wait_for
from tests.browser.tour import OPEN, Stage
from tests.browser.walking import main_form, open_link, press, sign_in

from .choices import choose
from .frames import SIGNING, frame_code, hear, inside
from .hosts import Hosts, page_with

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def slug(site: Site) -> str:
    """A petition whose organizer lets people sign inside the widget, once the widget says so."""
    found = unquote(Stage(site).slug_of(OPEN["share"]))
    choose(site, found, signing=True)

    def offered() -> bool:
        with site.ask(f"/embed/v1/{quote(found)}") as answer:
            return b"/sign" in answer.read()

    wait_for(offered, "the widget to offer its form")
    return found


def counted(site: Site, slug: str) -> tuple[int, int]:
    """Signatures that count, and those that wait for their letter."""
    wait_for(lambda: site.tallies(slug), "a fresh answer")
    signatures = site.petition(slug)["signatures"]
    return signatures["validated"], signatures["pending"]


def fill(frame: FrameLocator, email: str) -> None:
    frame.locator("[name=name]").fill("하늘")
    frame.locator("[name=email]").fill(email)
    frame.locator("[name=region]").select_option("KR-11")


def test_a_reader_signs_without_leaving_the_article(
    site: Site, hosts: Hosts, visit: Visit, slug: str
) -> None:
    page = visit(width=360)
    page.goto(
        hosts.put(
            BLOG,
            page_with(frame_code(site, slug, sandbox=SIGNING, size="width=320 height=900")),
            path="/sign",
        )
    )
    before = counted(site, slug)
    inside(page, "#plain").locator("#to-sign").click()
    frame = page.frame_locator("#plain")
    expect(frame.locator("#sign-form")).to_be_visible()
    whole = inside(page, "#plain")
    assert grave_faults(whole) == []
    assert wider_than_the_screen(whole) == []
    assert too_small_to_press(whole) == []
    frame.locator("button[type=submit]").click()
    expect(frame.locator("#email-error")).to_be_visible()
    fill(frame, "haneul@example.com")

    def sent() -> bool:
        """A form that is a moment old only ripens."""
        frame.locator("button[type=submit]").click()
        page.wait_for_timeout(300)
        return frame.locator("#sign-form").count() == 0

    wait_for(sent, "the form to be taken")
    assert "haneul@example.com" not in frame.locator("body").inner_text()
    assert counted(site, slug)[0] == before[0], "nothing counts before the letter's button"
    assert page.context.cookies() == []

    letters = visit()
    open_link(letters, site, "haneul@example.com", "/signatures/")
    press(letters, main_form(letters).get_by_role("button"))
    assert counted(site, slug)[0] == before[0] + 1


def press_blindly(page: Page, times: int) -> None:
    """Press where the hidden frame has its button, again and again."""
    for _ in range(times):
        frame = inside(page, "#plain")
        target = frame.locator("#to-sign, #sign-form button[type=submit]").first
        box = target.bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.wait_for_timeout(700)


def test_presses_alone_sign_nothing(site: Site, hosts: Hosts, visit: Visit, slug: str) -> None:
    """A page lays an unseen frame over its own button; the reader is even signed in with us."""
    page = visit(troubled=True)
    sign_in(page, "junho@example.org")
    code = frame_code(site, slug, sandbox=None, size='width="400" height="1100" style="opacity: 0.01"')
    page.set_viewport_size({"width": 900, "height": 1300})
    before = counted(site, slug)
    page.goto(hosts.put(STRANGER, page_with(code), path="/prize"))
    press_blindly(page, 5)
    frame = inside(page, "#plain")
    expect(frame.locator("#sign-form #email-error")).to_be_visible()
    assert counted(site, slug) == before


def test_our_other_pages_are_shown_by_nobody(site: Site, hosts: Hosts, visit: Visit, slug: str) -> None:
    """One press signs on our own page for whoever is signed in, so it stands in no frame."""
    page = visit(troubled=True)
    said = hear(page)
    path = f"{site.base_url}/petitions/{quote(slug)}/signatures"
    page.goto(hosts.put(STRANGER, page_with(f'<iframe id="plain" src="{path}"></iframe>'), path="/other"))
    page.wait_for_load_state("load")
    assert any("frame-ancestors" in text for text in said), said
    assert page.frame_locator("#plain").locator("form").count() == 0


def test_another_site_cannot_send_the_form(site: Site, hosts: Hosts, visit: Visit, slug: str) -> None:
    page = visit(troubled=True)
    before = counted(site, slug)
    fields = {"name": "하늘", "email": "victim@example.com", "region": "KR-11", "token": "x"}
    inputs = "".join(f'<input name="{name}" value="{value}">' for name, value in fields.items())
    action = f"{site.base_url}/embed/v1/{quote(slug)}/sign"
    page.goto(
        hosts.put(
            STRANGER, page_with(f'<form method="post" action="{action}">{inputs}<button>win</button></form>')
        )
    )
    with page.expect_response("**/sign") as answer:
        page.locator("button").click()
    assert answer.value.status == 403
    assert counted(site, slug) == before
