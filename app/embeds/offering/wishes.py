"""What somebody wants of a widget for their page: its look and its size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.embeds.colours import read_colour
from app.embeds.looks import THEMES
from app.web.hosts import site_in
from app.web.languages import LANGUAGES

NARROWEST, WIDEST = 240, 1200
LOWEST, TALLEST = 200, 1000


@dataclass(frozen=True)
class Wish:
    """Every part is checked where it is made.

    ``lang`` is empty for the reader's own language, ``color`` six lower-case hexadecimal digits or empty for
    ours. ``width`` and ``height`` are CSS pixels; None is the whole column, and what the content needs.
    ``signing``: one signs inside the frame. ``site`` is ``host[:port]`` of the page that will show it, so
    that what it brings is counted even where a browser does not say it; empty for one that is not known.
    """

    theme: str = "auto"
    lang: str = ""
    color: str = ""
    width: int | None = None
    height: int | None = None
    signing: bool = False
    site: str = ""

    @property
    def looks(self) -> dict[str, str]:
        """What is not usual of the look."""
        asked = {"theme": self.theme, "lang": self.lang, "color": self.color}
        return {name: value for name, value in asked.items() if value not in ("", "auto")}

    @property
    def arguments(self) -> dict[str, str]:
        """What the address of a frame or a picture carries."""
        return self.looks | self.named

    @property
    def spoken(self) -> dict[str, str]:
        """What an address carries whose page has no other look."""
        return ({"lang": self.lang} if self.lang else {}) | self.named

    @property
    def named(self) -> dict[str, str]:
        """The site, as our pages are told it."""
        return {"via": self.site} if self.site else {}


def wish_in(arguments: Mapping[str, str]) -> Wish:
    """The theme, language, colour and site that an address names; what is none of these is left out."""
    theme, lang = arguments.get("theme", ""), arguments.get("lang", "")
    return Wish(
        theme=theme if theme in THEMES else "auto",
        lang=lang if lang in LANGUAGES else "",
        color=read_colour(arguments.get("color", "")) or "",
        site=site_in(arguments.get("via", "")),
    )
