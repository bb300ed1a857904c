"""Lists of petitions for everybody: search, filter, sort, page. No query per listed petition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app import clock
from app.db import db
from app.errors import Refusal
from app.people.models import Person
from app.web.caching import snapshot

from .models import PUBLIC_STATES, Petition, Threshold
from .reading import read_thresholds
from .searching import containing, titled
from .showing import Listed, version_of
from .topics import TOPICS

PAGE = 24
MOST_PAGES = 5000
LONGEST_QUERY = 200
STATES = ("all", "open", "action", "closed", "stopped", "archived")
SORTS = ("featured", "new", "near", "deadline")

Order = tuple[sa.ColumnElement[Any], ...]

ACTIONS = sa.table("action", sa.column("petition_id"), sa.column("state"))
"""Kept by the floor above; a list only says how far each action has come."""

LISTED = (
    Petition.id,
    Petition.slug,
    Petition.title,
    Petition.addressee,
    Petition.summary,
    Petition.locale,
    Petition.topic,
    Petition.state,
    Petition.deadline,
    Petition.opened_at,
    Petition.tipped_at,
    Petition.fired_at,
    sa.case((Person.erased_at.is_(None), Person.name)).label("organizer_name"),
    Petition.archive["signatures"].as_integer().label("archive_signatures"),
    ACTIONS.c.state.label("action_state"),
)


@dataclass(frozen=True)
class ListedPetition(Listed):
    """A petition in a list, and the state of its action once there is one."""

    action_state: str | None = None

    @property
    def standing(self) -> str:
        """What its badge says: the action's state unless moderators stepped in, ``tipped``, or its own."""
        if self.action_state and self.state in ("open", "closed"):
            return self.action_state
        if self.state == "open" and self.tipped_at is not None and self.fired_at is None:
            return "tipped"
        return self.state


@dataclass(frozen=True)
class Search:
    """What a reader asks a list for, checked. ``page`` counts from 1; no topic is every topic."""

    q: str = ""
    state: str = "all"
    sort: str = "featured"
    page: int = 1
    topic: str = ""

    def arguments(self, **changes: Any) -> dict[str, Any]:
        """The query arguments that ask for the same, with changes; defaults are left out."""
        wanted = replace(self, **changes)
        plain = Search()
        return {
            name: value for name, value in vars(wanted).items() if value and value != getattr(plain, name)
        }


@dataclass(frozen=True)
class Found:
    """One page of a list, and how many the whole filter holds; ``version`` names all of it."""

    items: tuple[ListedPetition, ...]
    total: int
    search: Search
    version: str

    @property
    def next_page(self) -> int | None:
        page = self.search.page
        return page + 1 if page * PAGE < self.total and page < MOST_PAGES else None

    @property
    def previous_page(self) -> int | None:
        page = self.search.page
        return min(page - 1, -(-self.total // PAGE)) or None if page > 1 else None


def search_from(arguments: Mapping[str, str]) -> Search:
    """The search that ``?q=&state=&topic=&sort=&page=`` asks for.

    Raises:
        Refusal: an unknown state, topic or sort, no page, or an overlong query; ``field`` names which.
    """
    asked = arguments.get("q", "")
    if len(asked) > LONGEST_QUERY:
        raise Refusal(_("Search for at most %(most)d characters.", most=LONGEST_QUERY), field="q")
    q = " ".join("".join(c if c.isprintable() else " " for c in asked).split())
    state = arguments.get("state") or "all"
    if state not in STATES:
        raise Refusal(
            _("Choose a state from this list: %(states)s.", states=", ".join(STATES)), field="state"
        )
    topic = arguments.get("topic") or ""
    if topic and topic not in TOPICS:
        raise Refusal(
            _("Choose a topic from this list: %(topics)s.", topics=", ".join(TOPICS)), field="topic"
        )
    sort = arguments.get("sort") or "featured"
    if sort not in SORTS:
        raise Refusal(_("Sort by one of these: %(sorts)s.", sorts=", ".join(SORTS)), field="sort")
    return Search(q, state, sort, page_from(arguments.get("page")), topic)


def page_from(asked: str | None) -> int:
    """The page that ``?page=`` asks for; the first where nothing is asked.

    Raises:
        Refusal: it is no page from 1 to :data:`MOST_PAGES`.
    """
    page = asked or "1"
    if not (page.isascii() and page.isdigit() and len(page) <= 5 and 1 <= int(page) <= MOST_PAGES):
        raise Refusal(_("Pages are numbered from 1 to %(most)d.", most=MOST_PAGES), field="page")
    return int(page)


def list_petitions(search: Search) -> Found:
    """One page of what was asked for, and the total: three queries, kept for a moment."""
    return snapshot(("petitions", search), lambda: read_list(search))


def read_list(search: Search) -> Found:
    wanted = in_state(search.state)
    if search.topic:
        wanted = wanted & (Petition.topic == search.topic)
    if (found := containing(search.q)) is not None:
        wanted = wanted & found
    total = db.session.scalar(sa.select(sa.func.count()).select_from(Petition).where(wanted)) or 0
    offset = (search.page - 1) * PAGE
    rows = read_rows(wanted, ordered(search), limit=PAGE, offset=offset) if offset < total else []
    items = with_thresholds(rows)
    return Found(items, total, search, version_of(items, total))


def in_state(state: str) -> sa.ColumnElement[bool]:
    if state == "action":
        return Petition.fired_at.is_not(None) & Petition.state.in_(PUBLIC_STATES)
    return Petition.state.in_(PUBLIC_STATES) if state == "all" else Petition.state == state


def ordered(search: Search) -> Order:
    """How the list is sorted; the last key decides every tie, so that pages never overlap."""
    opened = (Petition.opened_at.desc().nulls_last(), Petition.id.desc())
    if search.sort == "new":
        return opened
    if search.sort == "near":
        return (Petition.fired_at.is_not(None), nearness().desc().nulls_last(), *opened)
    if search.sort == "deadline":
        gone = sa.case((Petition.deadline >= clock.now(), 0), else_=1)
        return (gone, Petition.deadline.asc().nulls_last(), *opened)
    first = (Petition.featured_at.desc().nulls_last(), Petition.state != "open", *opened)
    return (titled(search.q).desc(), *first) if search.q else first


def nearness() -> sa.ScalarSelect[Any]:
    """Per mille of the threshold that is furthest from its target."""
    reached = sa.case(
        (Threshold.tally >= Threshold.target, 1000), else_=Threshold.tally * 1000 // Threshold.target
    )
    return sa.select(sa.func.min(reached)).where(Threshold.petition_id == Petition.id).scalar_subquery()


def read_rows(
    wanted: sa.ColumnElement[bool], order: Order, *, limit: int, offset: int = 0
) -> list[ListedPetition]:
    """Listed petitions without their thresholds; one query."""
    rows = db.session.execute(
        sa.select(*LISTED)
        .outerjoin(Person, Person.id == Petition.organizer_id)
        .outerjoin(ACTIONS, ACTIONS.c.petition_id == Petition.id)
        .where(wanted)
        .order_by(*order)
        .limit(limit)
        .offset(offset)
    )
    return [ListedPetition(**row._mapping) for row in rows]


def with_thresholds(rows: list[ListedPetition]) -> tuple[ListedPetition, ...]:
    """The same petitions with their thresholds; one query for all."""
    thresholds = read_thresholds([row.id for row in rows])
    return tuple(replace(row, thresholds=thresholds.get(row.id, ())) for row in rows)
