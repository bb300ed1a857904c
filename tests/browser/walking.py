"""What people do in the browser, in the words of the journeys."""

from __future__ import annotations

from urllib.parse import quote

from playwright.sync_api import Locator, Page

from .site import Site


def petition_path(slug: str) -> str:
    return f"/petitions/{quote(slug)}"


def press(page: Page, what: str | Locator) -> None:
    """Press a button and wait until the page after it is there."""
    button = page.locator(what) if isinstance(what, str) else what
    with page.expect_navigation():
        button.click()


def main_form(page: Page) -> Locator:
    return page.locator("main form").first


def sign_in(page: Page, email: str, to: str = "/me") -> None:
    """Become one of the demo's people with one press."""
    page.goto(f"/session?next={quote(to)}")
    press(page, page.locator("li.row", has_text=email).get_by_role("button"))


def fill_signature(page: Page, name: str, email: str, region: str = "KR-11") -> None:
    form = page.locator("#sign-form")
    form.locator("[name=name]").fill(name)
    form.locator("[name=email]").fill(email)
    form.locator("[name=region]").select_option(region)


def open_link(page: Page, site: Site, to: str, piece: str) -> None:
    """Read the newest letter with such a link at ``/dev/letters`` and follow the link from there."""
    letter = site.letter(to, piece)
    page.goto(f"/dev/letters?to={quote(to)}")
    page.locator(f'a[href*="{letter.id}"]').click()
    press(page, page.locator(f'.letter-text a[href*="{piece}"]').first)


def save_card(page: Page, card: str = "ok") -> None:
    """On the sandbox gateway's own page: take a test card with one press."""
    press(page, f'button[name=card][value="{card}"]')
