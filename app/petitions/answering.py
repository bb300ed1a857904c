"""The official answer: what the addressee said, on record word for word."""

from __future__ import annotations

from flask_babel import gettext as _

from app import clock
from app.db import lock
from app.errors import Refusal
from app.outbox import announce

from .models import Petition


def record_answer(petition_id: str, text: str) -> bool:
    """Put the addressee's answer on record; False when one is there already. Call inside a transaction.

    Announces ``answer_recorded(petition_id=…)``.

    Raises:
        Refusal: the petition is not public, or its signature threshold has not been reached yet.
    """
    petition = lock(Petition, petition_id)
    if not petition.is_public or petition.signatures.reached_at is None:
        raise Refusal(
            _("An answer can be recorded once the petition has reached its signatures."), status=409
        )
    if petition.responded_at is not None:
        return False
    petition.response_track, petition.responded_at = "responded", clock.now()
    petition.response_text = text
    announce("answer_recorded", petition_id=petition.id)
    return True


def note_silence(petition_id: str) -> bool:
    """The day for an answer has passed; False when one came, or there is still time."""
    petition = lock(Petition, petition_id)
    due = petition.response_due_at
    if petition.response_track != "awaiting" or due is None or clock.now() < due:
        return False
    petition.response_track = "silent"
    return True
