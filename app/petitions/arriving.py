"""What other sites do for a petition: counted by site and day, never by person.

The name of the site travels with the signer in the announcement and the signed link of the letter; no
signature and no pledge knows it. Anybody can make names of sites up, so loads of widgets keep the names of
few of them apart; what was confirmed keeps its site always, as every one of those costs a mailbox.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from functools import lru_cache
from typing import Any, Literal

import sqlalchemy as sa

from app import clock
from app.clock import SEOUL
from app.db import db

from .models import Arrival

Deed = Literal["shown", "signed", "pledged"]
Key = tuple[str, str]
"""A petition's id and a site."""

OTHERS = "other"
"""What those sites are counted as whose names are not kept apart."""
MOST_SITES = 200
"""Sites of one petition that are kept apart on one day for having shown it."""
CONVERTED = sa.or_(Arrival.signed > 0, Arrival.pledged > 0)


def today() -> date:
    return clock.now().astimezone(SEOUL).date()


def count_arrival(petition_id: str, deed: Deed, site: str) -> None:
    """A signature or pledge that counts came by this site; "" is nobody's. Call inside a transaction."""
    if site:
        add([row_of((petition_id, site), today(), **{deed: 1})])


def count_loads(
    loads: Mapping[Key, int], *, listed: Collection[Key] = (), doubted: Collection[Key] = ()
) -> set[Key]:
    """Add to how often each site showed the widgets today; returns those that keep their names.

    Sites that are ``listed``, that ever brought something confirmed, or that have a row today keep theirs;
    new ones do while there are fewer than :data:`MOST_SITES` and they are not ``doubted``. Call inside a
    transaction.
    """
    day = today()
    known, named = known_sites({petition_id for petition_id, _site in loads}, day)
    counted: Counter[Key] = Counter()
    for key, number in sorted(loads.items()):
        petition_id, site = key
        spare = named[petition_id] < MOST_SITES and key not in doubted
        keeps = site != OTHERS and (key in known or key in listed or spare)
        if keeps and key not in known:
            known.add(key)
            named[petition_id] += 1
        counted[key if keeps else (petition_id, OTHERS)] += number
    add(row_of(key, day, shown=number) for key, number in sorted(counted.items()))
    return known & loads.keys()


def known_sites(petition_ids: Collection[str], day: date) -> tuple[set[Key], defaultdict[str, int]]:
    """The sites with a row on this day or with something confirmed on any, and how many of them have one."""
    rows = db.session.execute(
        sa.select(Arrival.petition_id, Arrival.host, sa.func.max(Arrival.day))
        .where(Arrival.petition_id.in_(petition_ids), sa.or_(Arrival.day == day, CONVERTED))
        .group_by(Arrival.petition_id, Arrival.host)
    ).all()
    named: defaultdict[str, int] = defaultdict(int)
    for petition_id, _site, last in rows:
        named[petition_id] += last == day
    return {(petition_id, site) for petition_id, site, _last in rows}, named


def row_of(key: Key, day: date, **counts: int) -> dict[str, Any]:
    none = {"shown": 0, "signed": 0, "pledged": 0}
    return {"petition_id": key[0], "host": key[1], "day": day, **none, **counts}


def add(rows: Iterable[dict[str, Any]]) -> None:
    """Begin these rows, or add to those that are there. Call inside a transaction, with rows in order."""
    values = list(rows)
    if values:
        db.session.execute(adding(db.session.get_bind().dialect.name), values)


@lru_cache(maxsize=2)
def adding(dialect: str) -> Any:
    """The statement that begins a row or adds to it."""
    from sqlalchemy.dialects import postgresql, sqlite

    table: Any = Arrival.__table__
    insert: Any = (postgresql.insert if dialect == "postgresql" else sqlite.insert)(table)
    more = {name: table.c[name] + insert.excluded[name] for name in ("shown", "signed", "pledged")}
    return insert.on_conflict_do_update(index_elements=["petition_id", "host", "day"], set_=more)


def has_shown(petition_id: str, site: str) -> bool:
    """Whether somebody claims to have seen a widget of this petition on this site."""
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
