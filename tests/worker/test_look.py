"""One look of the worker: every step has its turn, whatever happens to the others."""

from __future__ import annotations

import threading
import time

import pytest
import sqlalchemy as sa
from flask import Flask

from app import worker
from app.db import db, run_tx
from app.outbox import Announcement, announce, drain
from app.worker import Worker, work_once
from tests.world import World


def announced(topic: str, times: int = 1) -> None:
    for _ in range(times):
        run_tx(lambda: announce(topic))


def unfinished() -> int:
    db.session.expire_all()
    waiting = sa.select(sa.func.count()).select_from(Announcement).where(Announcement.finished_at.is_(None))
    return db.session.scalar(waiting) or 0


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was done, in order; the worker reacts to ``heard`` and sweeps three times."""
    done: list[str] = []

    def sweep() -> None:
        done.append("sweep")

    def failing_sweep() -> None:
        done.append("failing sweep")
        raise ConnectionError("the gateway is away")

    def announcing_sweep() -> None:
        done.append("announcing sweep")
        announced("heard")

    monkeypatch.setattr(worker, "SWEEPS", (failing_sweep, announcing_sweep, sweep))
    monkeypatch.setattr(worker, "REACTIONS", {"heard": [lambda: done.append("heard")]})
    return done


def test_a_step_that_fails_stops_no_other(app: Flask, world: World, steps: list[str]) -> None:
    announced("heard")
    work_once(app)
    assert steps == ["heard", "failing sweep", "announcing sweep", "sweep", "heard"]
    assert unfinished() == 0


def test_nothing_is_begun_once_it_is_stopping(app: Flask, world: World, steps: list[str]) -> None:
    work_once(app, stopping=lambda: True)
    assert steps == []


def test_announcements_not_reached_are_due_at_once_for_the_next(world: World) -> None:
    announced("heard", times=5)
    heard: list[int] = []
    reactions = {"heard": [lambda: heard.append(1)]}
    assert drain(reactions, stopping=lambda: len(heard) == 2) == 2
    assert unfinished() == 3
    assert set(
        db.session.scalars(sa.select(Announcement.attempts).where(Announcement.finished_at.is_(None)))
    ) == {0}
    assert drain(reactions) == 3
    assert len(heard) == 5


def test_looks_never_overlap(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    inside, most = 0, 0

    def sweep() -> None:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        time.sleep(0.02)
        inside -= 1

    monkeypatch.setattr(worker, "SWEEPS", (sweep,))
    monkeypatch.setattr(worker, "REACTIONS", {})
    subject = Worker(app)
    threads = [threading.Thread(target=look) for look in (subject.look, subject.look_unless_busy) * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most == 1


def test_it_looks_by_itself_until_it_is_stopped(app: Flask, steps: list[str]) -> None:
    subject = Worker(app)
    ticking = threading.Thread(target=subject.tick, args=(0.05,))
    ticking.start()
    end = time.monotonic() + 10
    while steps.count("sweep") < 3 and time.monotonic() < end:
        time.sleep(0.02)
    assert subject.stop()
    ticking.join(timeout=10)
    assert not ticking.is_alive()
    assert steps.count("sweep") >= 3
