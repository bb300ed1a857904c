"""Starting servers on loopback, and reading from /proc what they cost."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from app.config import ROOT

READY_SECONDS = 60
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
DURE = ("-m", "app.cli")
BARE = ("-m", "gunicorn", "-c", "python:bench.bare_server", "bench.bare:app")


class Server:
    """A process of ours and its children."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process = process
        self.port = port
        self.backends: Callable[[], list[int]] = list

    @property
    def pids(self) -> list[int]:
        """The process and everything it started, living now."""
        found = [self.process.pid]
        for pid in found:
            found += children_of(pid)
        return found

    def cpu_seconds(self) -> float:
        """User and system time so far: of every living process, of those that have ended, of ``backends``."""
        return sum(cpu_seconds_of(pid) for pid in (*self.pids, *self.backends()))

    def pss_kib(self) -> int:
        """Memory, with a shared page counted in parts to everybody who shares it."""
        return sum(pss_kib_of(pid) for pid in self.pids)


def children_of(pid: int) -> list[int]:
    try:
        lists = [file.read_text() for file in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:
        return []
    return [int(child) for text in lists for child in text.split()]


def cpu_seconds_of(pid: int) -> float:
    """Fields 14 to 17 of ``/proc/<pid>/stat`` (see proc(5)), in seconds; 0 for a process that is gone."""
    try:
        after_name = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(ticks) for ticks in after_name[11:15]) / TICKS_PER_SECOND


def pss_kib_of(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def backends_of(database_url: str) -> list[int]:
    """The processes in which PostgreSQL serves this database on this machine; none for SQLite."""
    if database_url.startswith("sqlite"):
        return []
    import psycopg

    others = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with psycopg.connect(database_url) as connection:
        return [pid for (pid,) in connection.execute(others)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def started(arguments: Sequence[str], settings: Mapping[str, str], log: Path) -> Iterator[Server]:
    """Start ``python`` with these arguments, and stop it and its children afterwards.

    ``settings`` are added to the environment, from which other settings of Dure are taken out.
    """
    port = free_port()
    outer = {name: value for name, value in os.environ.items() if not name.startswith("DURE_")}
    environment = outer | {"DURE_HOST": "127.0.0.1", "DURE_PORT": str(port), **settings}
    with log.open("ab") as stream:
        process = subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, env=environment, stdout=stream, stderr=stream
        )
    try:
        yield Server(process, port)
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_until_ready(server: Server, path: str, log: Path) -> None:
    """Wait for an answer of any status.

    Raises:
        RuntimeError: the server ended, or said nothing for a minute; the message ends with its log.
    """
    end = time.monotonic() + READY_SECONDS
    while time.monotonic() < end and server.process.poll() is None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        try:
            connection.request("GET", path)
            connection.getresponse().read()
            return
        except OSError:
            time.sleep(0.1)
        finally:
            connection.close()
    raise RuntimeError(f"A server did not start:\n{log.read_text()[-2000:]}")
