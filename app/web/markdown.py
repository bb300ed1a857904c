"""What organizers write, and what we document: Markdown in, safe HTML out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain, count, pairwise

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

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

HEADING = re.compile(r"<h([1-6])>")
HEADING_TAG = re.compile(r"<(/?)h([1-6])>")

TABLE = re.compile(r"<table>(.*?)</table>", re.DOTALL)
TABLE_FRAME = (
    '<div class="table-wrap" role="region" tabindex="0" aria-label="Table {number}">'
    '<table class="data">{table}</table></div>'
)
WORD = re.compile(r"[a-z0-9]+")
RELATIVE = re.compile(r"(?![a-z]+:|#|/)")

_documents = MarkdownIt("commonmark", {"html": False}).enable("table")
_parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 20}).enable("strikethrough")


def render_markdown(text: str) -> str:
    """Safe HTML of ``text``; links open no scripts and pass on no rank.

    Whatever levels the writer's headings have, they become h3, h4 and h5 without a gap.
    """
    html = _parser.render(text[:LONGEST])
    levels = sorted(set(HEADING.findall(html)))
    shown = {level: min(3 + place, 5) for place, level in enumerate(levels)}
    html = HEADING_TAG.sub(lambda tag: f"<{tag[1]}h{shown[tag[2]]}>", html)
    return nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener ugc",
    )


@dataclass(frozen=True)
class Document:
    """A page that we wrote ourselves: its first heading, the rest as safe HTML, and its sections.

    ``sections`` are (id, words) of the headings of the second level, to lead to them.
    """

    title: str
    html: Markup
    sections: tuple[tuple[str, str], ...]


def render_document(text: str, place_of: Callable[[str], str | None]) -> Document:
    """Safe HTML of one of our own documents: with tables, and headings that can be linked to.

    ``place_of`` gives the address of what a relative link means, or None where there is none: then the words
    stand alone. Each table has a frame of its own, so that it is as wide as it needs to be on a phone.
    """
    tokens = _documents.parse(text)
    title, rest = words_of(tokens[1]), tokens[3:]
    ids: set[str] = set()
    sections = []
    for opening, inline in pairwise(rest):
        inline.children = (
            relink(inline.children or [], place_of) if inline.type == "inline" else inline.children
        )
        if opening.type == "heading_open":
            words = words_of(inline)
            name = new_name(words, ids)
            opening.attrSet("id", name)
            if opening.tag == "h2":
                sections.append((name, words))
    html = nh3.clean(
        _documents.renderer.render(rest, _documents.options, {}),
        tags=TAGS | {"h2", "table", "thead", "tbody", "tr", "th", "td"},
        attributes={"a": {"href"}, "h2": {"id"}, "h3": {"id"}, "h4": {"id"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener",
    )
    numbers = count(1)
    html = TABLE.sub(lambda found: TABLE_FRAME.format(number=next(numbers), table=found[1]), html)
    return Document(title, Markup(html), tuple(sections))  # noqa: S704 - cleaned above


def words_of(inline: Token) -> str:
    return "".join(child.content for child in inline.children or () if child.type in {"text", "code_inline"})


def new_name(words: str, taken: set[str]) -> str:
    """An id for a heading, unlike those before it."""
    plain = "-".join(WORD.findall(words.lower())) or "section"
    name = next(name for name in chain([plain], (f"{plain}-{n}" for n in count(2))) if name not in taken)
    taken.add(name)
    return name


def relink(children: list[Token], place_of: Callable[[str], str | None]) -> list[Token]:
    """The same words with relative links leading to their places; a link to nowhere is gone."""
    kept, open_link = [], True
    for child in children:
        if child.type == "link_open":
            href = str(child.attrGet("href"))
            place = href if RELATIVE.match(href) is None else place_of(href)
            open_link = place is not None
            if place is not None:
                child.attrSet("href", place)
        if open_link or not child.type.startswith("link_"):
            kept.append(child)
    return kept
