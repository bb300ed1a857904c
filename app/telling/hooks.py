"""The letter about a webhook: to the person whose it is."""

from __future__ import annotations

from app.db import db
from app.hooks import letters
from app.hooks.models import Endpoint
from app.mail.posting import post
from app.people.models import Person


def switched_off(*, endpoint_id: str, at: str) -> None:
    """Say why, unless it has been deleted or switched on meanwhile; call inside a transaction."""
    endpoint = db.session.get(Endpoint, endpoint_id)
    if endpoint is None or endpoint.disabled_at is None:
        return
    person = db.session.get_one(Person, endpoint.person_id)
    cause = f"webhook-off-{endpoint_id}-{at}"
    post(person.email, person.locale, lambda: letters.switched_off(endpoint=endpoint), cause=cause)
