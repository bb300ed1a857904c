"""Every page there is, in every state it has: where it is, who sees it, what is pressed on it."""

from __future__ import annotations

import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from playwright.sync_api import Page

from .site import Letter, Site

ORGANIZER, MODERATOR, CITIZEN, NEWCOMER = "hansol", "mira", "minji", "junho"


@dataclass(frozen=True)
class Stop:
    """One page: ``who`` is signed in, ``presses`` is a button that shows the form with its errors."""

    name: str
    path: str
    who: str | None = None
    presses: str | None = None


class Stage:
    """Brings about the states that the demo does not have, the way scripts do."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.slugs = self.slugs_by_state()

    def slugs_by_state(self) -> dict[str, str]:
        """One petition of the demo for each thing that can become of one."""
        found: dict[str, str] = {}
        for item in self.site.json("/api/v1/petitions?state=all")["items"]:
            found.setdefault(self.site.state(item["slug"]) or item["state"], item["slug"])
        return found

    def post(self, path: str, **fields: str) -> None:
        body = urlencode(fields).encode()
        with urllib.request.urlopen(self.site.url(path), data=body, timeout=30) as answer:
            answer.read()

    def signed(self, email: str) -> Letter:
        """Somebody signs the open petition; the letter that came."""
        path = f"/petitions/{quote(self.slugs['open'])}/signatures"
        self.post(path, name="홍길동", email=email, region="KR-11", reason="우리 아이도 건너요.")
        return self.site.letter(email, "/signatures/")

    def pledged(self, email: str) -> Letter:
        path = f"/petitions/{quote(self.slugs['open'])}/pledges"
        self.post(path, kind="gift", amount="30000", name="홍길동", email=email, payment_method="pm_ok")
        return self.site.letter(email, "/pledges/")

    def path(self, link: str) -> str:
        return link.removeprefix(self.site.base_url)

    def public(self) -> Iterator[Stop]:
        """What everybody sees, signed in or not."""
        yield Stop("front", "/")
        yield Stop("list", "/petitions")
        yield Stop("list-found", f"/petitions?q={quote('신호')}")
        yield Stop("list-nothing", f"/petitions?q={quote('없는말')}")
        yield Stop("list-action", "/petitions?state=action")
        yield Stop("list-refused", f"/petitions?page={10**9}")
        for state, slug in self.slugs.items():
            yield Stop(f"petition-{state}", f"/petitions/{quote(slug)}")
        for state in ("underway", "delivered", "released"):
            yield Stop(f"action-{state}", f"/actions/{quote(self.slugs[state])}")
        start = f"/petitions/{quote(self.slugs['open'])}"
        yield Stop("petition-errors", start, presses="#sign-form button[type=submit]")
        yield Stop("sign", f"{start}/signatures")
        yield Stop("sign-errors", f"{start}/signatures", presses="#sign-form button[type=submit]")
        yield Stop("pledge", f"{start}/pledges?amount=30000")
        yield Stop("pledge-errors", f"{start}/pledges", presses="#pledge-form button[type=submit]")
        yield Stop("embed", f"/embed/v1/{quote(self.slugs['open'])}")
        yield Stop("embed-delivered", f"/embed/v1/{quote(self.slugs['delivered'])}")
        yield Stop("embed-missing", "/embed/v1/nothing-here")
        for page in ("books", "about", "privacy", "terms", "session", "dev/letters"):
            yield Stop(page.replace("/", "-"), f"/{page}")
        yield Stop("session-errors", "/session", presses="main form.form button[type=submit]")
        yield Stop("letters-none", "/dev/letters?to=nobody@example.com")
        yield Stop("missing", "/petitions/nothing-here")

    def behind_links(self) -> Iterator[Stop]:
        """What the links in letters lead to."""
        waiting = self.signed("waiting@example.com")
        link = self.path(waiting.link("/signatures/"))
        yield Stop("letter", f"/dev/letters/{waiting.id}")
        yield Stop("signature-waiting", link)
        yield Stop("signature-withdrawal", f"{link}/withdrawal")
        counted = self.path(self.signed("counted@example.com").link("/signatures/"))
        self.post(counted)
        yield Stop("signature-counted", counted)
        gone = self.path(self.signed("gone@example.com").link("/signatures/"))
        self.post(gone)
        self.post(f"{gone}/withdrawal")
        yield Stop("signature-gone", gone)
        yield Stop("signature-withdrawn", f"{gone}/withdrawal")
        pledge = self.path(self.pledged("backer@example.com").link("/pledges/"))
        yield Stop("pledge-waiting", pledge)
        yield Stop("pledge-withdrawal", f"{pledge}/withdrawal")
        ready = self.path(self.pledged("ready@example.com").link("/pledges/"))
        self.post(ready)
        yield Stop("pledge-ready", ready)
        yield Stop("saving", ready, presses="main form button.button-quiet")
        withdrawn = self.path(self.pledged("withdrawn@example.com").link("/pledges/"))
        self.post(withdrawn)
        self.post(f"{withdrawn}/withdrawal")
        yield Stop("pledge-withdrawn", f"{withdrawn}/withdrawal")
        self.post("/session", email="someone@example.com")
        yield Stop(
            "sign-in", self.path(self.site.letter("someone@example.com", "/session/").link("/session/"))
        )

    def rooms(self) -> Iterator[Stop]:
        """What somebody signed in sees: the desk, my activity, moderation."""
        opened, working = quote(self.slugs["open"]), quote(self.slugs["underway"])
        yield Stop("me", "/me", ORGANIZER)
        yield Stop("me-new", "/me", NEWCOMER)
        yield Stop("erasure", "/me/erasure", NEWCOMER)
        yield Stop("one-press", f"/petitions/{opened}/signatures", NEWCOMER)
        yield Stop("pledge-as-person", f"/petitions/{opened}/pledges", NEWCOMER)
        yield Stop("session-as-person", "/session", NEWCOMER)
        yield Stop("desk", "/desk", ORGANIZER)
        yield Stop("desk-new", "/desk", NEWCOMER)
        yield Stop("desk-open", f"/desk/{opened}", ORGANIZER)
        yield Stop("desk-underway", f"/desk/{working}", ORGANIZER)
        yield Stop("updates", f"/desk/{opened}/updates", ORGANIZER)
        yield Stop("updates-errors", f"/desk/{opened}/updates", ORGANIZER, "main form button.button-primary")
        yield Stop("answer", f"/desk/{working}/answer", ORGANIZER)
        yield Stop("answer-errors", f"/desk/{working}/answer", ORGANIZER, "main form button.button-primary")
        yield Stop("claim", f"/desk/{working}", ORGANIZER, "main a[href*='/claim']")
        yield Stop("edit-locked", f"/desk/{opened}/edit", ORGANIZER)
        yield Stop("payee", "/desk/payee", ORGANIZER)
        yield Stop("payee-errors", "/desk/payee", ORGANIZER, "main form button[type=submit]")
        yield Stop("new", "/petitions/new", NEWCOMER)
        yield Stop("new-errors", "/petitions/new", NEWCOMER, "main form button.button-primary")
        yield Stop("new-similar", f"/petitions/new/similar?title={quote('바닥 신호등')}", NEWCOMER)
        yield Stop("moderation", "/moderation", MODERATOR)
        yield Stop("moderation-waiting", "/moderation", MODERATOR, "main .row-title a")
        yield Stop("moderation-open", f"/moderation/petitions/{opened}", MODERATOR)
        yield Stop("moderation-signatures", f"/moderation/petitions/{opened}/signatures", MODERATOR)
        strike = "button[name=scope]"
        yield Stop("strike-errors", f"/moderation/petitions/{opened}/signatures", MODERATOR, strike)
        yield Stop("decisions", "/moderation/decisions", MODERATOR)
        yield Stop("payouts", "/moderation/payouts", MODERATOR)


def in_language(path: str, language: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}lang={language}"


def arrive(page: Page, stop: Stop, language: str) -> None:
    """Go there in ``language``, and press what the stop says."""
    page.goto(in_language(stop.path, language))
    if stop.presses is None:
        return
    button = page.locator(stop.presses).first
    if button.evaluate("(one) => Boolean(one.closest('form[hx-post]'))"):
        button.click()
        page.wait_for_selector("#error-summary")
    else:
        with page.expect_navigation():
            button.click()
