"""Letters for tests to read and to send."""

from __future__ import annotations

from typing import Any

from app.db import db, run_tx
from app.mail.models import Letter
from app.mail.posting import Draft, post


def write(to: str = "minji@example.org", *, locale: str = "en", cause: str = "test", **parts: Any) -> Letter:
    """A letter that says little, unless ``parts`` of its draft say otherwise."""
    draft: dict[str, Any] = {
        "subject": "A letter",
        "lines": ["Good news."],
        "link": ("Read", "http://localhost/x"),
    }
    run_tx(lambda: post(to, locale, lambda: Draft(**(draft | parts)), cause=cause))
    return found(cause)


def found(cause: str = "test") -> Letter:
    """The letter as the database has it now."""
    db.session.rollback()
    db.session.expire_all()
    letter = db.session.query(Letter).where(Letter.cause == cause).one()
    db.session.rollback()
    return letter
