"""Who may moderate."""

from __future__ import annotations

from app import clock
from app.db import run_tx

from .models import welcome


def appoint(email: str) -> None:
    """Make the person behind a checked address a moderator, and the person if there is none yet."""

    def make() -> None:
        person = welcome(email, name=email.partition("@")[0], locale="ko")
        person.moderator_since = person.moderator_since or clock.now()

    run_tx(make)
