"""What a page of another site can do in a real browser: read everything, write nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS

from .serving import SLUG, Served, served

ASK = """async ([address, options]) => {
  try {
    const answer = await fetch(address, options);
    return [answer.status, answer.headers.get("ETag") !== null, await answer.text()];
  } catch (refusal) {
    return [refusal.name];
  }
}"""


@pytest.fixture
def site(sqlite_template: Path, tmp_path: Path) -> Iterator[Served]:
    with served(sqlite_template, tmp_path) as started:
        yield started


@pytest.fixture
def elsewhere() -> Iterator[Page]:
    """A page with an origin of its own, which is nobody's."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser.new_page()
        browser.close()


def test_it_reads_and_does_not_write(site: Served, elsewhere: Page) -> None:
    address = f"{site.address}/api/v1/petitions/{SLUG}"
    status, has_tag, text = elsewhere.evaluate(ASK, [address, {}])
    assert (status, has_tag) == (200, True)
    assert SLUG in text
    assert elsewhere.evaluate(ASK, [address, {"headers": {"If-None-Match": 'W/"x"'}}])[0] == 200
    assert elsewhere.evaluate(ASK, [f"{address}/nothing", {}])[0] == 404
    assert elsewhere.evaluate(ASK, [address, {"credentials": "include"}]) == ["TypeError"]
    write = {
        "method": "POST",
        "headers": {"Authorization": f"Bearer {site.token}", "Content-Type": "application/json"},
        "body": "{}",
    }
    assert elsewhere.evaluate(ASK, [f"{address}/signatures", write]) == ["TypeError"]
    bare = {"method": "POST", "body": "{}"}
    assert elsewhere.evaluate(ASK, [f"{address}/signatures", bare])[0] == 401
