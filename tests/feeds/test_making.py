"""Making the data beside the worker: nothing waits for it, and it leaves off when asked."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app import worker
from app.feeds.opendata import keeping, packing, rows
from app.feeds.opendata.keeping import days, make_daily
from app.feeds.opendata.making import Maker, maker, start_daily
from app.feeds.opendata.stopping import Stopped, Stopping
from app.feeds.opendata.writing import export
from tests.world import World


@pytest.fixture
def settings_changes(tmp_path: Path) -> dict[str, Any]:
    return {"open_data": "on", "data_dir": tmp_path / "data"}


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch, app: Flask) -> Iterator[threading.Event]:
    """Writing waits for this."""
    go = threading.Event()

    def wait_then_write(unfinished: Path, stopping: Stopping) -> None:
        while not go.wait(0.01) and not stopping():
            pass
        export(unfinished, stopping)

    monkeypatch.setattr(keeping, "export", wait_then_write)
    yield go
    go.set()
    with app.app_context():
        assert maker().wait(10)


def test_the_worker_waits_for_no_data(world: World, held: threading.Event) -> None:
    world.work()
    assert days() == []
    assert not start_daily(), "one at a time"
    held.set()
    assert maker().wait(10)
    assert len(days()) == 1
    assert not start_daily(), "once a day"


@pytest.mark.usefixtures("held")
def test_it_leaves_off_when_asked_and_begins_anew_at_once(app: Flask, world: World, tmp_path: Path) -> None:
    world.petition()
    making = Maker(app)
    assert making.start()
    while not (tmp_path / "data" / ".lock").exists():
        time.sleep(0.01)
    assert making.stop(10)
    assert (days(), list((tmp_path / "data").glob("unfinished-*"))) == ([], [])
    assert not making.start(), "no more of it"
    assert start_daily(), "the next worker need not wait"


@pytest.mark.usefixtures("held", "world")
def test_a_worker_that_is_stopped_leaves_off(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Consumer:
        stop_flag = threading.Event()

        def run(self) -> None:
            """Until SIGTERM, which comes while data is written."""
            while not (tmp_path / "data" / ".lock").exists():
                time.sleep(0.01)

    monkeypatch.setitem(app.extensions, "open data", Maker(app))
    monkeypatch.setattr(app.extensions["queue"], "consumer", lambda *_body, **_options: Consumer())
    monkeypatch.setattr(worker, "SWEEPS", (start_daily,))
    monkeypatch.setattr(worker, "REACTIONS", {})
    worker.run(app)
    assert maker().wait(0)
    assert (days(), list((tmp_path / "data").glob("unfinished-*"))) == ([], [])


def test_the_end_is_asked_for_between_small_steps(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At whichever question the answer is yes, nothing is left and nothing has to wait."""
    monkeypatch.setattr(rows, "BATCH", 1)
    monkeypatch.setattr(packing, "CHUNK", 256)
    world.petition()
    asked = [0]

    def count() -> bool:
        asked[0] += 1
        return False

    export(tmp_path / "counted", count)
    assert asked[0] > 50
    for at in range(1, asked[0], asked[0] // 7):
        left = iter(range(at))
        assert not make_daily(lambda left=left: next(left, None) is None)  # type: ignore[misc]
        assert not list((tmp_path / "data").glob("unfinished-*"))
    assert days() == []
    assert make_daily()


def test_whoever_asks_for_the_end_of_an_export_learns_of_it(world: World, tmp_path: Path) -> None:
    world.petition()
    with pytest.raises(Stopped):
        export(tmp_path / "half", lambda: True)
