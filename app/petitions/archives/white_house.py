"""White House "We the People" petitions, 2011–2013.

One object a line: `id`, `title`, `body`, `issues`, `signatureThreshold`, `signatureCount`, `deadline` and
`created` in seconds since 1970, `url`, `status`, `response`. Broken characters became a stray `x`, which
stays. A response has an address and a time, but no text.
"""

from __future__ import annotations

from app.petitions.archives.fields import (
    Record,
    take_address,
    take_count,
    take_epoch,
    take_id,
    take_label,
    take_optional_count,
    take_record,
    take_records,
    take_text,
    take_title,
)
from app.petitions.archives.records import ArchivedPetition


def claims(record: Record) -> bool:
    """Whether an object looks like one of this archive's petitions."""
    return "signatureCount" in record or "signatureThreshold" in record


def read(record: Record) -> ArchivedPetition:
    """One petition; `category` is its first issue and `answer` the address of the response.

    Raises `UnreadableRecord` when a field is missing or is not what it should be.
    """
    response = take_record(record, "response") or {}
    issues = take_records(record, "issues")
    return ArchivedPetition(
        source="white-house",
        source_id=take_id(record, "id"),
        title=take_title(record, "title"),
        text=take_text(record, "body"),
        addressee="The White House",
        category=take_label(issues[0], "name") if issues else None,
        language="en",
        signatures=take_count(record, "signatureCount"),
        threshold=take_optional_count(record, "signatureThreshold"),
        source_state=take_label(record, "status") or "",
        opened_at=take_epoch(record, "created"),
        closed_at=take_epoch(record, "deadline"),
        answered_at=take_epoch(response, "associationTime"),
        answer=take_address(response, "url"),
        rejection=None,
        source_url=take_address(record, "url"),
    )
