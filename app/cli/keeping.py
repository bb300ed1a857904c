"""Commands that keep what there is."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import click
from flask.cli import with_appcontext


@click.command()
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup(path: Path) -> None:
    """Copy the database to PATH while Dure goes on working; PATH must be new."""
    from app.db import db

    url = db.engine.url
    if url.get_backend_name() != "sqlite":
        raise click.UsageError("This database is PostgreSQL: use pg_dump, which copies it while it works.")
    if path.exists():
        raise click.UsageError(f"{path} is there already: name a new file.")
    if not path.parent.is_dir():
        raise click.UsageError(f"{path.parent} is no folder.")
    copy_sqlite(Path(str(url.database)), path)
    click.echo(path)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@with_appcontext
def export(folder: Path) -> None:
    """Write the open data into FOLDER, as the worker does every day; FOLDER must be new."""
    from app.feeds.opendata.writing import export as write

    if folder.exists():
        raise click.UsageError(f"{folder} is there already: name a new folder.")
    if not folder.parent.is_dir():
        raise click.UsageError(f"{folder.parent} is no folder.")
    write(folder)
    click.echo(folder)


def copy_sqlite(source: Path, target: Path) -> None:
    """Copy through SQLite itself; a plain copy of the file would miss what the write-ahead log holds."""
    unfinished = target.with_name(f"{target.name}.part")
    unfinished.unlink(missing_ok=True)
    with (
        closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=rw", uri=True, timeout=30)) as live,
        closing(sqlite3.connect(unfinished)) as copy,
    ):
        live.backup(copy)
    unfinished.rename(target)
