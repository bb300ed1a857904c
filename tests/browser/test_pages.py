"""Every page in every state, both languages, light and dark, narrow and wide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from .conftest import Visit, new_context
from .judging import faults_of_outline, grave_faults, too_small_to_press, wider_than_the_screen
from .site import Site
from .tour import Stage, Stop, arrive
from .walking import sign_in
from .watching import Watch

pytestmark = pytest.mark.browser

NARROW: ViewportSize = {"width": 360, "height": 780}
WIDE: ViewportSize = {"width": 1280, "height": 800}
OF_COLOUR_AND_SIZE = ("color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable")
"""The rules whose outcome changes with the theme or the width alone."""


@pytest.fixture(scope="module")
def stage(site: Site) -> Stage:
    return Stage(site)


@pytest.fixture(scope="module")
def stops(stage: Stage) -> dict[str, list[Stop]]:
    """Every page, by who may see it."""
    return {
        "public": list(stage.public()),
        "behind links": list(stage.behind_links()),
        "rooms": list(stage.rooms()),
        "kinds": list(stage.kinds()),
    }


class Windows:
    """One browser window for each person, and what it complained about."""

    def __init__(self, chromium: Browser, site: Site, language: str) -> None:
        self.chromium, self.site, self.language = chromium, site, language
        self.open: dict[str | None, Page] = {}
        self.watches: list[Watch] = []

    def of(self, who: str | None) -> Page:
        if who not in self.open:
            page = new_context(self.chromium, self.site, language=self.language).new_page()
            self.watches.append(Watch(page))
            if who:
                sign_in(page, f"{who}@example.org")
            self.open[who] = page
        return self.open[who]

    def close(self) -> None:
        for page in self.open.values():
            page.context.close()


@pytest.fixture(params=["ko", "en"])
def windows(request: pytest.FixtureRequest, chromium: Browser, site: Site) -> Iterator[Windows]:
    opened = Windows(chromium, site, request.param)
    yield opened
    opened.close()


def judge(page: Page, stop: Stop, language: str) -> Iterator[str]:
    """Everything that is wrong with one page: narrow and wide, light and dark, crosswise by language."""
    themes = {"ko": ("light", "dark"), "en": ("dark", "light")}[language]
    page.set_viewport_size(NARROW)
    page.emulate_media(color_scheme=themes[0])
    arrive(page, stop, language)
    yield from faults_of_outline(page, language)
    yield from (f"too small: {control}" for control in too_small_to_press(page))
    yield from (f"too wide for 360 px: {part}" for part in wider_than_the_screen(page))
    yield from (f"{themes[0]}, 360 px: {fault}" for fault in grave_faults(page))
    page.set_viewport_size(WIDE)
    page.emulate_media(color_scheme=themes[1])
    yield from (f"too wide for 1280 px: {part}" for part in wider_than_the_screen(page))
    yield from (f"{themes[1]}, 1280 px: {fault}" for fault in grave_faults(page, only=OF_COLOUR_AND_SIZE))


def judge_all(stops: Iterable[Stop], windows: Windows) -> dict[str, list[str]]:
    found = {stop.name: list(judge(windows.of(stop.who), stop, windows.language)) for stop in stops}
    found["browser"] = [complaint for watch in windows.watches for complaint in watch.complaints]
    return {name: faults for name, faults in found.items() if faults}


@pytest.mark.parametrize("room", ["public", "behind links", "rooms", "kinds"])
def test_no_page_keeps_anybody_out(stops: dict[str, list[Stop]], windows: Windows, room: str) -> None:
    assert judge_all(stops[room], windows) == {}


def test_the_judges_find_what_is_wrong(visit: Visit) -> None:
    """The negative control: a page with every fault we look for."""
    page = visit(width=360)
    page.set_content(
        "<html lang=''><title></title><h1>a</h1><h1>b</h1><p id=x></p><p id=x></p>"
        "<img src='data:,'><p style='width:500px;color:#999;background:#fff'>faint</p>"
        "<button style='width:10px;height:10px;padding:0'></button>"
    )
    assert wider_than_the_screen(page)
    assert too_small_to_press(page)
    assert len(faults_of_outline(page, "ko")) == 4
    rules = " ".join(grave_faults(page))
    for rule in ("html-has-lang", "document-title", "image-alt", "color-contrast", "button-name"):
        assert rule in rules
