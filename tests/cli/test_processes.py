"""``dure serve`` and ``dure work`` as real processes: they answer, they work, they stop when told."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator

import pytest
from flask import Flask

from app.config import ROOT
from app.db import db, run_tx
from app.outbox import Announcement, announce
from tests.cli.conftest import command, environment

Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(database_url: str) -> Iterator[Start]:
    """Start a command on the test's database; whatever still runs at the end is killed."""
    started: list[subprocess.Popen[bytes]] = []

    def start_process(*words: str, **changes: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            command(*words), cwd=ROOT, env=environment(database_url, **changes), stdin=subprocess.DEVNULL
        )
        started.append(process)
        return process

    yield start_process
    for process in started:
        process.kill()
        process.wait()


def wait_for(condition: Callable[[], bool], seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def status(port: int, path: str) -> int | None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def stops_cleanly(process: subprocess.Popen[bytes]) -> bool:
    process.send_signal(signal.SIGTERM)
    return process.wait(timeout=15) in (0, -signal.SIGTERM)


def test_the_server_answers_and_stops_with_all_its_workers(start: Start) -> None:
    port = free_port()
    server = start("serve", DURE_PORT=str(port))
    assert wait_for(lambda: status(port, "/livez") == 200)
    assert stops_cleanly(server)
    assert status(port, "/livez") is None


def test_the_worker_does_what_is_due_and_stops(app: Flask, start: Start) -> None:
    with app.app_context():
        run_tx(lambda: announce("nobody_listens_to_this"))

    def is_finished() -> bool:
        with app.app_context():
            return db.session.query(Announcement).filter(Announcement.finished_at.is_not(None)).count() == 1

    worker = start("work")
    assert wait_for(is_finished)
    assert stops_cleanly(worker)
