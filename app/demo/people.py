"""The people of the demo: five to sign in as, and the citizens who have signed and pledged already."""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from app import clock
from app.db import run_tx
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

FAMILY = "김이박최정강조윤장임한오서신권황안송류홍"
GIVEN = ("서연", "도윤", "하준", "지우", "은서", "시우", "수아", "예준", "채원", "지호")
REGIONS = ("KR-11", "KR-26", "KR-27", "KR-28", "KR-29", "KR-30", "KR-41", "KR-47", "KR-49", "KR-50")
CROWD = 304


def make_people() -> list[Person]:
    """The five, made where they are missing."""
    return [run_tx(partial(make_one, wanted)) for wanted in PEOPLE]


def make_one(wanted: DemoPerson) -> Person:
    person = welcome(wanted.email, name=wanted.name, locale=wanted.locale, region="KR-11")
    person.demo_role = wanted.role
    if wanted.role == "moderator":
        person.moderator_since = person.moderator_since or clock.now()
    return person


def make_crowd() -> list[str]:
    """The ids of citizens with names and regions, always the same ones.

    Whoever needs a citizen reads them: a session that holds a crowd looks at all of it at every commit.
    """

    def write() -> list[str]:
        return [
            welcome(
                f"citizen{number}@example.org",
                name=FAMILY[number % len(FAMILY)] + GIVEN[number // 2 % len(GIVEN)],
                locale="ko",
                region=REGIONS[number % len(REGIONS)],
            ).id
            for number in range(CROWD)
        ]

    return run_tx(write)
