"""Looking into the frames of a host's page."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from playwright.sync_api import BrowserContext, ConsoleMessage, Frame, Locator, Page

from tests.browser.site import Site

SANDBOX = "allow-scripts allow-popups allow-popups-to-escape-sandbox"
SIGNING = f"{SANDBOX} allow-forms allow-same-origin"


def inside(page: Page, selector: str) -> Frame:
    """The frame that an iframe shows, once its widget can be seen."""
    element = page.locator(selector)
    element.scroll_into_view_if_needed()
    handle = element.element_handle()
    frame = handle.content_frame() if handle else None
    assert frame is not None, f"{selector} is no frame"
    frame.locator(".widget").wait_for()
    return frame


def gather(source: Page | BrowserContext, event: str) -> list[Any]:
    """Whatever of this kind happens from now on."""
    found: list[Any] = []

    def keep(one: Any) -> None:
        found.append(one)

    source.on(event, keep)
    return found


def hear(page: Page) -> list[str]:
    """Every word on the page's console from now on."""
    said: list[str] = []

    def keep(message: ConsoleMessage) -> None:
        said.append(message.text)

    page.on("console", keep)
    return said


def height_of(element: Locator) -> int:
    box = element.bounding_box()
    assert box is not None
    return round(box["height"])


def frame_code(
    site: Site, slug: str, *, query: str = "", sandbox: str | None = SANDBOX, size: str = ""
) -> str:
    """An iframe as a site owner writes it; ``sandbox`` None leaves that attribute out."""
    kept = "" if sandbox is None else f' sandbox="{sandbox}"'
    size = size or 'width="400" height="400"'
    return (
        f'<iframe id="plain" src="{site.base_url}/embed/v1/{quote(slug)}{query}" title="Petition" {size}'
        f' referrerpolicy="strict-origin"{kept}></iframe>'
    )
