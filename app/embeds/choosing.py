"""The organizer's choices for a petition's widgets: which sites may show them, and how one signs there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from app import clock
from app.db import db, insert_unless_there
from app.petitions.leading_back import lead_back_to
from app.web.caching import snapshot

from .models import WidgetChoice
from .origins import covers


@dataclass(frozen=True)
class Choices:
    """``origins`` may frame the widgets, every site where there are none; ``version`` names this set."""

    origins: tuple[str, ...] = ()
    signs_in_frame: bool = False

    @property
    def version(self) -> str:
        return "|".join((*self.origins, "signs" if self.signs_in_frame else ""))


UNCHOSEN = Choices()


def choices_of(petition_id: str) -> Choices:
    """What the organizer chose, at most a snapshot old; every site and no signing where nothing was."""
    return snapshot(("widget choices", petition_id), lambda: read_choices(petition_id))


def read_choices(petition_id: str) -> Choices:
    found = db.session.execute(
        sa.select(WidgetChoice.origins, WidgetChoice.signs_in_frame_since).where(
            WidgetChoice.petition_id == petition_id
        )
    ).one_or_none()
    if found is None:
        return UNCHOSEN
    return Choices(tuple(found.origins), found.signs_in_frame_since is not None)


def restricted_among(petition_ids: tuple[str, ...]) -> frozenset[str]:
    """Those petitions that not every site may show, at most a snapshot old."""
    return snapshot(
        ("restricted widgets", petition_ids),
        lambda: frozenset(id_ for id_, origins in read_origins_of(petition_ids) if origins),
    )


def read_origins_of(petition_ids: Collection[str]) -> list[tuple[str, list[str]]]:
    """The id and the listed origins of every petition that has choices."""
    chosen = sa.select(WidgetChoice.petition_id, WidgetChoice.origins)
    rows = db.session.execute(chosen.where(WidgetChoice.petition_id.in_(petition_ids)))
    return [(row.petition_id, row.origins) for row in rows]


def is_listed(petition_id: str, site: str) -> bool:
    """Whether the organizer named this site (``host[:port]``) as one that may show the widgets."""
    return any(covers(origin, site) for origin in choices_of(petition_id).origins)


lead_back_to(is_listed)


def listed_sites(petition_ids: Collection[str]) -> set[tuple[str, str]]:
    """The petitions' ids and the sites on their lists; names that mean all sites below them are left out."""
    return {
        (petition_id, origin.partition("://")[2])
        for petition_id, origins in read_origins_of(petition_ids)
        for origin in origins
        if "*" not in origin
    }


def frame_ancestors(choices: Choices) -> str:
    """The sources of a ``frame-ancestors`` directive; our own pages may always show a preview."""
    return " ".join(("'self'", *choices.origins)) if choices.origins else "*"


def choose(petition_id: str, origins: tuple[str, ...], signs_in_frame: bool) -> None:
    """Keep the organizer's choices. Call inside a transaction."""
    at = clock.now()
    key = {"petition_id": petition_id}
    insert_unless_there(WidgetChoice, {**key, "origins": [], "changed_at": at})
    chosen = db.session.get_one(WidgetChoice, petition_id, with_for_update=True)
    chosen.origins = list(origins)
    chosen.changed_at = at
    if signs_in_frame != (chosen.signs_in_frame_since is not None):
        chosen.signs_in_frame_since = at if signs_in_frame else None
