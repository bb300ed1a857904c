"""English without a catalogue, for rules that are tried out without an application."""

from __future__ import annotations

from datetime import datetime


class Plain:
    """Speaks as the rules are written."""

    def gettext(self, msgid: str, **params: str) -> str:
        return msgid % params

    def money(self, minor: int, currency: str) -> str:
        return f"{currency} {minor:,}"

    def number(self, value: int) -> str:
        return f"{value:,}"

    def day(self, at: datetime) -> str:
        return f"{at:%d %B %Y}"


PLAIN = Plain()
