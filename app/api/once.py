"""A request that names itself is answered once: sent again, it gets the same answer and does nothing."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import request
from flask_babel import gettext as _

from app import clock
from app.db import db, insert_unless_there, run_tx
from app.errors import Refusal

from .models import KeptAnswer

KEPT = timedelta(days=1)
KEY = re.compile(r"[!-~]{1,255}")


@dataclass(frozen=True)
class Named:
    """What a request calls itself: its key and all it asks for, each as a digest; no key is no digest."""

    token_id: str
    key_digest: str
    request_digest: str

    @property
    def pledge_key(self) -> str:
        """The same for the same key of the same token, in 64 hexadecimal digits."""
        return digest(self.token_id, self.key_digest)


def name_of_request(token_id: str, body: Any, *, required: bool) -> Named:
    """Read the ``Idempotency-Key``.

    Raises:
        Refusal: there is none and one is ``required``, or it is not 1 to 255 visible ASCII characters.
    """
    key = request.headers.get("Idempotency-Key", "")
    if (required or "Idempotency-Key" in request.headers) and not KEY.fullmatch(key):
        raise Refusal(
            _("Send an Idempotency-Key header of 1 to 255 visible ASCII characters, a new one per request."),
            status=400,
        )
    asked = json.dumps(body, sort_keys=True)
    return Named(token_id, digest(key) if key else "", digest(request.path, asked))


def digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def kept_answer(named: Named) -> str | None:
    """What this request was answered with before; None when it is new or has no key.

    Raises:
        Refusal: the key came with another request before.
    """
    if not named.key_digest:
        return None
    kept = db.session.execute(
        sa.select(KeptAnswer.request_digest, KeptAnswer.text).where(
            KeptAnswer.token_id == named.token_id, KeptAnswer.key_digest == named.key_digest
        )
    ).first()
    if kept is None:
        return None
    if kept.request_digest != named.request_digest:
        raise Refusal(
            _("This Idempotency-Key was used for another request. Send a new key with a new request.")
        )
    return str(kept.text)


def answer_once(named: Named, act: Callable[[], str]) -> tuple[str, bool]:
    """What ``act`` gave, or what it gave before, and whether this is a repetition; in one transaction.

    ``act`` changes the database and returns the JSON. A second request with the same key waits for the first.

    Raises:
        Refusal: as :func:`kept_answer`, and whatever ``act`` refuses.
    """

    def work() -> tuple[str, bool]:
        if named.key_digest and not insert_unless_there(KeptAnswer, values_of(named)):
            return kept_answer(named) or "", True
        text = act()
        if named.key_digest:
            db.session.execute(
                sa.update(KeptAnswer)
                .where(KeptAnswer.token_id == named.token_id, KeptAnswer.key_digest == named.key_digest)
                .values(text=text)
            )
        return text, False

    return run_tx(work)


def values_of(named: Named) -> dict[str, Any]:
    return {**vars(named), "text": "", "made_at": clock.now()}


def forget_old_answers() -> None:
    """Drop what was kept for longer than a day."""
    old = KeptAnswer.made_at < clock.now() - KEPT
    if db.session.scalar(sa.select(sa.exists().where(old))):
        run_tx(lambda: db.session.execute(sa.delete(KeptAnswer).where(old)))
