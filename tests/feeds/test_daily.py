"""The daily data: made once, whole or not at all, kept for a week; its page, its files, its command."""

from __future__ import annotations

import fcntl
import hashlib
import os
import signal
from datetime import datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from app.clock import SEOUL
from app.db import db
from app.feeds.opendata import keeping, writing
from app.feeds.opendata.keeping import days, make_daily
from app.feeds.opendata.making import maker
from app.feeds.opendata.showing import FILES
from app.feeds.opendata.tables import TABLES
from tests.feeds.exported import read_json
from tests.world import World

NOON = datetime(2026, 11, 23, 12, tzinfo=SEOUL)
WEEK = ("12-01", "11-30", "11-29", "11-28", "11-27", "11-26", "11-25")


@pytest.fixture
def settings_changes(tmp_path: Path) -> dict[str, Any]:
    return {"open_data": "on", "data_dir": tmp_path / "data"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (NOON, "2026-11-23"),
        (NOON.replace(hour=2, minute=59), "2026-11-22"),
        (NOON.replace(hour=3), "2026-11-23"),
    ],
)
def test_a_day_begins_when_few_people_read(world: World, folder: Path, at: datetime, day: str) -> None:
    with time_machine.travel(at, tick=False):
        assert make_daily()
        assert days() == [day]
        assert not make_daily(), "once a day"
    assert {file.name for file in (folder / day).iterdir()} == FILES


def test_the_worker_makes_it(world: World, folder: Path) -> None:
    with time_machine.travel(NOON, tick=False):
        world.work()
        assert maker().wait(30)
    assert (folder / "2026-11-23" / "petitions.csv").is_file()


def test_a_week_is_kept(world: World) -> None:
    for number in range(9):
        with time_machine.travel(NOON + timedelta(days=number), tick=False):
            assert make_daily()
    assert days() == [
        f"2026-{day}" for day in ("12-01", "11-30", "11-29", "11-28", "11-27", "11-26", "11-25")
    ]


def test_switched_off_nothing_is_made(app: Flask, world: World, folder: Path) -> None:
    app.config["DURE"].open_data = "off"
    try:
        assert not make_daily()
    finally:
        app.config["DURE"].open_data = "on"
    assert not folder.exists()


@pytest.fixture
def yesterday(world: World) -> str:
    """The day before this one, of which there is data, from before there was any petition."""
    with time_machine.travel(datetime.now(SEOUL) - timedelta(days=1), tick=False):
        assert make_daily()
    return days()[0]


def test_a_failure_leaves_the_old_one_and_waits_a_little(
    yesterday: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_asked: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "pack", fail)
    with pytest.raises(OSError, match="No space"):
        make_daily()
    monkeypatch.undo()
    assert days() == [yesterday]
    assert list(unfinished(folder).iterdir()) == [], "nothing fills the disk meanwhile"
    assert not make_daily(), "not again at once"
    let_time_pass(folder)
    assert make_daily()
    assert len(days()) == 2
    assert list(folder.glob("unfinished-*")) == []


def unfinished(folder: Path) -> Path:
    [found] = folder.glob("unfinished-*")
    return found


def let_time_pass(folder: Path) -> None:
    """As if what broke off had done so long ago."""
    then = (datetime.now(SEOUL) - keeping.TRY_AGAIN - timedelta(minutes=1)).timestamp()
    os.utime(unfinished(folder), (then, then))


def test_only_one_is_at_it(world: World, folder: Path) -> None:
    folder.mkdir()
    with (folder / ".lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert not make_daily()
    assert make_daily()


def test_a_death_in_the_middle_leaves_the_old_one(
    app: Flask, world: World, yesterday: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.petition(title="나중")
    db.session.remove()

    def die() -> None:
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose(close=False)
            monkeypatch.setattr(writing, "pack", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
            make_daily()

    process = get_context("fork").Process(target=die)
    process.start()
    process.join(30)
    assert process.exitcode == -signal.SIGKILL
    assert (unfinished(folder) / "petitions.csv").is_file(), "it had begun"
    assert days() == [yesterday]
    assert read_json(folder / yesterday, "petitions") == []
    let_time_pass(folder)
    assert make_daily()
    assert [row["title"] for row in read_json(folder / days()[0], "petitions")] == ["나중"]


def test_the_page_says_what_there_is(client: FlaskClient, world: World, folder: Path) -> None:
    empty = client.get("/data?lang=en")
    assert (empty.status_code, "on its way" in empty.text) == (200, True)
    world.petition()
    with time_machine.travel(NOON, tick=False):
        make_daily()
    page = client.get("/data?lang=en")
    for table in TABLES:
        assert page.text.count(f'href="#{table.name}"') == 1
        for column in table.columns:
            assert f"<code>{column.name}</code>" in page.text
    for name in FILES:
        assert f"/data/2026-11-23/{name}" in page.text
    sheet = folder / "2026-11-23" / "petitions.csv"
    assert hashlib.sha256(sheet.read_bytes()).hexdigest() in page.text
    assert "https://creativecommons.org/licenses/by/4.0/" in page.text
    again = client.get("/data?lang=en", headers={"If-None-Match": page.headers["ETag"]})
    assert again.status_code == 304
    assert '<a href="/data' in client.get("/").text
    assert '<a href="/data' in client.get("/about").text


def test_files_are_given_as_they_are(client: FlaskClient, world: World, folder: Path) -> None:
    with time_machine.travel(NOON, tick=False):
        make_daily()
    for name in FILES:
        answer = client.get(f"/data/2026-11-23/{name}", buffered=True)
        assert answer.data == (folder / "2026-11-23" / name).read_bytes()
        assert answer.headers["Content-Disposition"] == f"attachment; filename=2026-11-23-{name}"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
    sheet = client.get("/data/2026-11-23/books.csv", buffered=True)
    assert sheet.content_type == "text/csv; charset=utf-8"
    kept = client.get(
        "/data/2026-11-23/books.csv", headers={"If-None-Match": sheet.headers["ETag"]}, buffered=True
    )
    assert kept.status_code == 304
    latest = client.get("/data/latest/books.csv")
    assert latest.location == "/data/2026-11-23/books.csv"


@pytest.mark.parametrize(
    "path",
    [
        "/data/latest/petitions.csv",
        "/data/2026-11-23/petitions.csv",
        "/data/2026-11-23/.lock",
        "/data/2026-11-23/..%2f..%2fdure.db",
        "/data/../petitions.csv",
        "/data/%2e%2e/petitions.csv",
        "/data/unfinished-2026-11-23/petitions.csv",
    ],
)
def test_nothing_else_is_given(client: FlaskClient, world: World, folder: Path, path: str) -> None:
    (folder / "unfinished-2026-11-23").mkdir(parents=True)
    (folder / "unfinished-2026-11-23" / "petitions.csv").write_text("secret")
    (folder.parent / "petitions.csv").write_text("secret")
    answer = client.get(path)
    assert answer.status_code == 404
    assert b"secret" not in answer.data


def test_the_command_makes_it_at_once(app: Flask, world: World, tmp_path: Path) -> None:
    from app.cli.keeping import export

    world.petition(title="명령")
    runner = app.test_cli_runner()
    done = runner.invoke(export, [str(tmp_path / "now")])
    assert (done.exit_code, done.stdout) == (0, f"{tmp_path / 'now'}\n")
    assert [row["title"] for row in read_json(tmp_path / "now", "petitions")] == ["명령"]
    again = runner.invoke(export, [str(tmp_path / "now")])
    assert again.exit_code == 2
    assert "is there already" in again.stderr
    assert runner.invoke(export, [str(tmp_path / "no" / "now")]).exit_code == 2
