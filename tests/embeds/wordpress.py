"""What a WordPress site does with a link: it looks for oEmbed in the page's head and strips what it is given.

After ``WP_oEmbed::discover`` and ``wp_filter_oembed_result``: of a stranger's HTML only links, one quotation
and one frame stay, the frame loses everything it may do but run scripts, and both carry the same secret.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser

HEAD = 150 * 1024
ALLOWED = {
    "a": {"href"},
    "blockquote": set(),
    "iframe": {
        "src",
        "width",
        "height",
        "frameborder",
        "marginwidth",
        "marginheight",
        "scrolling",
        "title",
    },
}
KINDS = ("application/json+oembed", "text/xml+oembed")
Attributes = list[tuple[str, str | None]]


class Links(HTMLParser):
    """The oEmbed links of a head."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        said = dict(attrs)
        if tag == "link" and said.get("type") in KINDS and said.get("href"):
            self.found.setdefault(str(said["type"]), str(said["href"]))


class Filter(HTMLParser):
    """Keeps allowed tags with their allowed attributes; drops every other tag and keeps its words."""

    def __init__(self) -> None:
        super().__init__()
        self.kept: list[str] = []

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        if tag in ALLOWED:
            said = "".join(f' {name}="{escape(v or "")}"' for name, v in attrs if name in ALLOWED[tag])
            self.kept.append(f"<{tag}{said}>")

    def handle_endtag(self, tag: str) -> None:
        if tag in ALLOWED:
            self.kept.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.kept.append(escape(data))


@dataclass(frozen=True)
class Shown:
    """What the reader of the site gets; ``frame_src`` without the secret."""

    html: str
    frame_src: str


def discover(page: bytes) -> dict[str, str]:
    """The oEmbed addresses in the first 150 KB of a page's head, by kind."""
    links = Links()
    links.feed(page[:HEAD].decode(errors="replace").partition("</head>")[0])
    return links.found


def filter_result(html: str, secret: str = "aB3dE5fG7h") -> Shown | None:
    """The HTML as the site shows it; None where no frame is left, and the link stays a link."""
    strainer = Filter()
    strainer.feed(html)
    strainer.close()
    kept = "".join(strainer.kept)
    found = re.search(r"(<blockquote>.*?</blockquote>)?.*?(<iframe.*?></iframe>)", kept, re.DOTALL)
    if found is None:
        return None
    quotation, frame = found[1] or "", found[2]
    source = re.search(r' src="(.*?)"', frame)
    if source is None:
        return None
    told = f' src="{source[1]}#?secret={secret}" data-secret="{secret}"'
    frame = frame.replace(source[0], told)
    quotation = quotation.replace(
        "<blockquote", f'<blockquote class="wp-embedded-content" data-secret="{secret}"'
    )
    frame = frame.replace(
        "<iframe",
        '<iframe class="wp-embedded-content" sandbox="allow-scripts" security="restricted"'
        + (' style="position: absolute; visibility: hidden;"' if quotation else ""),
    )
    return Shown(quotation + frame, source[1].replace("&amp;", "&"))
