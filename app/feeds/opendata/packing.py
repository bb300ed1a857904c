"""What lies beside the tables: the schema, the licence, the checksums, and everything in one archive."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from app import clock
from app.feeds.atom import base_url

from .rows import LICENCE_URL, plain
from .stopping import Stopping, go_on
from .tables import PETITION, TABLES, Table

SCHEMA = "datapackage.json"
LICENCE = "LICENSE.txt"
SUMS = "SHA256SUMS"
EVERYTHING = "dure-open-data.zip"
CHUNK = 1 << 20
"""Bytes."""
LICENCE_TEXT = """\
Dure open data, as of {moment}
{address}

This data is licensed under the Creative Commons Attribution 4.0 International
licence (CC BY 4.0): {licence}
You may copy it, share it, change it and build upon it, for any purpose, even
commercially, as long as you name the source: "Dure, {address}", with the date
above, and say what you changed.

Petitions imported from the archives of other platforms keep the licence of
their archive; the column "licence" of the table of petitions names it.

The data is given as it is, without any warranty. It holds no names or
addresses of people who signed or pledged: only counts and sums.
"""
TYPES = {
    "datetime": {"type": "datetime", "format": "any"},
    "date": {"type": "date"},
    "yearmonth": {"type": "yearmonth"},
    "integer": {"type": "integer"},
    "string": {"type": "string"},
}


def pack(folder: Path, rows: Mapping[str, int], stopping: Stopping) -> None:
    """Write all that lies beside the tables; ``rows`` says how many each of them has.

    Raises:
        Stopped: ``stopping`` asked for the end.
    """
    sums = {file.name: digest_of(file, stopping) for file in folder.iterdir()}
    moment = str(plain(clock.now()))
    address = f"{base_url()}/data"
    licence = LICENCE_TEXT.format(moment=moment, address=address, licence=LICENCE_URL)
    (folder / LICENCE).write_text(licence, encoding="utf-8")
    described = describe(folder, rows, sums, moment, address)
    (folder / SCHEMA).write_text(json.dumps(described, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    with ZipFile(folder / EVERYTHING, "x", ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            if file.name != EVERYTHING:
                add_to(archive, file, stopping)
    for name in (LICENCE, SCHEMA, EVERYTHING):
        sums[name] = digest_of(folder / name, stopping)
    lines = [f"{digest}  {name}\n" for name, digest in sorted(sums.items())]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")


def add_to(archive: ZipFile, file: Path, stopping: Stopping) -> None:
    """The file with its own date, a chunk at a time."""
    entry = ZipInfo.from_file(file, f"dure-open-data/{file.name}")
    entry.compress_type = ZIP_DEFLATED
    with archive.open(entry, "w") as packed:
        for chunk in chunks_of(file, stopping):
            packed.write(chunk)


def digest_of(file: Path, stopping: Stopping) -> str:
    """SHA-256 in hexadecimal digits."""
    digest = hashlib.sha256()
    for chunk in chunks_of(file, stopping):
        digest.update(chunk)
    return digest.hexdigest()


def chunks_of(file: Path, stopping: Stopping) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while chunk := opened.read(CHUNK):
            go_on(stopping)
            yield chunk


def describe(
    folder: Path, rows: Mapping[str, int], sums: Mapping[str, str], moment: str, address: str
) -> dict[str, Any]:
    """The Data Package (specs.frictionlessdata.io, version 1) of the tables in this folder."""
    return {
        "profile": "data-package",
        "name": "dure-open-data",
        "title": "Dure open data",
        "description": "Petitions, counts and public books of Dure, without personal data. "
        "Money is in minor units. In the CSV files a text that a spreadsheet would run as a "
        "formula has an apostrophe in front; the JSON files have it verbatim.",
        "homepage": address,
        "version": moment[:10],
        "created": moment,
        "licenses": [
            {
                "name": "CC-BY-4.0",
                "path": LICENCE_URL,
                "title": "Creative Commons Attribution 4.0 International",
            }
        ],
        "resources": [
            resource for table in TABLES for resource in resources_of(folder, table, rows[table.name], sums)
        ],
    }


def resources_of(folder: Path, table: Table, rows: int, sums: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """The table as CSV with its schema, and the same as JSON."""
    common = {"title": str(table.about), "encoding": "utf-8", "rows": rows}
    yield {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": f"{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        **common,
        **measured(folder / f"{table.name}.csv", sums),
        "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "header": True},
        "schema": schema_of(table),
    }
    yield {
        "profile": "data-resource",
        "name": f"{table.name}-json",
        "path": f"{table.name}.json",
        "format": "json",
        "mediatype": "application/json",
        **common,
        **measured(folder / f"{table.name}.json", sums),
    }


def measured(file: Path, sums: Mapping[str, str]) -> dict[str, Any]:
    return {"bytes": file.stat().st_size, "hash": f"sha256:{sums[file.name]}"}


def schema_of(table: Table) -> dict[str, Any]:
    """The Table Schema of a table."""
    schema: dict[str, Any] = {
        "fields": [
            {"name": column.name, **TYPES[column.kind], "description": str(column.about)}
            for column in table.columns
        ],
        "missingValues": [""],
    }
    if table.key:
        schema["primaryKey"] = list(table.key)
    if PETITION in table.columns and table.name != TABLES[0].name:
        schema["foreignKeys"] = [
            {"fields": PETITION.name, "reference": {"resource": TABLES[0].name, "fields": PETITION.name}}
        ]
    return schema
