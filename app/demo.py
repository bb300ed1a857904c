"""The demo: named people to sign in as with one press. Loading it again changes nothing."""

from __future__ import annotations

from typing import NamedTuple

import sqlalchemy as sa

from app import clock
from app.db import db, run_tx
from app.people.models import Person, welcome


class DemoPerson(NamedTuple):
    """Somebody to try Dure as; ``role`` is what they do in the demo."""

    name: str
    email: str
    locale: str
    role: str


PEOPLE = (
    DemoPerson("한솔", "hansol@example.org", "ko", "organizer"),
    DemoPerson("민지", "minji@example.org", "ko", "citizen"),
    DemoPerson("준호", "junho@example.org", "ko", "citizen"),
    DemoPerson("Alice", "alice@example.org", "en", "citizen"),
    DemoPerson("Mira", "mira@example.org", "en", "moderator"),
)


def load() -> list[tuple[str, str]]:
    """Make whatever of the demo is not there yet; returns who is who and their addresses."""
    there = db.session.scalar(sa.select(sa.func.count()).where(Person.demo_role.is_not(None))) or 0
    if there < len(PEOPLE):
        run_tx(make_people)
    return [(f"{person.name}, {person.role}", person.email) for person in PEOPLE]


def make_people() -> None:
    for wanted in PEOPLE:
        person = welcome(wanted.email, name=wanted.name, locale=wanted.locale)
        person.demo_role = wanted.role
        if wanted.role == "moderator":
            person.moderator_since = person.moderator_since or clock.now()
