"""How an owner asked for a widget: what is not understood is as if it had not been said."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request

from app.web.hosts import site_in
from app.web.languages import asked_language

from .colours import read_colour

THEMES = ("auto", "light", "dark")


@dataclass(frozen=True)
class Look:
    """``theme`` is auto, light or dark; ``colour`` six hex digits; ``via`` the host that shows the widget."""

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


def asked_look() -> Look:
    """The look that the request's address asks for."""
    theme = request.args.get("theme", "auto")
    return Look(
        theme=theme if theme in THEMES else "auto",
        colour=read_colour(request.args.get("color", "")),
        via=site_in(request.args.get("via", "")) or None,
    )
