"""Loading a co-operative for those who may see more of it than strangers."""

from __future__ import annotations

import sqlalchemy as sa
from flask import abort
from flask_login import current_user

from app.db import db
from app.petitions.models import Petition

from .registering import Cooperative, Member, cooperative_of


def find(slug: str) -> Cooperative:
    """The co-operative at this address; 404 where strangers see nothing."""
    petition = db.session.scalar(sa.select(Petition).where(Petition.slug == slug))
    if petition is None or not petition.is_public:
        abort(404)
    cooperative = cooperative_of(petition)
    if cooperative is None:
        abort(404)
    return cooperative


def own(slug: str) -> Cooperative:
    """The co-operative that the signed-in person runs; for everybody else there is no such page (404)."""
    cooperative = find(slug)
    if cooperative.petition.organizer_id != current_user.id:
        abort(404)
    return cooperative


def joined(slug: str) -> tuple[Cooperative, Member | None]:
    """The co-operative and the signed-in person's line in its register; 404 for those outside of it."""
    cooperative = find(slug)
    member = cooperative.member(current_user.id)
    if member is None and cooperative.petition.organizer_id != current_user.id:
        abort(404)
    return cooperative, member
