"""What somebody wants of a widget for their page: its look and its size."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.embeds.colours import read_colour
from app.embeds.looks import THEMES
from app.web.languages import LANGUAGES

NARROWEST, WIDEST = 240, 1200
LOWEST, TALLEST = 200, 1000


@dataclass(frozen=True)
class Wish:
    """Every part is checked where it is made.

    ``lang`` is empty for the reader's own language, ``color`` six lower-case hexadecimal digits or empty for
    ours. ``width`` and ``height`` are CSS pixels; None is the whole column, and what the content needs.
    ``signing``: one signs inside the frame.
    """

    theme: str = "auto"
    lang: str = ""
    color: str = ""
    width: int | None = None
    height: int | None = None
    signing: bool = False

    @property
    def arguments(self) -> dict[str, str]:
        """What the address of the frame carries; whatever is usual is left out."""
        asked = {"theme": self.theme, "lang": self.lang, "color": self.color}
        return {name: value for name, value in asked.items() if value not in ("", "auto")}

    @property
    def spoken(self) -> dict[str, str]:
        """What an address carries whose page has no other look."""
        return {"lang": self.lang} if self.lang else {}


def wish_in(arguments: Mapping[str, str]) -> Wish:
    """The theme, language and colour that an address asks for; what is none of these is left out."""
    theme, lang = arguments.get("theme", ""), arguments.get("lang", "")
    return Wish(
        theme=theme if theme in THEMES else "auto",
        lang=lang if lang in LANGUAGES else "",
        color=read_colour(arguments.get("color", "")) or "",
    )
