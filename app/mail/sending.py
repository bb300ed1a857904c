"""Sending what has been written, through SMTP where there is a server."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Any
from urllib.parse import unquote, urlsplit

import sqlalchemy as sa
import structlog
from flask import Flask, current_app
from flask_mailman import EmailMultiAlternatives, Mail

from app import clock
from app.config import Settings
from app.db import db, run_tx

from .models import Letter

BATCH = 50
LEASE = timedelta(minutes=5)
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=2)
MOST_ATTEMPTS = 12

log = structlog.get_logger()
mail = Mail()


def init_app(app: Flask) -> None:
    settings: Settings = app.config["DURE"]
    server = urlsplit(settings.smtp_url)
    app.config.update(
        MAIL_SERVER=server.hostname or "localhost",
        MAIL_PORT=server.port or (465 if server.scheme == "smtps" else 25),
        MAIL_USERNAME=unquote(server.username) if server.username else None,
        MAIL_PASSWORD=unquote(server.password) if server.password else None,
        MAIL_USE_SSL=server.scheme == "smtps",
        MAIL_USE_TLS=server.scheme == "smtp+tls",
        MAIL_TIMEOUT=20,
        MAIL_DEFAULT_SENDER=settings.mail_from,
    )
    mail.init_app(app)


def send_due_letters() -> int:
    """Send every letter that is due, each with its own fate; returns how many were sent.

    Without ``DURE_SMTP_URL`` letters stay in the database, to be read at ``/dev/letters``.
    """
    if not current_app.config["DURE"].smtp_url:
        return 0
    sent = 0
    while batch := run_tx(lease_letters):
        sent += sum(deliver(letter_id) for letter_id in batch)
    return sent


def lease_letters() -> list[str]:
    moment = clock.now()
    due = (
        sa.select(Letter)
        .where(Letter.sent_at.is_(None), Letter.given_up_at.is_(None), Letter.due_at <= moment)
        .order_by(Letter.due_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    )
    letters = db.session.scalars(due).all()
    for letter in letters:
        letter.due_at = moment + LEASE
        letter.attempts += 1
    return [letter.id for letter in letters]


def deliver(letter_id: str) -> bool:
    """Send one letter; False when that failed, or when its reader has been erased meanwhile.

    Whatever goes wrong with one letter, the others are sent.
    """
    letter = db.session.get(Letter, letter_id)
    if letter is None:
        return False
    connection = mail.get_connection()
    try:
        compose(letter, connection).send()
    except Exception as error:
        reason, final = repr(error), is_final(error)
        run_tx(lambda: put_off(letter_id, letter.attempts, reason, give_up=final))
        return False
    finally:
        with suppress(SMTPException, OSError):
            connection.close()
    run_tx(lambda: mark(letter_id, sent_at=clock.now(), last_error=None))
    return True


def is_final(error: Exception) -> bool:
    """Whether trying again is of no use: no such mailbox, or an address that no letter can carry."""
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _reply in error.recipients.values())
    return isinstance(error, ValueError)


def compose(letter: Letter, connection: Any) -> EmailMultiAlternatives:
    headers = {"Message-ID": f"<{letter.id}@dure>", "Auto-Submitted": "auto-generated"}
    if letter.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        to=[letter.recipient],
        headers=headers,
        connection=connection,
    )
    message.attach_alternative(letter.html, "text/html")
    return message


def put_off(letter_id: str, attempts: int, reason: str, *, give_up: bool) -> None:
    moment = clock.now()
    log.warning("letter not sent", letter=letter_id, attempts=attempts, reason=reason)
    pause = min(FIRST_PAUSE * 2 ** (attempts - 1), LONGEST_PAUSE)
    over = give_up or attempts >= MOST_ATTEMPTS
    mark(letter_id, due_at=moment + pause, last_error=reason[:1000], given_up_at=moment if over else None)


def mark(letter_id: str, **values: object) -> None:
    db.session.execute(sa.update(Letter).where(Letter.id == letter_id).values(**values))
