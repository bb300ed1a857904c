"""How an owner asked for a widget: what is not understood is as if it had not been said."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from flask import request
from werkzeug.wrappers import Request

from app.web.languages import LANGUAGES, asked_language

from .colours import read_colour

THEMES = ("auto", "light", "dark")
VERSION = re.compile("[0-9a-f]{24}")


@dataclass(frozen=True)
class Look:
    """``theme`` is auto, light or dark; ``colour`` six hex digits.

    ``via`` is the host that shows the widget, where a page is written for one reader alone: what everybody is
    given does not depend on it, and the widget's script adds it to the links.
    """

    theme: str = "auto"
    colour: str | None = None
    via: str | None = None

    @property
    def query(self) -> str:
        """``?…`` that asks for the same again, in the language that was asked for; empty for the default."""
        theme = self.theme if self.theme != "auto" else None
        asked = {"theme": theme, "color": self.colour, "lang": asked_language(), "via": self.via}
        said = urlencode({name: value for name, value in asked.items() if value})
        return f"?{said}" if said else ""


@lru_cache(maxsize=4096)
def understood(query: str) -> str:
    """A query string reduced to what an answer for everybody can depend on, each part checked, in one order.

    It is read as the views read it: the first of equal names counts.
    """
    arguments = Request({"QUERY_STRING": query}).args
    theme, lang, since = (arguments.get(name, "") for name in ("theme", "lang", "since"))
    found = {
        "theme": theme if theme in ("light", "dark") else "",
        "color": read_colour(arguments.get("color", "")),
        "lang": lang if lang in LANGUAGES else "",
        "since": since if VERSION.fullmatch(since) else "",
    }
    return urlencode({name: value for name, value in found.items() if value})


def asked_look() -> Look:
    """The look that the request's address asks for, whatever site shows it."""
    theme = request.args.get("theme", "auto")
    return Look(
        theme=theme if theme in THEMES else "auto",
        colour=read_colour(request.args.get("color", "")),
    )
