"""The documentation is read where the product is, with the reader's own Dure in its examples."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.config import ROOT
from app.pages.developers import DOCUMENTS
from app.web.markdown import render_document
from tests.world import World

HREF = re.compile(r'href="([^"]+)"')


@pytest.fixture
def settings_changes() -> dict[str, Any]:
    return {"base_url": "https://ours.test"}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_document_is_a_page_with_our_own_address(client: FlaskClient, context: None, name: str) -> None:
    answer = client.get(f"/developers/{name}?lang=ko")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, no-cache"
    page = answer.text.partition("<main")[2].partition("</main>")[0]
    headings = re.findall(r"^## (.+)$", (ROOT / "docs" / f"{name}.md").read_text(), re.MULTILINE)
    assert len(headings) == len(re.findall(r'<h2 id="', page)) > 2
    assert "https://ours.test" in page
    assert "dure.example" not in page
    assert "<pre><code>" in page
    assert '<article class="prose" lang="en">' in page


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_link_of_it_leads_nowhere(client: FlaskClient, context: None, name: str) -> None:
    page = client.get(f"/developers/{name}").text
    for link in set(HREF.findall(page.partition("<main")[2].partition("</main>")[0])):
        address, _hash, place = link.partition("#")
        if address.startswith("https://"):
            continue
        there = client.get(address) if address else None
        assert there is None or there.status_code == 200, link
        assert f'id="{place}"' in (there.text if there else page) or not place, link


@pytest.mark.parametrize(("language", "told"), [("ko", True), ("en", False)])
def test_who_reads_korean_is_told_that_it_is_english(
    client: FlaskClient, context: None, language: str, told: bool
) -> None:
    head = client.get(f"/developers/api?lang={language}").text.partition("</header>\n<nav aria-label")[0]
    assert ('<p class="muted">' in head) is told


def test_there_is_no_other_document(client: FlaskClient, context: None) -> None:
    for name in ("money", "nothing", "..%2Fpyproject"):
        assert client.get(f"/developers/{name}").status_code == 404


def test_the_documents_are_found_from_where_they_are_needed(client: FlaskClient, world: World) -> None:
    petition = world.petition()
    everywhere = client.get("/?lang=en").text.partition("<footer")[2]
    assert "/developers?lang=en" in everywhere
    index = client.get("/developers").text
    assert all(f'"/developers/{name}"' in index for name in DOCUMENTS)
    for path, name in ((f"/petitions/{petition.slug}/embed", "embedding"), ("/data", "")):
        assert f'href="/developers/{name}"'.replace('/"', '"') in client.get(path).text, path


def test_a_document_does_nothing_whatever_stands_in_it() -> None:
    text = (
        "# Title\n\nLead\n\n## A `b` c\n\n<script>x</script> [a](javascript:x) ![x](y)\n\n## A b c\n\n"
        "| a | b |\n|---|---|\n| <i>c</i> | [d](other.md) and [e](gone.html) |\n"
    )
    document = render_document(text, {"other.md": "/there"}.get)
    assert document.title == "Title"
    assert document.sections == (("a-b-c", "A b c"), ("a-b-c-2", "A b c"))
    assert '<h2 id="a-b-c">A <code>b</code> c</h2>' in document.html
    assert '<a href="/there" rel="noopener">d</a> and e' in document.html
    assert 'aria-label="Table 1"><table class="data"><thead>' in document.html.replace("\n", "")
    assert not re.search(r"<script|<img|<i>|href=\"javascript", document.html)
