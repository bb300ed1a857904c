"""What the page of the open data says of one day, read from the files themselves."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from .keeping import data_folder, days
from .packing import EVERYTHING, LICENCE, SCHEMA, SUMS
from .tables import TABLES, Table

TABLE_FILES = [f"{table.name}.{kind}" for table in TABLES for kind in ("csv", "json")]
FILES = frozenset([*TABLE_FILES, EVERYTHING, LICENCE, SCHEMA, SUMS])
"""Every file of a day."""


@dataclass(frozen=True)
class File:
    """``sha256`` in hexadecimal digits."""

    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Shown:
    """One table of a day; ``rows`` without the heading."""

    table: Table
    rows: int
    files: tuple[File, ...]


@dataclass(frozen=True)
class Day:
    """The open data of one day; ``sums`` is the text that its checksums make, which names all of it."""

    name: str
    created: datetime
    tables: tuple[Shown, ...]
    everything: File
    beside: tuple[File, ...]
    sums: str


@dataclass(frozen=True)
class Kept:
    """The days there is data of, the newest first, and what the newest holds."""

    days: tuple[str, ...]
    newest: Day | None


def read_kept() -> Kept:
    """What there is now; a day may be taken back at any moment."""
    names = days()
    while names:
        try:
            return Kept(tuple(names), read_day(names[0]))
        except FileNotFoundError:
            del names[0]
    return Kept((), None)


def read_day(name: str) -> Day:
    """The day of that name, which must be there."""
    folder = data_folder() / name
    described = json.loads((folder / SCHEMA).read_text(encoding="utf-8"))
    sums = (folder / SUMS).read_text(encoding="utf-8")
    files = {each.name: each for each in files_of(folder, sums)}
    rows = {resource["path"]: int(resource["rows"]) for resource in described["resources"]}
    return Day(
        name=name,
        created=datetime.fromisoformat(described["created"]),
        tables=tuple(
            Shown(table, rows[f"{table.name}.csv"], (files[f"{table.name}.csv"], files[f"{table.name}.json"]))
            for table in TABLES
            if f"{table.name}.csv" in files
        ),
        everything=files[EVERYTHING],
        beside=(files[SCHEMA], files[LICENCE]),
        sums=sums,
    )


def files_of(folder: Path, sums: str) -> list[File]:
    pairs = [line.split("  ", 1) for line in sums.splitlines()]
    return [File(name, (folder / name).stat().st_size, digest) for digest, name in pairs]
