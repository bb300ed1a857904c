"""Sweeping: what is due, found in the database whatever became of the announcements, one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial, wraps
from typing import Any, TypeVar

import sqlalchemy as sa
import structlog

from app.db import db, run_tx

log = structlog.get_logger()

Row = TypeVar("Row")


def find_ids(query: sa.Select[Any] | sa.CompoundSelect[Any]) -> list[str]:
    """The ids a query finds, read to the end before anything is done with them."""
    ids = list(db.session.scalars(query))
    db.session.rollback()
    return ids


def do_each(ids: Iterable[str], work: Callable[[str], int | None]) -> int:
    """``work``, which commits by itself, for each; one that fails is logged and stops no other.

    Returns:
        The sum of what the work returned.
    """
    done = 0
    for row_id in ids:
        try:
            done += work(row_id) or 0
        except Exception:
            log.exception("one of many failed; it is due again", work=work.__name__, row=row_id)
    return done


def commit_each(ids: Iterable[str], verb: Callable[[str], int]) -> int:
    """As :func:`do_each`, with every ``verb`` in a transaction of its own."""

    @wraps(verb)
    def work(row_id: str) -> int:
        return run_tx(lambda: verb(row_id))

    return do_each(ids, work)


def commit_batches(rows: Sequence[Row], verb: Callable[[Sequence[Row]], object], size: int) -> None:
    """``verb`` for ``size`` rows after ``size`` rows, each call in a transaction of its own."""
    for start in range(0, len(rows), size):
        run_tx(partial(verb, rows[start : start + size]))
