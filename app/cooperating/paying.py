"""What an organizer pays in: whose it is, by which method, under which key."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import gettext as _

from app.db import db, lock
from app.errors import Refusal
from app.payments.models import Charge
from app.petitions.models import Petition


def owner_of(petition_id: str, organizer_id: str) -> Petition:
    """The petition, locked, if it is this organizer's.

    Raises:
        Refusal: it is somebody else's.
    """
    petition = lock(Petition, petition_id)
    if petition.organizer_id != organizer_id:
        raise Refusal(_("Only the organizer can do this."), status=404)
    return petition


def next_key(purpose: str, subject_id: str) -> str:
    """The key of the charge for this: another one only after one has failed."""
    failed = db.session.scalar(
        sa.select(sa.func.count()).where(
            Charge.subject_id == subject_id, Charge.purpose == purpose, Charge.state == "failed"
        )
    )
    return f"{purpose}-{subject_id}-{(failed or 0) + 1}"


def latest_charge(purpose: str, subject_id: str) -> Charge | None:
    """The last try to charge for this."""
    return db.session.scalar(
        sa.select(Charge)
        .where(Charge.subject_id == subject_id, Charge.purpose == purpose)
        .order_by(Charge.started_at.desc(), Charge.id.desc())
        .limit(1)
    )
