"""What comes back and goes out again, on a small phone: a purse, a sponsor's reserve, hours kept, a vote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from app import clock, create_app
from app.cooperating.registering import cooperative_of
from app.db import db, run_tx
from app.people.models import Person, key_of
from app.petitions.models import Petition
from app.proposing import putting, voting

from .conftest import Visit
from .judging import faults_of_outline, grave_faults, too_small_to_press, wider_than_the_screen
from .site import Site, wait_for
from .tour import OPEN, Stage
from .walking import main_form, open_link, press, save_card, sign_in

pytestmark = pytest.mark.browser

LENDER = "citizen36@example.org"
"""안채원: two loans of hers have come back, one whole and one in part."""
DOER = "citizen25@example.org"
"""강하준: four hours promised to the elders' house, no shift taken yet."""
MEMBER = "citizen20@example.org"
"""김서연: a member of the solar co-operative."""


@pytest.fixture(scope="module")
def stage(site: Site) -> Stage:
    return Stage(site)


@pytest.fixture
def phone(visit: Visit) -> Page:
    return visit(width=360)


@pytest.fixture
def inside(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The site's own application on the site's database, for what would otherwise take minutes."""
    for name, value in site.settings.items():
        if name.startswith("DURE_"):
            monkeypatch.setenv(name, value)
    app = create_app()
    with app.app_context():
        yield app


def judge(page: Page, language: str = "ko") -> None:
    """Nothing sticks out, everything can be pressed, read aloud and told apart."""
    assert [*shape(page, language), *grave_faults(page)] == [], page.url


def shape(page: Page, language: str = "ko") -> list[str]:
    """What can be said of a page that runs no script."""
    return [*wider_than_the_screen(page), *too_small_to_press(page), *faults_of_outline(page, language)]


def words(page: Page) -> str:
    """The words of the page, with every run of white space as one space."""
    return re.sub(r"\s+", " ", page.locator("main").inner_text())


def sign_in_by_letter(page: Page, site: Site, email: str, to: str) -> None:
    page.goto(f"/session?next={to}")
    page.locator("main form.form [name=email]").fill(email)
    press(page, page.locator("main form.form button[type=submit]"))
    open_link(page, site, email, "/session/")
    press(page, main_form(page).locator("button[type=submit]"))


def test_lender_lends_again_from_the_purse_and_takes_the_rest_out(
    site: Site, stage: Stage, phone: Page
) -> None:
    sign_in_by_letter(phone, site, LENDER, "/me/purse")
    judge(phone)
    before = int(re.sub(r"\D", "", phone.locator(".stat-value").first.inner_text()))
    assert before > 10_000
    expect(phone.locator("main")).to_contain_text("서연의 간호대 등록금")
    phone.goto(f"/petitions/{stage.slug_of(OPEN['loan'])}/pledges?kind=loan")
    judge(phone)
    phone.locator("#pledge-form [name=choice]").first.check(force=True)
    phone.locator("#pledge-form [name=from_purse]").check()
    phone.locator("#pledge-form button[type=submit]").click()
    expect(phone.locator("#pledge-form h2")).to_be_visible()
    judge(phone)
    phone.goto("/me/purse")
    press(phone, phone.get_by_role("link", name="내 계좌"))
    judge(phone)
    phone.locator("[name=label]").fill("두레은행 안채원")
    phone.locator("[name=number]").fill("110-123-456789")
    press(phone, "main form.form button[type=submit]")
    expect(phone.locator("[name=amount]")).to_have_value(str(before - 10_000))
    press(phone, "main form.form button[type=submit]")
    judge(phone)

    def gone() -> bool:
        phone.goto("/me/purse")
        return f"−₩{before - 10_000:,}" in words(phone)

    wait_for(gone, "the payout in the statement")
    expect(phone.locator(".stat-value").first).to_have_text("₩10,000")
    judge(phone)


def test_sponsor_lays_a_reserve_by_and_reads_when_it_comes_back(
    site: Site, stage: Stage, visit: Visit
) -> None:
    page = visit(width=360, language="en")
    slug = stage.slug_of(OPEN["loan"])
    sign_in(page, "alice@example.org", f"/petitions/{slug}/pool")
    judge(page, "en")
    page.locator("main [name=amount]").fill("120,000")
    press(page, page.locator("main form.form button[type=submit]"))
    save_card(page)
    judge(page, "en")
    expect(page.locator(".money-sentence")).to_contain_text("₩120,000 is charged at once")
    expect(page.locator(".money-sentence")).to_contain_text("If the petition has not reached its goals by")
    press(page, page.locator("main form.form button[type=submit]"))

    def lies_there() -> bool:
        page.goto(f"/petitions/{slug}/pool")
        return "A reserve of ₩120,000" in words(page)

    wait_for(lies_there, "the deposit")
    judge(page, "en")
    expect(page.locator("main")).to_contain_text("It lies there until the loan is over")
    page.goto(f"/petitions/{slug}?lang=en")
    expect(page.locator("main")).to_contain_text("₩120,000")


def test_hours_are_kept_at_the_door(site: Site, stage: Stage, visit: Visit, phone: Page) -> None:
    slug = stage.slug_of("문풍지")
    desk = visit(width=360)
    sign_in(desk, "hansol@example.org", f"/desk/{slug}/shifts/new")
    judge(desk)
    starts = clock.now().astimezone(clock.SEOUL) + timedelta(minutes=40)
    for name, value in {
        "title": "전등 닦기",
        "address": "성산 경로당 1층",
        "day": f"{starts:%Y-%m-%d}",
        "starts": f"{starts:%H:%M}",
        "ends": f"{starts + timedelta(hours=4):%H:%M}",
        "places": "3",
    }.items():
        desk.locator(f"main [name={name}]").fill(value)
    press(desk, "main form.form button[type=submit]")

    sign_in_by_letter(phone, site, DOER, f"/me/shifts/{slug}")
    press(phone, phone.locator("#shifts li.row", has_text="전등 닦기").get_by_role("button"))
    expect(phone.locator("#shifts li.row", has_text="전등 닦기")).to_contain_text("자리가 있어요")

    press(desk, desk.get_by_role("link", name=re.compile("전등 닦기")).first)
    judge(desk)
    assert desk.locator("img.door-picture").evaluate("(one) => one.naturalWidth") > 200
    phone.goto(desk.locator(".door a").get_attribute("href") or "")
    judge(phone)
    press(phone, "main form.form button[type=submit]")
    judge(phone)

    press(phone, phone.locator("main a[href^='/me/shifts/']"))
    judge(phone)
    press(phone, phone.locator("#word button[value=kept]"))
    desk.goto(f"/desk/{slug}/deeds")
    press(desk, desk.locator("form[action$='/deeds/present'] button"))
    judge(desk)
    phone.goto(f"/me/shifts/{slug}")
    expect(phone.locator("main .notice").first).to_contain_text("4시간")
    judge(phone)


def put_to_the_vote(petition_title: str) -> tuple[str, list[str]]:
    """A question whose notice period ends now, and its voters besides the one who votes on the phone."""
    petition = db.session.query(Petition).filter(Petition.title.contains(petition_title)).one()
    cooperative = cooperative_of(petition)
    assert cooperative is not None
    members = [member.person_id for member in cooperative.members]
    own = db.session.query(Person).filter_by(email_key=key_of(MEMBER)).one().id
    assert own in members
    with clock.standing_at(clock.now() - timedelta(seconds=61)):
        proposal_id = run_tx(
            lambda: (
                putting.put(
                    petition.id,
                    body="share",
                    kind="text",
                    title="남은 전기로 마을 냉장고를 돌릴까요?",
                    text="한 달 전기료는 2만 원쯤이에요. 찬성하면 다음 달부터 돌립니다.",
                    proposer_id=petition.organizer_id or "",
                    members=members,
                    quorum_percent=50,
                    idempotency_key="fridge",
                ).id
            )
        )
    return proposal_id, [member for member in members if member != own]


def test_the_last_ballot_ends_a_vote_that_anybody_counts_again(
    site: Site, visit: Visit, phone: Page, inside: Flask
) -> None:
    proposal_id, others = put_to_the_vote("햇빛발전소")
    for number, person_id in enumerate(others):
        choice = "no" if number % 4 == 3 else "yes"
        run_tx(partial(voting.cast, proposal_id, person_id, choice, str(number)))
    plain = visit(width=360, javascript=False)
    open_link(plain, site, MEMBER, "/ballots/")
    assert shape(plain) == []
    phone.goto(plain.url)
    judge(phone)
    press(plain, main_form(plain).locator("button[type=submit]"))
    expect(plain.locator("#error-summary")).to_be_visible()
    assert shape(plain) == []
    plain.locator("[name=choice][value=yes]").check(force=True)
    press(plain, main_form(plain).locator("button[type=submit]"))
    assert shape(plain) == []
    receipt = plain.locator(".receipt code").inner_text()
    phone.reload()
    judge(phone)
    plain.goto(f"/proposals/{proposal_id}")
    expect(plain.locator("main")).to_contain_text("위의 결과와 같아요")
    plain.locator("#find [name=receipt]").fill(receipt.lower())
    press(plain, plain.locator("#find button[type=submit]"))
    assert shape(plain) == []
    expect(plain.locator("#find")).to_contain_text("찬성")
    phone.goto(plain.url)
    judge(phone)
