"""Letters about thanks, each written inside a transaction."""

from __future__ import annotations

import sqlalchemy as sa

from app.actions.models import Duty
from app.db import db
from app.giving import letters
from app.giving.thanking import NAME
from app.mail.posting import post
from app.people.models import Person
from app.petitions.models import Petition
from app.pledges.models import Pledge


def thanked(pledge_id: str) -> None:
    """To the giver."""
    pledge = db.session.get_one(Pledge, pledge_id)
    petition = db.session.get_one(Petition, pledge.petition_id)
    organizer = db.session.get(Person, petition.organizer_id) if petition.organizer_id else None
    name = organizer.name if organizer else petition.addressee
    post(
        pledge.email,
        pledge.locale,
        lambda: letters.thanked(petition=petition, pledge=pledge, organizer=name),
        cause=f"thanks-{pledge_id}",
    )


def thanks_due(duty_id: str) -> None:
    """The day has come for thanks that were not sent: once to the organizer."""
    duty = db.session.get_one(Duty, duty_id)
    petition = db.session.get_one(Petition, duty.petition_id)
    if duty.kind != "gift" or duty.name != NAME or duty.state != "open" or petition.organizer_id is None:
        return
    waiting = db.session.scalar(
        sa.select(sa.func.count()).where(
            Duty.petition_id == petition.id, Duty.name == NAME, Duty.state == "open"
        )
    )
    organizer = db.session.get_one(Person, petition.organizer_id)
    post(
        organizer.email,
        organizer.locale,
        lambda: letters.due(petition=petition, count=int(waiting or 0)),
        cause=f"thanks-due-{petition.id}",
    )
