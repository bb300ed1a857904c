"""The organizer's choices for a petition's widgets: who may show them, who is vouched for, how one signs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app import clock
from app.db import db, insert_unless_there
from app.petitions.leading_back import lead_back_to
from app.web.caching import snapshot

from .models import WidgetChoice
from .origins import covers


@dataclass(frozen=True)
class Choices:
    """``origins`` are sites that the organizer vouches for: readers are led back there.

    They alone may frame the widgets unless these are ``open_to_all``; every site may where there are none.
    """

    origins: tuple[str, ...] = ()
    signs_in_frame: bool = False
    open_to_all: bool = False

    @property
    def restricted(self) -> bool:
        """Whether there is a site that may not show the widgets."""
        return bool(self.origins) and not self.open_to_all

    @property
    def version(self) -> str:
        """A name of what the widgets depend on."""
        return "|".join((*(self.origins if self.restricted else ()), "signs" if self.signs_in_frame else ""))


UNCHOSEN = Choices()


def choices_of(petition_id: str) -> Choices:
    """What the organizer chose, at most a snapshot old; every site and no signing where nothing was."""
    return snapshot(("widget choices", petition_id), lambda: read_choices(petition_id))


def read_choices(petition_id: str) -> Choices:
    found = db.session.execute(
        sa.select(
            WidgetChoice.origins, WidgetChoice.signs_in_frame_since, WidgetChoice.open_to_all_since
        ).where(WidgetChoice.petition_id == petition_id)
    ).one_or_none()
    if found is None:
        return UNCHOSEN
    origins, signs_since, open_since = found
    return Choices(tuple(origins), signs_since is not None, open_since is not None)


def restricted_among(petition_ids: tuple[str, ...]) -> frozenset[str]:
    """Those petitions that not every site may show, at most a snapshot old."""
    return snapshot(
        ("restricted widgets", petition_ids),
        lambda: frozenset(
            id_ for id_, origins, open_since in read_origins_of(petition_ids) if origins and not open_since
        ),
    )


def read_origins_of(petition_ids: Collection[str]) -> Sequence[sa.Row[str, list[str], datetime | None]]:
    """The id, the listed origins and since when all may show it, of every petition that has choices."""
    chosen = sa.select(WidgetChoice.petition_id, WidgetChoice.origins, WidgetChoice.open_to_all_since)
    return db.session.execute(chosen.where(WidgetChoice.petition_id.in_(petition_ids))).all()


def is_listed(petition_id: str, site: str) -> bool:
    """Whether the organizer vouches for this site (``host[:port]``)."""
    return any(covers(origin, site) for origin in choices_of(petition_id).origins)


lead_back_to(is_listed)


def listed_sites(petition_ids: Collection[str]) -> set[tuple[str, str]]:
    """The petitions' ids and the sites on their lists; names that mean all sites below them are left out."""
    return {
        (petition_id, origin.partition("://")[2])
        for petition_id, origins, _open_since in read_origins_of(petition_ids)
        for origin in origins
        if "*" not in origin
    }


def frame_ancestors(choices: Choices) -> str:
    """The sources of a ``frame-ancestors`` directive; our own pages may always show a preview."""
    return " ".join(("'self'", *choices.origins)) if choices.restricted else "*"


def choose(
    petition_id: str, origins: tuple[str, ...], signs_in_frame: bool, *, open_to_all: bool = False
) -> None:
    """Keep the organizer's choices. Call inside a transaction."""
    at = clock.now()
    key = {"petition_id": petition_id}
    insert_unless_there(WidgetChoice, {**key, "origins": [], "changed_at": at})
    chosen = db.session.get_one(WidgetChoice, petition_id, with_for_update=True)
    chosen.origins = list(origins)
    chosen.changed_at = at
    if signs_in_frame != (chosen.signs_in_frame_since is not None):
        chosen.signs_in_frame_since = at if signs_in_frame else None
    if open_to_all != (chosen.open_to_all_since is not None):
        chosen.open_to_all_since = at if open_to_all else None
