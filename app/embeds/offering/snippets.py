"""The code to copy: correct for every title, with nothing in it that a strict host would refuse."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.urls import iri_to_uri, uri_to_iri

from app.embeds.loader import Release
from app.web.languages import speaking
from app.web.links import lasting

from .wishes import Wish

MARKDOWN = re.compile(r"[\\`*_\[\]<>&~|!#]")
SANDBOX = "allow-scripts allow-popups allow-popups-to-escape-sandbox"
SIGNING = f"{SANDBOX} allow-forms allow-same-origin"
"""What a form needs besides; the origin it keeps is ours, never that of the page around it."""
FRAME = Markup(
    '<iframe src="{src}" title="{title}" width="{width}" height="{height}" frameborder="0" loading="lazy"'
    ' referrerpolicy="strict-origin" sandbox="{sandbox}"></iframe>'
)
ELEMENT = Markup('<dure-petition{attributes}><a href="{address}">{title}</a></dure-petition>\n')
MOVING = Markup('<script async src="{src}"></script>')
PINNED = Markup('<script async src="{src}" integrity="{integrity}" crossorigin="anonymous"></script>')
QUOTE = Markup('<blockquote class="dure-petition"><a href="{address}">{title}</a></blockquote>')
BADGE = Markup('<a href="{address}"><img src="{src}" alt="{title}" height="20"></a>')


@dataclass(frozen=True)
class Subject:
    """The petition that is shown elsewhere; ``locale`` is the language of its title."""

    slug: str
    title: str
    locale: str


@dataclass(frozen=True)
class Addresses:
    """Where a petition and its widgets lie for one wish; nothing of the request is in them."""

    page: str
    frame: str
    badge: str
    shield: str

    def readable(self) -> Addresses:
        """The same with every letter of every script as itself, for people to copy and read."""
        return Addresses(*(uri_to_iri(each) for each in (self.page, self.frame, self.badge, self.shield)))


def addresses_of(slug: str, wish: Wish) -> Addresses:
    numbers = {name: value for name, value in wish.looks.items() if name != "theme"}
    return Addresses(
        page=lasting("pages.petition", slug=slug, **wish.spoken),
        frame=lasting("embeds.frame", slug=slug, **wish.arguments),
        badge=lasting("embeds.badge", slug=slug, **wish.arguments),
        shield=lasting("embeds.shield", slug=slug, **numbers),
    )


def one_line(title: str) -> str:
    """The title without line breaks, which no attribute and no Markdown link may hold."""
    return " ".join(title.split())


def frame_title(subject: Subject, wish: Wish) -> str:
    """What a screen reader calls the frame, in the language of the frame."""
    with speaking(wish.lang or subject.locale):
        return str(_("Petition: %(title)s", title=one_line(subject.title)))


def frame_code(src: str, title: str, width: int | None, height: int, sandbox: str = SANDBOX) -> Markup:
    """The frame; ``width`` and ``height`` in pixels, None for the whole column."""
    return FRAME.format(src=src, title=title, width=width or "100%", height=height, sandbox=sandbox)


def element_code(subject: Subject, wish: Wish, addresses: Addresses) -> Markup:
    """The custom element, without the script that gives it life: the link inside stands where none runs."""
    wide = {"width": wish.width} if wish.width else {}
    said = {"slug": subject.slug, **wish.looks, **wide, "label": frame_title(subject, wish)}
    attributes = Markup("").join(Markup(' {}="{}"').format(name, value) for name, value in said.items())
    if wish.signing:
        attributes += Markup(" signing")
    return ELEMENT.format(attributes=attributes, address=addresses.page, title=one_line(subject.title))


def moving_script(base: str) -> Markup:
    """The loader that changes when we mend it."""
    return MOVING.format(src=f"{base}/embed/v1/loader.js")


def pinned_script(base: str, release: Release) -> Markup:
    """The loader as it is today; a browser runs not one other byte."""
    return PINNED.format(src=f"{base}{release.path}", integrity=release.integrity)


def quote_code(address: str, title: str) -> Markup:
    """The quoted link that stands where no frame can."""
    return QUOTE.format(address=address, title=one_line(title))


def badge_code(addresses: Addresses, title: str) -> Markup:
    return BADGE.format(address=addresses.page, src=addresses.badge, title=one_line(title))


def badge_markdown(addresses: Addresses, title: str) -> str:
    return picture_markdown(addresses.badge, addresses.page, title)


def shield_markdown(addresses: Addresses, title: str) -> str:
    """A badge drawn by shields.io from our numbers."""
    drawn = f"https://img.shields.io/endpoint?url={quote(iri_to_uri(addresses.shield), safe='')}"
    return picture_markdown(drawn, addresses.page, title)


def picture_markdown(src: str, address: str, title: str) -> str:
    """A linked picture in Markdown; whatever Markdown reads as its own in the title is escaped."""
    words = MARKDOWN.sub(lambda found: "\\" + found[0], one_line(title))
    return f"[![{words}]({src})]({address})"
