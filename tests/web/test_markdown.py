"""What organizers write becomes safe HTML that fits below our own headings."""

from __future__ import annotations

import pytest

from app.web.markdown import render_markdown


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("### one", "<h3>one</h3>"),
        ("# one", "<h3>one</h3>"),
        ("## one\n\n#### two", "<h3>one</h3>\n<h4>two</h4>"),
        ("# a\n\n## b\n\n### c\n\n#### d", "<h3>a</h3>\n<h4>b</h4>\n<h5>c</h5>\n<h5>d</h5>"),
        ("`<h1>`", "<p><code>&lt;h1&gt;</code></p>"),
    ],
)
def test_headings_start_at_the_third_level_without_a_gap(text: str, html: str) -> None:
    assert render_markdown(text).strip() == html


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[a](javascript:alert(1))",
        "![a](x onerror=alert(1))",
        "<img src=x onerror=alert(1)>",
        "[a](<data:text/html,x>)",
    ],
)
def test_nothing_in_it_runs(text: str) -> None:
    html = render_markdown(text)
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html


def test_links_pass_on_no_rank() -> None:
    assert 'rel="nofollow noopener ugc"' in render_markdown("[a](https://example.org)")
