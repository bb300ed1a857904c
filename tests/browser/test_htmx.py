"""What JavaScript adds: parts of pages swapped in place, without losing focus, history or what was typed."""

from __future__ import annotations

import urllib.request
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, Response, expect

from .conftest import Visit
from .site import Site
from .walking import fill_signature, main_form, open_link, petition_path, press, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def slug(site: Site) -> str:
    found: str = site.open_petition()["slug"]
    return found


def stay(page: Page) -> None:
    """Mark this document, to see later whether it is still the same one."""
    page.evaluate("() => { window.stayed = true; }")


def has_stayed(page: Page) -> bool:
    return bool(page.evaluate("() => window.stayed === true"))


def test_the_sign_form_shows_its_errors_in_place(visit: Visit, slug: str) -> None:
    page = visit(width=360)
    page.goto(petition_path(slug))
    stay(page)
    form = page.locator("#sign-form")
    form.locator("[name=name]").fill("보라")
    form.locator("[name=reason]").fill("매일 건너는 길이에요.")
    with page.expect_response(lambda answer: answer.request.method == "POST") as posted:
        form.locator("button[type=submit]").click()
    assert posted.value.status == 422
    summary = page.locator("#error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_be_in_viewport()
    expect(form.locator("[name=name]")).to_have_value("보라")
    expect(form.locator("[name=reason]")).to_have_value("매일 건너는 길이에요.")
    email = form.locator("[name=email]")
    expect(email).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#email-error")).to_be_visible()
    assert "email-error" in (email.get_attribute("aria-describedby") or "")
    summary.get_by_role("link").first.click()
    expect(email).to_be_focused()

    fill_signature(page, "보라", "bora@example.com")
    form.locator("button[type=submit]").click()
    expect(page.locator("#sign-form [data-focus]")).to_be_focused()
    expect(page.locator("#sign-form")).to_contain_text("@example.com")
    expect(page.locator("h1")).to_have_count(1)
    assert has_stayed(page)


def poll(page: Page) -> Response:
    """Let the time pass until the page asks how far the petition is."""
    with page.expect_response(lambda answer: "/progress" in answer.url) as asked:
        page.clock.run_for(16_000)
    return asked.value


def test_the_bars_follow_the_signatures(site: Site, visit: Visit, slug: str) -> None:
    page, other = visit(), visit(javascript=False)
    before = site.tallies(slug)["signatures"]
    page.clock.install()
    page.goto(petition_path(slug))
    tally = page.locator("#progress .threshold-signatures .tally")
    expect(tally).to_have_text(str(before))
    assert poll(page).status == 204, "nothing has changed, so nothing is sent"

    other.goto(f"{petition_path(slug)}/signatures")
    fill_signature(other, "다온", "daon@example.com")
    press(other, "#sign-form button[type=submit]")
    open_link(other, site, "daon@example.com", "/signatures/")
    press(other, main_form(other).get_by_role("button"))
    assert site.tallies(slug)["signatures"] == before + 1
    assert poll(page).status == 200
    expect(tally).to_have_text(str(before + 1))
    assert poll(page).status == 204


def test_searching_while_typing_keeps_whole_pages_behind_the_back_button(visit: Visit, slug: str) -> None:
    page = visit()
    page.goto("/petitions?state=all")
    stay(page)
    all_of_them = page.locator(".card").count()
    page.locator("#q").press_sequentially("신호")
    expect(page.locator(".card")).to_have_count(1)
    expect(page.locator("#q")).to_be_focused()
    assert has_stayed(page)
    assert f"q={quote('신호')}" in page.url
    press(page, page.locator(".card-title a"))

    page.go_back()
    expect(page.locator(".card")).to_have_count(1)
    expect(page.locator(".masthead")).to_be_visible()
    expect(page.locator("h1")).to_have_count(1)
    page.go_back()
    expect(page.locator(".card")).to_have_count(all_of_them)
    expect(page.locator(".masthead")).to_be_visible()


@pytest.mark.parametrize("fragment", [False, True])
def test_caches_know_that_one_address_has_two_bodies(site: Site, fragment: bool) -> None:
    headers = {"HX-Request": "true"} if fragment else {}
    request = urllib.request.Request(site.url("/petitions?state=all"), headers=headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        assert "HX-Request" in answer.headers["Vary"]
        assert ("<html" in answer.read().decode()) is not fragment


def test_petitions_like_the_title_are_shown_while_it_is_typed(visit: Visit) -> None:
    page = visit()
    sign_in(page, "junho@example.org", to="/petitions/new")
    page.locator("[name=title]").press_sequentially("바닥 신호등을 놓아", delay=5)
    expect(page.locator("#similar a").first).to_be_visible()
    expect(page.locator("[name=title]")).to_be_focused()


def test_a_lost_connection_is_said_and_nothing_typed_is_lost(visit: Visit, slug: str) -> None:
    page = visit(troubled=True)
    page.goto(petition_path(slug))
    fill_signature(page, "보라", "bora@example.com")
    page.context.set_offline(True)
    page.locator("#sign-form button[type=submit]").click()
    expect(page.locator("#status")).to_have_text(page.locator("#status").get_attribute("data-offline") or "?")
    expect(page.locator("#sign-form [name=email]")).to_have_value("bora@example.com")
    expect(page.locator("#sign-form button[type=submit]")).to_be_enabled()
