"""What a browser complains about while somebody walks through the pages."""

from __future__ import annotations

import re

from playwright.sync_api import ConsoleMessage, Page, Request, Response

EXPECTED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")
"""Chromium logs every answer with an error status, also those a form is meant to give."""


class Watch:
    """Collects console errors, refused content, failed requests and server errors of one page."""

    def __init__(self, page: Page) -> None:
        self.complaints: list[str] = []
        page.on("console", self.hear)
        page.on("pageerror", lambda error: self.complaints.append(f"script: {error}"))
        page.on("requestfailed", self.miss)
        page.on("response", self.receive)

    def hear(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not EXPECTED.match(message.text):
            self.complaints.append(f"console: {message.text}")

    def miss(self, request: Request) -> None:
        if request.failure and "ERR_ABORTED" not in request.failure:
            self.complaints.append(f"request: {request.url} {request.failure}")

    def receive(self, response: Response) -> None:
        if response.status >= 500:
            self.complaints.append(f"server: {response.status} {response.url}")
