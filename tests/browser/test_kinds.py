"""A journey for each kind of pledge through the demo's campaigns, most of them without JavaScript."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from .conftest import Visit
from .site import Site, wait_for
from .tour import Stage
from .walking import open_link, press, save_card, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def stage(site: Site) -> Stage:
    return Stage(site)


def amounts(page: Page) -> str:
    """The words of the page, with every run of white space as one space."""
    return re.sub(r"\s+", " ", page.locator("main").inner_text())


def pledge(page: Page, site: Site, path: str, email: str, amount: str, **fields: str) -> None:
    """Fill the pledge form, save a card where one is asked for, and confirm by letter."""
    page.goto(path)
    form = page.locator("#pledge-form")
    if form.locator("[name=amount]").count():
        other = form.locator("[name=choice][value=other]")
        if other.count():
            other.check(force=True)
        form.locator("[name=amount]").fill(amount)
    for name, value in fields.items():
        form.locator(f"[name={name}][value='{value}']").check(force=True)
    form.locator("[name=name]").fill("새 이웃")
    form.locator("[name=email]").fill(email)
    press(page, form.locator("button[type=submit]"))
    if "/sandbox/" in page.url:
        save_card(page)
    open_link(page, site, email, "/pledges/")
    press(page, page.locator("main form").first.locator("button[type=submit]"))


def test_three_hundred_lend_and_get_it_back_to_the_last_won(visit: Visit, stage: Stage) -> None:
    page = visit(width=360)
    page.goto(f"/actions/{stage.slug_of('간호대')}/loan")
    words = amounts(page)
    assert words.count("₩250,000 ₩250,000") >= 12
    assert "₩3,000,000" in words
    assert "300명" in words


def test_a_borrower_stops_after_five_and_a_half(visit: Visit, stage: Stage) -> None:
    page = visit()
    page.goto(f"/actions/{stage.slug_of('정비학교')}/loan")
    words = amounts(page)
    assert "부도" in words
    for part in ("₩100,000", "₩150,000", "₩200,000", "₩1,300,000"):
        assert part in words, words


def test_a_borrower_pays_an_instalment(visit: Visit, stage: Stage) -> None:
    page = visit(width=360, javascript=False)
    slug = stage.slug_of("오븐")
    sign_in(page, "junho@example.org", to=f"/me/borrowing/{slug}")
    before = amounts(page)
    assert "₩250,000" in before
    payment = page.locator("form[action$='/payments']")
    payment.locator("[name=amount]").fill("900000")
    press(page, payment.locator("button[type=submit]").first)
    assert page.locator("#error-summary").count() == 1
    payment = page.locator("form[action$='/payments']")
    assert payment.locator("[name=amount]").input_value() == "900000"
    payment.locator("[name=amount]").fill("50000")
    press(page, payment.locator("button[type=submit]").first)

    def paid() -> bool:
        page.goto(f"/actions/{slug}/loan")
        return "₩300,000" in amounts(page)

    wait_for(paid, "the instalment in the public record")


def test_somebody_lends(visit: Visit, site: Site, stage: Stage) -> None:
    page = visit(width=360, javascript=False)
    path = f"/petitions/{stage.slug_of('지우의 마지막')}/pledges?kind=loan"
    page.goto(path)
    page.locator("#pledge-form [name=choice][value=other]").check(force=True)
    for name, value in {"amount": "15000", "name": "새 이웃", "email": "lender@example.com"}.items():
        page.locator(f"#pledge-form [name={name}]").fill(value)
    press(page, "#pledge-form button[type=submit]")
    expect(page.locator("#error-summary")).to_contain_text("10,000")
    pledge(page, site, path, "lender@example.com", "20000")
    assert "약속했어요" in amounts(page) or "₩20,000" in amounts(page)


def test_somebody_orders_and_chooses_where_to_pick_it_up(visit: Visit, site: Site, stage: Stage) -> None:
    page = visit(width=360, javascript=False)
    path = f"/petitions/{stage.slug_of('제주 귤')}/pledges?kind=order"
    pledge(page, site, path, "buyer@example.com", "2", order_pickup="2")
    assert "₩24,000" in amounts(page) or "2" in amounts(page)
    sign_in(page, "hansol@example.org", to=f"/desk/{stage.slug_of('햇감자')}/orders")
    assert "성산 두레사무실" in amounts(page)


def test_members_decide_in_secret_and_anybody_recounts(visit: Visit, stage: Stage) -> None:
    page = visit()
    page.goto(f"/actions/{stage.slug_of('햇빛발전소')}/proposals")
    press(page, page.get_by_role("link", name=re.compile("마을회관에 먼저")).first)
    words = amounts(page)
    assert "12" in words
    with page.expect_download() as download:
        page.locator("a[href$='ballots.csv']").first.click()
    lines = download.value.path().read_text().splitlines()
    assert len(lines) == 17
    assert sum(line.endswith(",yes") for line in lines) == 12


def test_a_month_after_month_subscription(visit: Visit, site: Site, stage: Stage) -> None:
    page = visit(width=360, javascript=False)
    path = f"/petitions/{stage.slug_of('광고 없는')}/pledges?kind=recurring"
    pledge(page, site, path, "reader@example.com", "5000")
    page.goto(f"/actions/{stage.slug_of('아이 밥상')}/subscription")
    assert "₩120,000" in amounts(page)


def test_somebody_promises_a_day_without_any_money(visit: Visit, site: Site, stage: Stage) -> None:
    page = visit(width=360, javascript=False)
    path = f"/petitions/{stage.slug_of('하천을 하루')}/pledges?kind=deed"
    pledge(page, site, path, "hands@example.com", "1")
    assert "카드" not in page.locator("main").inner_text()
    page.goto(f"/actions/{stage.slug_of('문풍지')}/shifts")
    assert "형광등 갈기" in amounts(page)
