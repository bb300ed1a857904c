"""What goes out of sight leaves the open data of every day, and is in no copy for long."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient

from app import clock
from app.db import run_tx
from app.feeds.opendata import keeping
from app.feeds.opendata.keeping import days, make_daily, take_back
from app.feeds.opendata.making import maker
from app.feeds.opendata.stopping import Stopping
from app.feeds.opendata.writing import export
from app.petitions.launching import hide
from app.petitions.models import Petition
from tests.feeds.exported import read_json
from tests.world import World

CANARY = "카나리아를 놓아주세요"


@pytest.fixture
def settings_changes(tmp_path: Path) -> dict[str, Any]:
    return {"open_data": "on", "data_dir": tmp_path / "data"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def titles(folder: Path) -> list[str]:
    return [row["title"] for row in read_json(folder, "petitions")]


def make_on(*days_ago: int) -> None:
    for ago in days_ago:
        with time_machine.travel(clock.now() - timedelta(days=ago), tick=False):
            assert make_daily()


def days_before(at: datetime, number: int) -> datetime:
    return at - timedelta(days=number)


def test_what_is_hidden_is_in_no_file_of_any_day(world: World, client: FlaskClient, folder: Path) -> None:
    make_on(5)
    (without,) = days()
    petition = world.petition(title=CANARY, opened_at=days_before(clock.now(), 4))
    world.petition(title="남는 청원", opened_at=days_before(clock.now(), 4))
    make_on(3, 0)
    today = days()[0]
    assert CANARY in titles(folder / today)
    run_tx(lambda: hide(petition.id))
    world.work()
    maker().wait()
    world.work()
    maker().wait()
    assert days() == [today, without], "the days that told of it went, and today was made anew"
    assert titles(folder / today) == ["남는 청원"]
    for file in folder.rglob("*"):
        assert not file.is_file() or CANARY.encode() not in file.read_bytes(), file
    assert CANARY not in client.get(f"/data/{today}/petitions.json", buffered=True).text


def test_what_is_hidden_while_data_is_written_is_not_published(
    world: World, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    petition = world.petition(title=CANARY)

    def write_then_hide(unfinished: Path, stopping: Stopping) -> None:
        export(unfinished, stopping)
        assert CANARY in titles(unfinished)
        run_tx(lambda: hide(petition.id))
        take_back(petition.id)

    monkeypatch.setattr(keeping, "export", write_then_hide)
    assert not make_daily()
    assert (days(), list(folder.glob("unfinished-*"))) == ([], [])
    monkeypatch.undo()
    assert make_daily(), "it is due at once"
    assert titles(folder / days()[0]) == []


def test_half_a_day_that_a_death_left_goes_too(world: World, folder: Path) -> None:
    petition = world.petition(title=CANARY)
    assert make_daily()
    (folder / days()[0] / "datapackage.json").unlink()
    run_tx(lambda: hide(petition.id))
    take_back(petition.id)
    assert days() == []


def test_a_day_taken_back_while_the_page_is_written_is_not_shown(
    world: World, client: FlaskClient, folder: Path
) -> None:
    make_on(1, 0)
    newest, older = days()
    (folder / newest / "datapackage.json").unlink()
    page = client.get("/data?lang=en")
    assert page.status_code == 200
    assert f"/data/{older}/petitions.csv" in page.text
    assert newest not in page.text


def test_without_any_data_there_is_nothing_to_take_back(world: World, folder: Path) -> None:
    petition: Petition = world.petition()
    take_back(petition.id)
    assert not folder.exists()


def test_a_copy_is_asked_about_after_five_minutes(client: FlaskClient, world: World) -> None:
    assert make_daily()
    answer = client.get(f"/data/{days()[0]}/petitions.csv", buffered=True)
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert answer.headers["ETag"]
