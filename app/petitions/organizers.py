"""The public page of somebody who started petitions: their name, and what is public of their petitions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app import clock
from app.db import db
from app.people.models import HANDLE_LENGTH, HANDLE_LETTERS, Person
from app.web.caching import snapshot

from .browsing import ListedPetition, Search, ordered, read_rows, with_thresholds
from .models import PUBLIC_STATES, Petition
from .showing import version_of

MOST_LISTED = 60


@dataclass(frozen=True)
class OrganizerView:
    """The newest public petitions of one person, and how many there are in all.

    ``as_of`` is the moment of the read; ``version`` names all the rest.
    """

    handle: str
    name: str
    locale: str
    petitions: tuple[ListedPetition, ...]
    total: int
    as_of: datetime
    version: str


def organizer_view(handle: str) -> OrganizerView | None:
    """The public page of this name, kept for a moment; None where nobody with a public petition has it."""
    if len(handle) != HANDLE_LENGTH or not set(handle) <= set(HANDLE_LETTERS):
        return None
    return snapshot(("organizer", handle), lambda: read_organizer(handle))


def read_organizer(handle: str) -> OrganizerView | None:
    public = Petition.state.in_(PUBLIC_STATES)
    found = db.session.execute(
        sa.select(Person.id, Person.name, Person.locale, sa.func.count(Petition.id).label("total"))
        .join(Petition, Petition.organizer_id == Person.id)
        .where(Person.handle == handle, Person.erased_at.is_(None), public)
        .group_by(Person.id)
    ).one_or_none()
    if found is None:
        return None
    theirs = public & (Petition.organizer_id == found.id)
    petitions = with_thresholds(read_rows(theirs, ordered(Search(sort="new")), limit=MOST_LISTED))
    content = (found.name, found.locale, petitions, found.total)
    return OrganizerView(handle, *content, as_of=clock.now(), version=version_of(content))
