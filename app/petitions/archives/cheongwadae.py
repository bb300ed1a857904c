"""Cheong Wa Dae (청와대) national petitions, 2017–2019.

One object a line: `category`, `begin`, `end`, `content`, `num_agree`, `petition_idx`, `status`, `title`.
Days are days in Seoul. Petitions that were answered (`브리핑`) have an empty content, and the archive
keeps neither the answer nor its day.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

from app.petitions.archives.fields import (
    Record,
    take_count,
    take_day,
    take_id,
    take_label,
    take_text,
    take_title,
)
from app.petitions.archives.records import ArchivedPetition

SEOUL = timezone(timedelta(hours=9))
"""Korea has kept UTC+9 without summer time since 1988."""

THRESHOLD = 200_000


def claims(record: Record) -> bool:
    """Whether an object looks like one of this archive's petitions."""
    return "petition_idx" in record or "num_agree" in record


def read(record: Record) -> ArchivedPetition:
    """One petition: open from the first second of `begin` to the last second of `end`.

    Raises `UnreadableRecord` when a field is missing or is not what it should be.
    """
    begin, end = take_day(record, "begin"), take_day(record, "end")
    return ArchivedPetition(
        source="cheongwadae",
        source_id=take_id(record, "petition_idx"),
        title=take_title(record, "title"),
        text=take_text(record, "content"),
        addressee="청와대",
        category=take_label(record, "category"),
        language="ko",
        signatures=take_count(record, "num_agree"),
        threshold=THRESHOLD,
        source_state=take_label(record, "status") or "",
        opened_at=_in_seoul(begin, time(0, 0, 0)),
        closed_at=_in_seoul(end, time(23, 59, 59)),
        answered_at=None,
        answer=None,
        rejection=None,
        source_url=None,
    )


def _in_seoul(day: date | None, clock: time) -> datetime | None:
    return None if day is None else datetime.combine(day, clock, SEOUL).astimezone(UTC)
