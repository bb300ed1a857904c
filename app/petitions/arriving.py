"""What other sites do for a petition: counted by site and day, never by person.

The name of the site travels with the signer in the announcement and the signed link of the letter; no
signature and no pledge knows it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Any, Literal

import sqlalchemy as sa

from app import clock
from app.clock import SEOUL
from app.db import db

from .models import Arrival

Deed = Literal["shown", "signed", "pledged"]
OTHERS = "other"
"""What those sites are counted as that come after the most that are kept apart."""
MOST_SITES = 200
"""Sites of one petition that are kept apart on one day: anybody can make names up."""


def count_arrivals(petition_id: str, deed: Deed, counted: Iterable[tuple[str, int]]) -> None:
    """Add to what each of these sites did today. Call inside a transaction."""
    today = clock.now().astimezone(SEOUL).date()
    known = known_sites(petition_id, today)
    for site, number in sorted(counted):
        kept = site if site in known or len(known) < MOST_SITES else OTHERS
        known.add(kept)
        add(petition_id, kept, today, deed, number)


def count_arrival(petition_id: str, deed: Deed, site: str) -> None:
    """A signature or pledge that counts came by this site; "" is nobody's. Call inside a transaction."""
    if site:
        count_arrivals(petition_id, deed, [(site, 1)])


def known_sites(petition_id: str, day: date) -> set[str]:
    return set(
        db.session.scalars(
            sa.select(Arrival.host).where(Arrival.petition_id == petition_id, Arrival.day == day)
        )
    )


def add(petition_id: str, site: str, day: date, deed: Deed, number: int) -> None:
    row = {"petition_id": petition_id, "host": site, "day": day, "shown": 0, "signed": 0, "pledged": 0}
    db.session.execute(adding(deed, db.session.get_bind().dialect.name), row | {deed: number})


@lru_cache(maxsize=6)
def adding(deed: Deed, dialect: str) -> Any:
    """The statement that begins a row or adds to it."""
    from sqlalchemy.dialects import postgresql, sqlite

    insert: Any = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(Arrival)
    more = getattr(Arrival, deed) + insert.excluded[deed]
    return insert.on_conflict_do_update(index_elements=["petition_id", "host", "day"], set_={deed: more})


def has_shown(petition_id: str, site: str) -> bool:
    """Whether a widget of this petition was ever seen on this site."""
    seen = sa.exists().where(
        Arrival.petition_id == petition_id, Arrival.host == site, Arrival.shown > 0, Arrival.host != OTHERS
    )
    return bool(db.session.scalar(sa.select(seen)))


def carry(row_id: str, via: str) -> str | list[str]:
    """What a signed link holds: the row, and the site that led to it where one did."""
    return [row_id, via] if via else row_id


def carried(content: Any) -> tuple[str | None, str]:
    """The row and the site of a signed link; no row where the link holds something else."""
    match content:
        case str():
            return content, ""
        case [str(row_id), str(via)]:
            return row_id, via
    return None, ""
