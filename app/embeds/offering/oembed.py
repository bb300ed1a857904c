"""oEmbed 1.0 as https://oembed.com has it: the question, and its answer in JSON and XML."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from flask_babel import gettext as _

from app.errors import Refusal
from app.web.xml import fit_for_xml

from .snippets import frame_code, quote_code
from .wishes import LOWEST, NARROWEST

USUAL_WIDTH = 600
CACHE_SECONDS = 3600
"""For how long a consumer may keep an answer; the numbers inside the frame stay live all the same."""
MIMETYPES = {"json": "application/json", "xml": "text/xml"}
MOST_PIXELS = 10_000


@dataclass(frozen=True)
class Question:
    """A link, the form of the answer, and the room there is: pixels, None for any number."""

    url: str
    form: str
    most_width: int | None
    most_height: int | None

    @property
    def width(self) -> int:
        """How wide the answer will be."""
        return min(USUAL_WIDTH, self.most_width or USUAL_WIDTH)


@dataclass(frozen=True)
class Unfolded:
    """What a link of ours unfolds into: ``frame`` shows it and is ``height`` pixels tall.

    There is no frame where the organizer lets only some sites show it: whoever asks does not say for which.
    """

    title: str
    address: str
    frame: str | None
    frame_title: str
    height: int
    author_name: str | None = None
    author_url: str | None = None


@dataclass(frozen=True)
class Picture:
    """Where a picture lies, and its size in pixels."""

    url: str
    width: int
    height: int

    def fits(self, question: Question) -> bool:
        """Whether a consumer has room for it."""
        return self.width <= (question.most_width or self.width) and self.height <= (
            question.most_height or self.height
        )


def question_in(arguments: Mapping[str, str]) -> Question:
    """What ``?url=&format=&maxwidth=&maxheight=`` asks.

    Raises:
        Refusal: no link (400), a form of answer we do not speak (501), a size that is no number (400).
    """
    form = arguments.get("format") or "json"
    if form not in MIMETYPES:
        raise Refusal(_("Ask for format=json or format=xml; there is no other."), status=501)
    url = arguments.get("url", "")
    if not url:
        raise Refusal(_("Say which link: /oembed?url=…, with the link percent-encoded."), status=400)
    return Question(url, form, pixels_in(arguments, "maxwidth"), pixels_in(arguments, "maxheight"))


def pixels_in(arguments: Mapping[str, str], name: str) -> int | None:
    """The size that is asked for, at most 10,000; None where none is."""
    text = arguments.get(name, "")
    if not text:
        return None
    digits = text.lstrip("0")
    if not (text.isascii() and text.isdigit() and digits):
        raise Refusal(_("%(name)s is a whole number of pixels, such as 480.", name=name), status=400)
    return MOST_PIXELS if len(digits) > len(str(MOST_PIXELS)) else min(int(digits), MOST_PIXELS)


def answer_to(question: Question, found: Unfolded, provider: str, picture: Picture) -> dict[str, Any]:
    """The answer's fields. Without a frame, or too little room for one, the quoted link stands alone."""
    width, height = question.width, min(found.height, question.most_height or found.height)
    html = quote_code(found.address, found.title)
    if found.frame and width >= NARROWEST and height >= LOWEST:
        html += frame_code(found.frame, found.frame_title, width, height)
    answer = {
        "version": "1.0",
        "type": "rich",
        "title": found.title,
        "provider_name": "Dure",
        "provider_url": provider,
        "author_name": found.author_name,
        "author_url": found.author_url,
        "cache_age": CACHE_SECONDS,
        "html": str(html),
        "width": width,
        "height": height,
    }
    if picture.fits(question):
        answer |= {
            "thumbnail_url": picture.url,
            "thumbnail_width": picture.width,
            "thumbnail_height": picture.height,
        }
    return {name: value for name, value in answer.items() if value is not None}


def write_xml(answer: Mapping[str, Any]) -> str:
    """The answer as XML, without the characters that XML cannot hold."""
    root = Element("oembed")
    for name, value in answer.items():
        SubElement(root, name).text = fit_for_xml(str(value))
    declaration = '<?xml version="1.0" encoding="utf-8" standalone="yes"?>'
    return f"{declaration}\n{tostring(root, encoding='unicode')}\n"


WRITERS: dict[str, Callable[[Mapping[str, Any]], str]] = {"json": json.dumps, "xml": write_xml}
