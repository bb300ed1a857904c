"""Writing the open data into a folder: one pass over the database, all files open, nothing kept."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from app.db import db, on_postgres
from app.web.languages import speaking
from app.web.sheets import MARK, defused

from .packing import pack
from .rows import all_rows, plain
from .stopping import Stopping, go_on, never
from .tables import TABLES, Table


def export(folder: Path, stopping: Stopping = never) -> None:
    """Write everything into ``folder``, which must not be there yet, as the database is at one moment.

    Raises:
        FileExistsError: the folder is there already.
        Stopped: ``stopping`` asked for the end; the folder is left half-written.
    """
    folder.mkdir(parents=True)
    with ExitStack() as files, speaking("en"):
        db.session.rollback()
        read_one_moment()
        writers = {table.name: files.enter_context(TableFiles(folder, table)) for table in TABLES}
        for table, row in all_rows():
            go_on(stopping)
            writers[table.name].write(row)
        db.session.rollback()
    pack(folder, {name: writer.rows for name, writer in writers.items()}, stopping)


def read_one_moment() -> None:
    """From the next question on, all answers are of one moment; SQLite's readers have it that way anyway."""
    if on_postgres():
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


class TableFiles:
    """The CSV and the JSON of one table, written row by row."""

    def __init__(self, folder: Path, table: Table) -> None:
        self.table = table
        self.rows = 0
        self.sheet = (folder / f"{table.name}.csv").open("x", encoding="utf-8", newline="")
        self.list = (folder / f"{table.name}.json").open("x", encoding="utf-8", newline="")

    def __enter__(self) -> TableFiles:
        self.sheet.write(MARK)
        self.cells = csv.writer(self.sheet, lineterminator="\r\n")
        self.cells.writerow(self.table.names)
        self.list.write("[")
        return self

    def write(self, row: Mapping[str, Any]) -> None:
        values = {name: plain(row[name]) for name in self.table.names}
        self.cells.writerow(
            [defused(value) if isinstance(value, str) else value for value in values.values()]
        )
        self.list.write(",\n" if self.rows else "\n")
        self.list.write(json.dumps(values, ensure_ascii=False, separators=(",", ":")))
        self.rows += 1

    def __exit__(self, *_broken: object) -> None:
        self.list.write("\n]\n")
        for file in (self.sheet, self.list):
            file.flush()
            os.fsync(file.fileno())
            file.close()
