"""What organizers write: Markdown in, safe HTML out."""

from __future__ import annotations

import nh3
from markdown_it import MarkdownIt

LONGEST = 30_000
TAGS = {
    "p",
    "br",
    "strong",
    "em",
    "a",
    "ul",
    "ol",
    "li",
    "blockquote",
    "h3",
    "h4",
    "h5",
    "code",
    "pre",
    "hr",
    "del",
}

_parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable("strikethrough")


def render_markdown(text: str) -> str:
    """Safe HTML of ``text``; headings start at h3, links open no scripts and pass on no rank."""
    html = _parser.render(text[:LONGEST])
    for level in (3, 2, 1):
        html = html.replace(f"<h{level}>", f"<h{level + 2}>").replace(f"</h{level}>", f"</h{level + 2}>")
    return nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener ugc",
    )
