"""``dure backup``: a whole copy, also of what was written a moment ago."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from flask import Flask

from tests.cli.conftest import Run
from tests.world import World


def on_sqlite(app: Flask) -> bool:
    return str(app.config["DURE"].database_url).startswith("sqlite")


def test_the_copy_holds_everything_or_the_right_tool_is_named(
    app: Flask, world: World, run: Run, tmp_path: Path
) -> None:
    world.petition(title="신호등을 놓아 주세요")
    path = tmp_path / "copy.db"
    done = run("backup", path)
    if not on_sqlite(app):
        assert (done.exit_code, done.stdout) == (2, "")
        assert "pg_dump" in done.stderr
        assert not path.exists()
        return
    assert (done.exit_code, done.stdout) == (0, f"{path}\n")
    with closing(sqlite3.connect(path)) as copy:
        assert copy.execute("SELECT title FROM petition").fetchall() == [("신호등을 놓아 주세요",)]
        assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert sorted(tmp_path.glob("copy*")) == [path]


def test_nothing_is_overwritten(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "copy.db"
    path.write_text("mine")
    assert run("backup", path).exit_code == 2
    assert path.read_text() == "mine"
