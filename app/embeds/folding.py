"""Days of long ago in one row: what sites did is remembered, on which day is not."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa
from flask import current_app

from app.db import db, run_tx
from app.petitions.arriving import CONVERTED, OTHERS, add, row_of, today
from app.petitions.models import Arrival

from .choosing import listed_sites

KEPT = timedelta(days=90)
FOLDED = "arrivals_folded"


def fold_old_days() -> None:
    """Once a day: add each site's days older than :data:`KEPT` up in the last of them.

    Sites that never brought anything confirmed and are on no list are added to the others.
    """
    day = today()
    if current_app.extensions.get(FOLDED) == day:
        return
    before = day - KEPT
    for petition_id in petitions_with_days(before):
        run_tx(partial(fold, petition_id, before))
    current_app.extensions[FOLDED] = day


def petitions_with_days(before: date) -> list[str]:
    return list(
        db.session.scalars(
            sa.select(Arrival.petition_id)
            .where(Arrival.day < before)
            .group_by(Arrival.petition_id)
            .having(sa.func.count() > 1)
        )
    )


def fold(petition_id: str, before: date) -> None:
    """Call inside a transaction; another that folds at the same time finds nothing left to fold."""
    converted = sa.select(Arrival.host).where(Arrival.petition_id == petition_id, CONVERTED).distinct()
    named = {*db.session.scalars(converted), *(site for _id, site in listed_sites([petition_id]))}
    old = sa.delete(Arrival).where(Arrival.petition_id == petition_id, Arrival.day < before)
    rows = db.session.execute(
        old.returning(Arrival.host, Arrival.day, Arrival.shown, Arrival.signed, Arrival.pledged),
        execution_options={"synchronize_session": False},
    ).all()
    folded: dict[str, dict[str, Any]] = {}
    for row in rows:
        site = row.host if row.host in named else OTHERS
        sums = folded.setdefault(site, row_of((petition_id, site), row.day))
        sums["day"] = max(sums["day"], row.day)
        for name in ("shown", "signed", "pledged"):
            sums[name] += getattr(row, name)
    add(sums for _site, sums in sorted(folded.items()))
