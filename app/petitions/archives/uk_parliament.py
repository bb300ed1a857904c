"""UK Parliament petitions, as its API gives them (Open Government Licence v3.0).

A petition is `{"type": "petition", "id", "links", "attributes": {…}}`, bare or inside `{"data": …}`.
Rejected petitions carry a rejection and usually no opening; only single-petition files carry places.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Literal

from app.petitions.archives.fields import (
    Record,
    UnreadableRecord,
    is_record,
    take_count,
    take_day,
    take_id,
    take_label,
    take_moment,
    take_record,
    take_records,
    take_text,
    take_title,
)
from app.petitions.archives.records import ArchivedPetition, Place

DEBATE_THRESHOLD = 100_000
"""At 100,000 signatures Parliament considers a debate (at 10,000 the government responds)."""

ADDRESS = "https://petition.parliament.uk/petitions/"

PLACE_KINDS: tuple[tuple[Literal["country", "region", "constituency"], str, str], ...] = (
    ("country", "signatures_by_country", "code"),
    ("region", "signatures_by_region", "ons_code"),
    ("constituency", "signatures_by_constituency", "ons_code"),
)


def claims(record: Record) -> bool:
    """Whether an object looks like a petition of this API, bare or wrapped in `data`."""
    return is_record(_unwrapped(record).get("attributes"))


def read(record: Record) -> ArchivedPetition:
    """One petition; `rejection` is `code: details` and `category` its first department, else first topic.

    Raises `UnreadableRecord` when a field is missing or is not what it should be.
    """
    petition = _unwrapped(record)
    number = take_id(petition, "id")
    if not (number.isascii() and number.isdigit()):
        raise UnreadableRecord("id is not a number.")
    attributes = take_record(petition, "attributes")
    if attributes is None:
        raise UnreadableRecord("attributes is missing.")
    return ArchivedPetition(
        source="uk-parliament",
        source_id=number,
        title=take_title(attributes, "action"),
        text=_joined(attributes, "background", "additional_details"),
        addressee="UK Parliament",
        category=_read_category(attributes),
        language="en",
        signatures=take_count(attributes, "signature_count"),
        threshold=DEBATE_THRESHOLD,
        source_state=take_label(attributes, "state") or "",
        opened_at=take_moment(attributes, "opened_at"),
        closed_at=take_moment(attributes, "closed_at"),
        answered_at=_read_answer_moment(attributes),
        answer=_read_answer(attributes),
        rejection=_read_rejection(attributes),
        source_url=ADDRESS + number,
        places=tuple(_read_places(attributes)),
    )


def _unwrapped(record: Record) -> Record:
    data = record.get("data")
    return data if is_record(data) else record


def _joined(record: Record, *keys: str) -> str:
    return "\n\n".join(text for text in (take_text(record, key) for key in keys) if text)


def _read_category(attributes: Record) -> str | None:
    departments, topics = take_records(attributes, "departments"), attributes.get("topics") or []
    if not isinstance(topics, list):
        raise UnreadableRecord("topics is not a list.")
    if departments:
        return take_label(departments[0], "name")
    return take_label({"topics": topics[0]}, "topics") if topics else None


def _read_answer_moment(attributes: Record) -> datetime | None:
    moment = take_moment(attributes, "government_response_at")
    response = take_record(attributes, "government_response")
    if moment is not None or response is None:
        return moment
    day = take_day(response, "responded_on")
    return None if day is None else datetime.combine(day, time(), UTC)


def _read_answer(attributes: Record) -> str | None:
    response = take_record(attributes, "government_response")
    return None if response is None else _joined(response, "summary", "details") or None


def _read_rejection(attributes: Record) -> str | None:
    rejection = take_record(attributes, "rejection")
    if rejection is None:
        return None
    code, details = take_text(rejection, "code"), take_text(rejection, "details")
    return ": ".join(part for part in (code, details) if part) or None


def _read_places(attributes: Record) -> Iterator[Place]:
    for kind, key, code in PLACE_KINDS:
        for place in take_records(attributes, key):
            yield Place(
                kind,
                take_label(place, code) or "",
                take_label(place, "name") or "",
                take_count(place, "signature_count"),
            )
