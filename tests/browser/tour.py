"""Every page there is, in every state it has: where it is, who sees it, what is pressed on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from playwright.sync_api import Page

from .site import Letter, Site

OPEN = {
    "loan": "지우의 마지막 학기",
    "order": "제주 귤",
    "share": "동네 빵집을 우리",
    "recurring": "광고 없는 동네 신문",
    "deed": "하천을 하루",
}
"""Words of the title of the demo's open petition of each kind."""
AFTERWARDS = {
    "loan": ("야간 정비학교", "loan", "/me/borrowing/SLUG"),
    "order": ("햇감자", "order", "/desk/SLUG/orders"),
    "share": ("햇빛발전소", "members", "/desk/SLUG/cooperative"),
    "recurring": ("아이 밥상", "subscription", "/desk/SLUG/subscription"),
    "deed": ("문풍지", "shifts", "/desk/SLUG/deeds"),
}
"""Of each kind: words of the title of an action, its room's public page, and its organizer's."""

STANDING = ("books", "data", "about", "privacy", "terms", "developers", "developers/api")
"""Pages that stand by themselves."""

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
        for item in self.items():
            if {t["kind"] for t in item["thresholds"]} == {"signatures", "gift"}:
                found.setdefault(self.site.state(item["slug"]) or item["state"], item["slug"])
        return found

    def items(self) -> Iterator[dict[str, Any]]:
        """Every public petition, page by page."""
        path = "/api/v1/petitions?state=all"
        while path:
            answer = self.site.json(path)
            yield from answer["items"]
            path = (answer["next"] or "").removeprefix(self.site.base_url)

    def slug_of(self, words: str) -> str:
        """The demo's petition whose title has these words, ready for an address."""
        return quote(next(item["slug"] for item in self.items() if words in item["title"]))

    def post(self, path: str, **fields: str) -> None:
        self.site.post(path, **fields)

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
        yield Stop("embed-panel", f"{start}/embed")
        yield Stop("embed-panel-errors", f"{start}/embed?width=1&color=red")
        unfolded = self.site.json(f"/oembed?url={quote(self.site.url(start), safe='')}")
        organizer = self.path(unfolded["author_url"])
        yield Stop("organizer", organizer)
        yield Stop("embed-organizer", f"/embed/v1{organizer}")
        for page in (*STANDING, "session", "dev/letters"):
            yield Stop(page.replace("/", "-"), f"/{page}")
        yield Stop("session-errors", "/session", presses="main form.form button[type=submit]")
        yield Stop("letters-none", "/dev/letters?to=nobody@example.com")
        yield Stop("missing", "/petitions/nothing-here")

    def kinds(self) -> Iterator[Stop]:
        """Every kind of pledge: what everybody sees of it, and what its organizer does with it."""
        for name, title in OPEN.items():
            slug = self.slug_of(title)
            yield Stop(f"{name}-petition", f"/petitions/{slug}")
            yield Stop(f"{name}-pledge", f"/petitions/{slug}/pledges?kind={name}")
            errors = "#pledge-form button[type=submit]"
            yield Stop(f"{name}-pledge-errors", f"/petitions/{slug}/pledges?kind={name}", presses=errors)
            yield Stop(f"{name}-what-if", f"/desk/{slug}/what-if", ORGANIZER)
        for name, (title, page, desk) in AFTERWARDS.items():
            slug = self.slug_of(title)
            yield Stop(f"{name}-action", f"/actions/{slug}")
            yield Stop(f"{name}-room", f"/actions/{slug}/{page}")
            yield Stop(f"{name}-desk", f"/desk/{slug}", ORGANIZER)
            yield Stop(f"{name}-room-desk", desk.replace("SLUG", slug), ORGANIZER)
        yield Stop("widgets", f"/desk/{self.slug_of(OPEN['share'])}/widgets", ORGANIZER)
        yield Stop("loan-repaid", f"/actions/{self.slug_of('간호대')}/loan")
        yield Stop("three-thresholds", f"/petitions/{self.slug_of('놀이터')}")
        yield Stop("proposals", f"/actions/{self.slug_of('햇빛발전소')}/proposals")
        yield Stop("proposal-new", f"/actions/{self.slug_of('햇빛발전소')}/proposals/new", ORGANIZER)
        yield Stop("surplus", f"/desk/{self.slug_of('햇빛발전소')}/surplus", ORGANIZER)
        yield from self.cooperatives()
        yield Stop("shift-new", f"/desk/{self.slug_of('문풍지')}/shifts/new", ORGANIZER)
        yield Stop("orders-print", f"/desk/{self.slug_of('햇감자')}/orders/print", ORGANIZER)
        yield Stop("pool", f"/petitions/{self.slug_of('바닥 신호등')}/pool", NEWCOMER)
        yield Stop("purse", "/me/purse", NEWCOMER)
        yield Stop("purse-account", "/me/purse/account", NEWCOMER)
        yield Stop("thanks", f"/actions/{self.slug_of('골목에 등')}/thanks")
        yield Stop("thanks-desk", f"/desk/{self.slug_of('골목에 등')}/thanks", ORGANIZER)
        yield Stop("loans", "/me/loans", NEWCOMER)

    def cooperatives(self) -> Iterator[Stop]:
        """What members decided, the register, and a year's surplus that was shared out."""
        roof, shop = self.slug_of("햇빛발전소"), self.slug_of("식료품점")
        yield Stop("members-of-a-year", f"/actions/{shop}/members")
        yield Stop("proposal", f"/actions/{roof}/proposals", presses="main .row-title")
        yield Stop("proposal-decided", f"/actions/{shop}/proposals", presses="main .row-title")
        yield Stop("register", f"/actions/{roof}/members/register", ORGANIZER)
        propose = f"/actions/{roof}/proposals/new"
        yield Stop("proposal-errors", propose, ORGANIZER, "main form button.button-primary")
        yield Stop("cooperative-of-a-year", f"/desk/{shop}/cooperative", CITIZEN)
        yield Stop("surplus-shared", f"/desk/{shop}/cooperative", CITIZEN, "main a.row-title")

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
        yield Stop("tokens", "/me/tokens", NEWCOMER)
        yield Stop("erasure", "/me/erasure", NEWCOMER)
        yield Stop("webhooks-errors", "/me/webhooks", NEWCOMER, "main form button.button-primary")
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
        yield Stop("payee-errors", "/desk/payee", ORGANIZER, "main form.form button[type=submit]")
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
