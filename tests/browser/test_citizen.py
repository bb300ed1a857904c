"""A citizen's journey on a small phone without JavaScript."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from .conftest import Visit
from .judging import faults_of_outline, too_small_to_press, wider_than_the_screen
from .site import Site
from .walking import fill_signature, main_form, open_link, petition_path, press, save_card

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(visit: Visit) -> Page:
    return visit(width=360, javascript=False)


def look(page: Page) -> None:
    """Nothing sticks out, nothing is too small, the page says what it is."""
    assert wider_than_the_screen(page) == [], page.url
    assert too_small_to_press(page) == [], page.url
    assert faults_of_outline(page, "ko") == [], page.url


def find(page: Page, syllables: str, title: str) -> None:
    """From the front page by a piece of a word to the petition."""
    page.goto("/")
    look(page)
    page.locator("main form[role=search] input[name=q]").fill(syllables)
    press(page, page.locator("main form[role=search] button"))
    look(page)
    press(page, page.get_by_role("link", name=title))
    expect(page.locator("h1")).to_have_text(title)
    look(page)


def sign(page: Page, name: str, email: str) -> str:
    """Sign on the petition's page; the words that were answered."""
    fill_signature(page, name, email)
    press(page, page.locator("#sign-form button[type=submit]"))
    look(page)
    return page.locator("#sign-form").inner_text()


def shown_signatures(page: Page) -> int:
    words = page.locator(".threshold-signatures .tally").first.inner_text()
    return int(words.replace(",", ""))


def test_a_signature_counts_once_by_the_button_behind_its_letter(site: Site, phone: Page) -> None:
    petition = site.open_petition()
    slug, before = petition["slug"], site.tallies(petition["slug"])["signatures"]
    find(phone, "신호", petition["title"])
    assert shown_signatures(phone) == before

    told = sign(phone, "민수", "min.su@example.com")
    open_link(phone, site, "min.su@example.com", "/signatures/")
    look(phone)
    assert site.tallies(slug)["signatures"] == before, "looking at the link counts nothing"
    press(phone, main_form(phone).get_by_role("button"))
    look(phone)
    assert site.tallies(slug)["signatures"] == before + 1
    assert shown_signatures(phone) == before + 1

    link = phone.url
    phone.goto(petition_path(slug))
    assert sign(phone, "민수 형", "min.su+dure@example.com") == told
    phone.goto(link)
    assert site.tallies(slug)["signatures"] == before + 1


def test_a_pledge_counts_when_its_method_is_saved_and_its_letter_answered(site: Site, phone: Page) -> None:
    petition = site.open_petition()
    slug, before = petition["slug"], site.tallies(petition["slug"])["money"]
    phone.goto(petition_path(slug))
    phone.locator("#pledge .choice-label").first.click()
    press(phone, phone.locator("#pledge button[type=submit]"))
    look(phone)
    phone.locator("#pledge-form [name=name]").fill("지영")
    phone.locator("#pledge-form [name=email]").fill("jiyoung@example.com")
    press(phone, phone.locator("#pledge-form button[type=submit]"))
    assert "/sandbox/" in phone.url
    look(phone)
    save_card(phone)
    look(phone)
    assert site.tallies(slug)["money"] == before, "a saved method alone counts nothing"

    open_link(phone, site, "jiyoung@example.com", "/pledges/")
    look(phone)
    press(phone, main_form(phone).get_by_role("button"))
    look(phone)
    assert site.tallies(slug)["money"] > before


def test_both_are_taken_back_from_the_letters(site: Site, phone: Page) -> None:
    petition = site.open_petition()
    slug, before = petition["slug"], site.tallies(petition["slug"])
    phone.goto(petition_path(slug))
    sign(phone, "수아", "sua@example.com")
    open_link(phone, site, "sua@example.com", "/signatures/")
    press(phone, main_form(phone).get_by_role("button"))
    phone.goto(f"{petition_path(slug)}/pledges?amount=20000")
    phone.locator("#pledge-form [name=name]").fill("수아")
    phone.locator("#pledge-form [name=email]").fill("sua@example.com")
    press(phone, phone.locator("#pledge-form button[type=submit]"))
    save_card(phone)
    open_link(phone, site, "sua@example.com", "/pledges/")
    press(phone, main_form(phone).get_by_role("button"))
    assert site.tallies(slug) == {
        "signatures": before["signatures"] + 1,
        "money": before["money"] + 20_000,
    }

    open_link(phone, site, "sua@example.com", "/pledges/")
    press(phone, phone.locator('main a[href*="/withdrawal"]'))
    look(phone)
    press(phone, main_form(phone).get_by_role("button"))
    look(phone)
    open_link(phone, site, "sua@example.com", "/signatures/")
    press(phone, phone.locator('main a[href*="/withdrawal"]'))
    look(phone)
    press(phone, main_form(phone).get_by_role("button"))
    look(phone)
    assert site.tallies(slug) == before
