"""Reading the open data back from its files, as those do who build on it."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

Rows = list[dict[str, Any]]


def read_json(folder: Path, table: str) -> Rows:
    rows: Rows = json.loads((folder / f"{table}.json").read_text(encoding="utf-8"))
    return rows


def read_csv(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened, strict=True))


def described(folder: Path) -> dict[str, dict[str, Any]]:
    """The resources of the data package by path."""
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return {resource["path"]: resource for resource in package["resources"]}
