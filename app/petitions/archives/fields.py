"""Taking typed values out of a decoded JSON object, or saying in a sentence why that fails."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TypeGuard

Record = Mapping[str, object]

LONGEST_TITLE = 1_000
LONGEST_ID = 60
LONGEST_LABEL = 300
LARGEST_COUNT = 2**31 - 1
YEARS = range(1900, 2200)

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+(Z|[+-][0-9]{2}:?[0-9]{2})?")
_HALF_PAIR = re.compile("[\ud800-\udfff]")
_DIGITS = re.compile(r"[0-9]{1,12}")
_WEB_ADDRESS = re.compile(r"https?://[^\x00-\x20<>\"\x7f]+")


class UnreadableRecord(ValueError):  # noqa: N818 — it is a verdict on the record, told to a person
    """A record cannot be imported; the message is a short sentence for the person importing it."""


def is_record(value: object) -> TypeGuard[Record]:
    """Whether a decoded JSON value is an object."""
    return isinstance(value, dict)


def check_characters(value: str, name: str) -> None:
    """Raise `UnreadableRecord` for characters that no database stores: NUL and half surrogate pairs."""
    if "\0" in value:
        raise UnreadableRecord(f"{name} holds a NUL character.")
    if _HALF_PAIR.search(value):
        raise UnreadableRecord(f"{name} holds half of a surrogate pair.")


def take_text(record: Record, key: str, longest: int | None = None) -> str:
    """Text as it stands; a missing or null value is the empty string."""
    value = record.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise UnreadableRecord(f"{key} is not text.")
    check_characters(value, key)
    if longest is not None and len(value) > longest:
        raise UnreadableRecord(f"{key} is longer than {longest} characters.")
    return value


def take_label(record: Record, key: str) -> str | None:
    """A short text such as a category, or None where there is nothing to read."""
    return take_text(record, key, LONGEST_LABEL) or None


def take_title(record: Record, key: str) -> str:
    """The title verbatim; it must show at least one character to a reader."""
    if record.get(key) is None:
        raise UnreadableRecord(f"{key} is missing.")
    title = take_text(record, key, LONGEST_TITLE)
    if not any(character.isprintable() and not character.isspace() for character in title):
        raise UnreadableRecord(f"{key} is empty.")
    return title


def take_id(record: Record, key: str) -> str:
    """The identifier, which archives write as text or as a whole number."""
    value = record.get(key)
    if value is None:
        raise UnreadableRecord(f"{key} is missing.")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(take_count(record, key))
    identifier = take_text(record, key, LONGEST_ID).strip()
    if not identifier:
        raise UnreadableRecord(f"{key} is empty.")
    return identifier


def take_count(record: Record, key: str) -> int:
    """A whole number from 0 to 2,147,483,647; text, fractions and true/false are refused."""
    value = record.get(key)
    if value is None:
        raise UnreadableRecord(f"{key} is missing.")
    if isinstance(value, bool) or not isinstance(value, int):
        raise UnreadableRecord(f"{key} is not a whole number.")
    if value < 0:
        raise UnreadableRecord(f"{key} is negative.")
    if value > LARGEST_COUNT:
        raise UnreadableRecord(f"{key} is too large.")
    return value


def take_optional_count(record: Record, key: str) -> int | None:
    """As `take_count`, with None for a missing or null value."""
    return None if record.get(key) is None else take_count(record, key)


def take_day(record: Record, key: str) -> date | None:
    """A `YYYY-MM-DD` day, or None for a missing or null value."""
    text = take_text(record, key)
    if record.get(key) is None:
        return None
    return _checked(_parse_moment(text, key, _DAY), key).date()


def take_moment(record: Record, key: str) -> datetime | None:
    """An ISO 8601 moment in UTC (UTC is assumed where no offset is written), or None when absent."""
    text = take_text(record, key)
    if record.get(key) is None:
        return None
    moment = _parse_moment(text, key, _MOMENT)
    if moment.tzinfo is None:
        return _checked(moment.replace(tzinfo=UTC), key)
    return _checked(_checked(moment, key).astimezone(UTC), key)


def take_epoch(record: Record, key: str) -> datetime | None:
    """Seconds since 1970 (a whole number, or its digits as text) as a moment in UTC, or None when absent."""
    value = record.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | str) or not _DIGITS.fullmatch(str(value)[:13]):
        raise UnreadableRecord(f"{key} is not a date.")
    try:
        return _checked(datetime.fromtimestamp(int(value), UTC), key)
    except (ValueError, OverflowError, OSError):
        raise UnreadableRecord(f"{key} is not a date.") from None


def take_address(record: Record, key: str) -> str | None:
    """An http(s) address, or None when absent or empty."""
    address = take_text(record, key, LONGEST_TITLE)
    if not address:
        return None
    if not _WEB_ADDRESS.fullmatch(address):
        raise UnreadableRecord(f"{key} is not a web address.")
    return address


def take_record(record: Record, key: str) -> Record | None:
    """A nested object, or None when absent."""
    value = record.get(key)
    if value is None:
        return None
    if not is_record(value):
        raise UnreadableRecord(f"{key} is not an object.")
    return value


def take_records(record: Record, key: str) -> list[Record]:
    """A list of nested objects; empty when absent."""
    value = record.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise UnreadableRecord(f"{key} is not a list.")
    records: list[Record] = [element for element in value if is_record(element)]
    if len(records) != len(value):
        raise UnreadableRecord(f"{key} holds something that is not an object.")
    return records


def _parse_moment(text: str, key: str, shape: re.Pattern[str]) -> datetime:
    if not shape.fullmatch(text):
        raise UnreadableRecord(f"{key} is not a date.")
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise UnreadableRecord(f"{key} is not a date.") from None


def _checked(moment: datetime, key: str) -> datetime:
    if moment.year not in YEARS:
        raise UnreadableRecord(f"{key} lies outside the years {YEARS.start} to {YEARS.stop - 1}.")
    return moment
