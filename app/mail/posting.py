"""Writing letters: a draft in the reader's language becomes a row that is sent later."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from flask import render_template

from app import clock
from app.db import insert_unless_there, new_id
from app.web.languages import speaking

from .models import Letter

hushed: ContextVar[bool] = ContextVar("hushed", default=False)


@contextmanager
def unwritten() -> Iterator[None]:
    """Write no letters meanwhile: what happens here happened long ago, and was read then."""
    token = hushed.set(True)
    try:
        yield
    finally:
        hushed.reset(token)


@dataclass(frozen=True)
class Draft:
    """What a letter says. ``link`` is (label, address); it comes before every other address in the text."""

    subject: str
    lines: Sequence[str]
    link: tuple[str, str] | None = None
    after: Sequence[str] = field(default_factory=tuple)
    more_links: Sequence[tuple[str, str]] = field(default_factory=tuple)
    unsubscribe_url: str | None = None


def post(
    recipient: str | None,
    locale: str,
    write: Callable[[], Draft],
    *,
    cause: str,
    due_at: datetime | None = None,
) -> bool:
    """Write one letter, once per ``cause``; call inside a transaction.

    ``write`` is called while ``locale`` is being spoken. Returns False when the letter was there
    already or the recipient's address has been erased.
    """
    if not recipient or hushed.get():
        return False
    with speaking(locale):
        draft = write()
        text = render_template("mail/letter.txt", draft=draft)
        html = render_template("mail/letter.html", draft=draft, locale=locale)
    at = clock.now()
    values = {
        "id": new_id(),
        "cause": cause,
        "recipient": recipient,
        "locale": locale,
        "subject": " ".join(draft.subject.split())[:250],
        "text": text,
        "html": html,
        "unsubscribe_url": draft.unsubscribe_url,
        "created_at": at,
        "due_at": due_at or at,
        "attempts": 0,
    }
    return insert_unless_there(Letter, values)
