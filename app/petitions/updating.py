"""Updates: news from the organizer to everybody who follows the petition."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import gettext as _

from app import clock
from app.db import db, insert_unless_there, lock, new_id
from app.errors import Refusal
from app.outbox import announce

from .models import Petition, Update


def publish_update(petition_id: str, author_id: str, *, title: str, text: str, idempotency_key: str) -> str:
    """Publish news once per ``idempotency_key``; returns the update's id. Call inside a transaction.

    Announces ``update_published(update_id=…)``.

    Raises:
        Refusal: the petition is not public, so there is nobody to tell.
    """
    petition = lock(Petition, petition_id)
    if not petition.is_public:
        raise Refusal(_("You can write to supporters once the petition is public."), status=409)
    update_id = new_id()
    values = {
        "id": update_id,
        "petition_id": petition.id,
        "author_id": author_id,
        "title": title,
        "text": text,
        "published_at": clock.now(),
        "idempotency_key": idempotency_key,
    }
    if insert_unless_there(Update, values):
        announce("update_published", update_id=update_id)
        return update_id
    return db.session.scalars(sa.select(Update.id).where(Update.idempotency_key == idempotency_key)).one()
