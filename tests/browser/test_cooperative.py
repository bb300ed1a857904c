"""A co-operative on a small phone without JavaScript: shares up to the cap, a vote anybody counts again."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from playwright.sync_api import Page, expect

from app.proposing.rules import read_sheet, recount_sheet

from .conftest import Visit
from .judging import faults_of_outline, too_small_to_press, wider_than_the_screen
from .site import Site
from .tour import OPEN, Stage
from .walking import main_form, open_link, press, save_card, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(visit: Visit) -> Page:
    return visit(width=360, javascript=False)


def look(page: Page) -> None:
    """Nothing sticks out, nothing is too small, the page says what it is."""
    assert wider_than_the_screen(page) == [], page.url
    assert too_small_to_press(page) == [], page.url
    assert faults_of_outline(page, "ko") == [], page.url


def ask_for(page: Page, shares: str) -> None:
    page.locator("#pledge-form #choice .choice-label").last.click()
    page.locator("#pledge-form [name=amount]").fill(shares)
    press(page, page.locator("#pledge-form button[type=submit]"))


def test_thirteenth_share_is_refused_and_two_are_taken(site: Site, phone: Page) -> None:
    slug = Stage(site).slug_of(OPEN["share"])
    before = site.tallies(unquote(slug))["units"]
    phone.goto(f"/petitions/{slug}/pledges?kind=share")
    look(phone)
    phone.locator("#pledge-form [name=name]").fill("지영")
    phone.locator("#pledge-form [name=email]").fill("shares@example.com")
    ask_for(phone, "13")
    look(phone)
    expect(phone.locator("#amount-error")).to_contain_text("전체 40좌 가운데 12좌(30%)까지만")
    expect(phone.locator("#pledge-form [name=name]")).to_have_value("지영")
    ask_for(phone, "2")
    assert "/sandbox/" in phone.url
    save_card(phone)
    open_link(phone, site, "shares@example.com", "/pledges/")
    look(phone)
    press(phone, main_form(phone).get_by_role("button"))
    look(phone)
    expect(phone.locator("main")).to_contain_text("2좌")
    assert site.tallies(unquote(slug))["units"] == before + 2


def test_surplus_that_was_shared_out_rests_on_ballots_that_anybody_counts(site: Site, phone: Page) -> None:
    shop = Stage(site).slug_of("식료품점")
    sign_in(phone, "minji@example.org", f"/desk/{shop}/cooperative")
    look(phone)
    press(phone, phone.locator("section[aria-labelledby=surplus] a.row-title").first)
    look(phone)
    expect(phone.locator("main")).to_contain_text("₩1,000,000")
    expect(phone.locator("main")).to_contain_text("조합원의 지갑에 들어갔어요")
    press(phone, phone.locator("main .lead a"))
    look(phone)
    expect(phone.locator("main")).to_contain_text("위의 결과와 같아요")
    sheet = phone.request.get(f"{phone.url.partition('?')[0]}/ballots.csv").text()
    ballots = read_sheet(sheet)
    assert recount_sheet(sheet, len(ballots), 50).outcome == "accepted"
    receipt, choice = next(iter(ballots.items()))
    phone.locator("#find [name=receipt]").fill(receipt.lower())
    press(phone, phone.locator("#find button[type=submit]"))
    look(phone)
    expect(phone.locator("#find")).to_contain_text({"yes": "찬성", "no": "반대", "abstain": "기권"}[choice])
