"""What an archive file turns into: petitions, or lines that could not be read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

Source = Literal["cheongwadae", "uk-parliament", "white-house"]


class Place(NamedTuple):
    """How many signatures of a petition came from one place."""

    kind: Literal["country", "region", "constituency"]
    code: str
    name: str
    signatures: int


@dataclass(frozen=True)
class ArchivedPetition:
    """A finished petition of another platform, as its own archive tells it.

    `title` and `text` are verbatim: HTML, CRLF, zero-width characters and emoji stay as they were.
    `signatures` is the historic tally; nobody here has validated it. `threshold` is the number of
    signatures that earned an answer. All moments are aware and in UTC. `answer` is the official answer,
    or its address where the archive keeps no text. `places` may be empty.
    """

    source: Source
    source_id: str
    title: str
    text: str
    addressee: str
    category: str | None
    language: Literal["ko", "en"]
    signatures: int
    threshold: int | None
    source_state: str
    opened_at: datetime | None
    closed_at: datetime | None
    answered_at: datetime | None
    answer: str | None
    rejection: str | None
    source_url: str | None
    places: tuple[Place, ...] = ()


@dataclass(frozen=True)
class BadLine:
    """A record that was left out.

    `file` is the path as it was given. `line` counts from 1; in a JSON array or an API page it is the
    line on which the element starts. `reason` is a short English sentence. `raw` is the record without
    its line end; bytes that are not UTF-8 are written as `\\xNN`.
    """

    file: str
    line: int
    reason: str
    raw: str
