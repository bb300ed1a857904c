"""Finding readers and writing to them in batches, each in their own language."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import sqlalchemy as sa

from app.db import db
from app.mail.posting import Draft, post
from app.outbox.sweeping import commit_batches, find_ids
from app.people.models import Person
from app.petitions.models import Follow, Petition
from app.pledges.models import Pledge

BATCH = 200


def tell(person_ids: Sequence[str], cause: str, write: Callable[[Person], Draft]) -> None:
    """One letter to each of these people; ``cause`` is the same for all of them."""

    def tell_batch(batch: Sequence[str]) -> None:
        for person in db.session.scalars(sa.select(Person).where(Person.id.in_(batch))).all():
            post(person.email, person.locale, partial(write, person), cause=f"{cause}:{person.id}")

    commit_batches(person_ids, tell_batch, BATCH)


def find(query: sa.Select[Any]) -> list[str]:
    """The distinct person ids of a query, with the read finished before anything is written."""
    return [person_id for person_id in find_ids(query.distinct()) if person_id]


def organizer_of(petition_id: str) -> list[str]:
    return find(sa.select(Petition.organizer_id).where(Petition.id == petition_id))


def moderators() -> list[str]:
    return find(sa.select(Person.id).where(Person.moderator_since.is_not(None), Person.erased_at.is_(None)))


def backers_of(petition_id: str, *states: str) -> list[str]:
    """People with a pledge in one of these states, but for those who left with their money."""
    return find(
        sa.select(Pledge.person_id).where(
            Pledge.petition_id == petition_id, Pledge.state.in_(states), Pledge.left_at.is_(None)
        )
    )


def followers_of(petition_id: str, *, but: Sequence[str] = ()) -> list[str]:
    """Supporters who have not ended their letters about this petition, except those in ``but``."""
    followers = find(
        sa.select(Follow.person_id).where(Follow.petition_id == petition_id, Follow.ended_at.is_(None))
    )
    left_out = set(but)
    return [person_id for person_id in followers if person_id not in left_out]
