"""The whole story on a desktop: from the blank form to the delivered plan, the points and the books."""

from __future__ import annotations

import io
import json
import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from app import clock

from .conftest import Visit
from .judging import faults_of_outline, grave_faults, wider_than_the_screen
from .site import Site, wait_for
from .walking import fill_signature, main_form, open_link, petition_path, press, save_card, sign_in

pytestmark = pytest.mark.browser

TITLE = "버스 정류장에 앉을 곳을 놓아 주세요"
STEPS = ("의자 고르기", "의자 놓기")
GOAL = 50_000


def look(page: Page, language: str = "ko") -> None:
    assert grave_faults(page) == [], page.url
    assert wider_than_the_screen(page) == [], page.url
    assert faults_of_outline(page, language) == [], page.url


def fill_petition(page: Page) -> None:
    """The form of a petition of two signatures and ₩50,000, with shares that do not add up yet."""
    values = {
        "title": TITLE,
        "addressee": "서울시 교통국",
        "summary": "정류장 두 곳에 의자가 없어요.",
        "text": "어르신들이 **서서** 기다려요.\n\n- 정류장 두 곳\n- 의자 네 개",
        "signature_target": "2",
        "goal": f"{GOAL:,}",
        "deadline": (clock.now() + timedelta(days=10)).date().isoformat(),
        "step1_title": STEPS[0],
        "step1_share": "40",
        "step2_title": STEPS[1],
        "step2_share": "50",
    }
    for name, value in values.items():
        page.locator(f"main [name={name}]").fill(value)


def launch(page: Page) -> str:
    """Preview, fail once, launch; the slug of the new petition."""
    sign_in(page, "hansol@example.org", to="/petitions/new")
    fill_petition(page)
    page.locator("button[name=preview]").click()
    preview = page.locator("#preview")
    expect(preview.get_by_role("heading", name=TITLE)).to_be_focused()
    expect(preview.locator("strong")).to_have_text("서서")

    press(page, "main form button.button-primary")
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.locator("#step1_share-error")).to_contain_text("90%")
    assert page.locator("[name=title]").input_value() == TITLE
    assert page.locator("[name=text]").input_value().startswith("어르신들이 **서서**")
    look(page)
    page.locator("[name=step2_share]").fill("60")
    press(page, "main form button.button-primary")
    look(page)
    return unquote(page.url.rpartition("/")[2])


def sponsor(page: Page, site: Site, link: str) -> None:
    page.goto(link)
    look(page)
    fill_signature(page, "나래", "narae@example.com")
    page.locator("#sign-form button[type=submit]").click()
    expect(page.locator("#sign-form [data-focus]")).to_be_focused()
    open_link(page, site, "narae@example.com", "/signatures/")
    press(page, main_form(page).get_by_role("button"))
    look(page)


def publish(page: Page) -> None:
    sign_in(page, "mira@example.org", to="/moderation")
    look(page, "en")
    link = page.get_by_role("link", name=TITLE)

    def submitted() -> bool:
        page.reload()
        return bool(link.count())

    wait_for(submitted, "the petition in the moderators' list")
    press(page, link)
    look(page, "en")
    press(page, page.locator("form[action*='/publish'] button"))


def sign_with_one_press(page: Page, slug: str) -> None:
    sign_in(page, "junho@example.org", to=f"{petition_path(slug)}/signatures")
    look(page)
    press(page, "#sign-form button[type=submit]")
    look(page)


def pledge(page: Page, slug: str, amount: int) -> None:
    """Pledge as somebody signed in: the own address needs no letter."""
    page.goto(f"{petition_path(slug)}/pledges")
    page.locator("#pledge-form [name=amount]").fill(f"{amount:,}")
    with page.expect_navigation():
        page.locator("#pledge-form button[type=submit]").click()
    save_card(page)


def evidence_photo(folder: Path) -> Path:
    path = folder / "bench.png"
    picture = io.BytesIO()
    Image.new("RGB", (640, 360), (36, 71, 143)).save(picture, "PNG")
    path.write_bytes(picture.getvalue())
    return path


def claim(page: Page, slug: str, position: int, photo: Path) -> None:
    page.goto(f"/desk{petition_path(slug).removeprefix('/petitions')}")
    press(page, page.locator("main a[href*='/claim']").first)
    page.locator("[name=text]").fill(f"{position}단계를 **마쳤어요**.")
    page.locator("[name=link]").fill("https://example.org/receipt")
    page.locator("[name=image]").set_input_files(photo)
    look(page)
    press(page, "main form.form button[type=submit]")
    look(page)


def vote(page: Page, site: Site, email: str, *, seen: set[str], language: str) -> None:
    """Accept from the link in the newest letter that asks this backer."""
    letter = site.letter(email, "/votes/", other_than=frozenset(seen))
    seen.add(letter.id)
    page.goto(letter.link("/votes/"))
    expect(page.locator(".evidence img")).to_have_js_property("naturalWidth", 640)
    expect(page.locator(".evidence a[href='https://example.org/receipt']")).to_be_visible()
    look(page, language)
    press(page, "button[value=accept]")
    look(page, language)


def name_account(page: Page) -> None:
    page.goto("/desk/payee")
    page.locator("[name=label]").fill("두레은행, 한솔")
    page.locator("[name=number]").fill("110-123-456789")
    press(page, "main form.form button[type=submit]")


def approve(page: Page, site: Site, amount: int) -> None:
    def waiting() -> bool:
        page.goto("/moderation/payouts")
        return page.locator("section.panel", has_text=TITLE).count() == 1

    wait_for(waiting, "the payout to come up for approval")
    panel = page.locator("section.panel", has_text=TITLE)
    expect(panel).to_contain_text(f"₩{amount:,}")
    look(page, "en")
    press(page, panel.get_by_role("button"))


def points_lines(page: Page) -> list[str]:
    page.goto("/me?lang=en")
    look(page, "en")
    return page.locator(".points .point").all_inner_texts()


def test_a_petition_becomes_an_action_and_is_delivered(site: Site, visit: Visit, tmp_path: Path) -> None:
    organizer, moderator, guest = visit(), visit(language="en"), visit()
    citizen, second = visit(), visit(language="en")
    photo = evidence_photo(tmp_path)

    slug = launch(organizer)
    link = organizer.locator("#sponsors input[readonly]").input_value()
    assert guest.goto(petition_path(slug)).status == 404, "nobody finds it before a moderator has read it"  # type: ignore[union-attr]
    sponsor(guest, site, link)
    assert site.letter("hansol@example.org", TITLE)
    publish(moderator)
    assert site.petition(slug)["state"] == "open"

    sign_with_one_press(citizen, slug)
    pledge(citizen, slug, 30_000)
    look(citizen)
    assert site.petition(slug)["action"] is None
    sign_in(second, "alice@example.org")
    pledge(second, slug, GOAL - 30_000)
    assert site.tallies(slug) == {"signatures": 2, "money": GOAL}
    wait_for(lambda: site.state(slug) == "underway", "both thresholds to turn into an action")

    name_account(organizer)
    votes_of = {
        "junho@example.org": (citizen, set[str](), "ko"),
        "alice@example.org": (second, set[str](), "en"),
    }
    for position, amount in ((1, 20_000), (2, 30_000)):
        claim(organizer, slug, position, photo)
        for email, (page, seen, language) in votes_of.items():
            vote(page, site, email, seen=seen, language=language)
        approve(moderator, site, amount)
        wait_for(lambda paid=amount: f"₩{paid:,}" in paid_out(organizer, slug), "the payout")
    wait_for(lambda: site.state(slug) == "delivered", "the delivery")

    check_timeline(guest, slug)
    check_points(organizer, citizen)
    check_books(site, guest)
    check_embed(guest, slug)


def paid_out(page: Page, slug: str) -> str:
    page.goto(petition_path(slug).replace("/petitions/", "/actions/"))
    return page.locator("section[aria-labelledby=history]").inner_text()


def check_timeline(page: Page, slug: str) -> None:
    page.goto(f"{petition_path(slug)}?lang=en")
    look(page, "en")
    steps = page.locator(".timeline-step")
    assert steps.count() >= 8
    expect(page.locator(".timeline-step:not(.is-done)")).to_have_text([re.compile("answer")])
    for title in STEPS:
        expect(page.locator(".timeline-step", has_text=title)).to_have_count(1)


def check_points(organizer: Page, backer: Page) -> None:
    earned = points_lines(organizer)
    assert any("Your step was accepted" in line and TITLE in line for line in earned), earned
    earned = points_lines(backer)
    assert any("You signed" in line and TITLE in line for line in earned), earned
    assert any("You kept your pledge" in line and TITLE in line for line in earned), earned


def check_books(site: Site, page: Page) -> None:
    """The public page and the command agree, to the won."""
    done = site.dure("books")
    assert done.returncode == 0, done.stdout + done.stderr
    totals = json.loads(done.stdout)["totals"]["KRW"]
    page.goto("/books?lang=en")
    look(page, "en")
    figures = page.locator(".figures").first
    for label, causes in (("Collected", ("capture", "month")), ("Paid out to organizers", ("payout",))):
        told = sum(totals.get(cause, 0) for cause in causes)
        expect(figures.locator("tr", has_text=label)).to_contain_text(f"₩{told:,}")
    line = page.locator("table.books tr", has_text=TITLE)
    expect(line.locator("td")).to_have_text(["₩50,000", "₩0", "₩50,000", "₩50,000", "₩0", "₩0"])


def check_embed(page: Page, slug: str) -> None:
    page.goto(f"/embed/v1/{petition_path(slug).rpartition('/')[2]}?lang=en")
    expect(page.locator("h1")).to_have_text(TITLE)
    expect(page.locator(".threshold-signatures .tally")).to_have_text("2")
    assert page.context.cookies() == []
    look(page, "en")
