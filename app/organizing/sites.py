"""What other sites bring to a petition through its widgets, from the counts by site and day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from app.db import db
from app.petitions.models import Arrival

MOST = 100


@dataclass(frozen=True)
class Site:
    """``shown`` counts loads of widgets, ``signed`` and ``pledged`` what was confirmed by them."""

    host: str
    shown: int
    signed: int
    pledged: int
    last: date


def sites_of(petition_id: str) -> list[Site]:
    """The sites that brought most come first: what they brought, then how often they showed it."""
    shown, signed, pledged = (
        sa.func.sum(column) for column in (Arrival.shown, Arrival.signed, Arrival.pledged)
    )
    rows = db.session.execute(
        sa.select(Arrival.host, shown, signed, pledged, sa.func.max(Arrival.day))
        .where(Arrival.petition_id == petition_id)
        .group_by(Arrival.host)
        .order_by((signed + pledged).desc(), shown.desc(), Arrival.host)
        .limit(MOST)
    )
    return [Site(host, int(loads), int(came), int(gave), last) for host, loads, came, gave, last in rows]
