"""Widgets behind nginx with the shipped one-second cache, beside nginx giving the same bytes from files.

``python -m bench.microcache`` starts Dure and nginx on loopback with ``deploy/production/nginx.conf``, lets
``wrk`` ask for the frame and for the badge, in short turns from the cache and from a file that holds the same
bytes under the same headers, and counts in the application's own log how often it was asked. It exits with 1
when a target is missed.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from .campaigns import KEY, made_app, open_petition
from .driving import Ask, fetch
from .front import in_front_of
from .servers import DURE, Server, started, wait_until_ready

THROUGHPUT_TARGET = 0.85
UPSTREAM_TARGET = 2.0
WRK = ("wrk", "-t1", "-c16", "-H", "Accept-Language: en")
OF_THE_CONNECTION = {"Server", "Date", "Connection", "Content-Length", "Content-Type", "X-Cache"}


@dataclass
class Turns:
    """What one server did in its turns."""

    requests: int = 0
    seconds: float = 0.0
    cpu: float = 0.0
    each: list[float] = field(default_factory=list)
    """Requests a second, turn by turn."""

    @property
    def throughput(self) -> float:
        return self.requests / self.seconds

    @property
    def cpu_each(self) -> float:
        return self.cpu / self.requests


@dataclass
class Measured:
    """One widget: from the cache, from the file, and how often the application was asked meanwhile."""

    name: str
    path: str
    cached: Turns = field(default_factory=Turns)
    static: Turns = field(default_factory=Turns)
    asked: int = 0

    def ratio(self) -> float:
        """The median over the rounds, so that what else the machine did in one of them hardly matters."""
        rounds = zip(self.cached.each, self.static.each, strict=True)
        return statistics.median(cached / static for cached, static in rounds)

    def result(self) -> dict[str, float | str | bool]:
        ratio = self.ratio()
        upstream = self.asked / self.cached.seconds
        return {
            "name": self.name,
            "cached_per_s": round(self.cached.throughput),
            "static_per_s": round(self.static.throughput),
            "throughput_ratio": round(ratio, 3),
            "nginx_cpu_ratio": round(self.cached.cpu_each / self.static.cpu_each, 3),
            "upstream_per_s": round(upstream, 2),
            "met": ratio >= THROUGHPUT_TARGET and upstream <= UPSTREAM_TARGET,
        }


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@contextmanager
def dure_started(folder: Path) -> Iterator[tuple[Server, str, Path]]:
    """Dure with one petition: its server, the petition's slug, and the log of what it was asked."""
    database, asked = f"sqlite:///{folder / 'dure.db'}", folder / "asked.log"
    with made_app(database):
        slug = open_petition("A light at the crossing")
    settings = {
        "DURE_ENV": "bench",
        "DURE_LIMITS": "off",
        "DURE_SECRET_KEY": KEY,
        "DURE_DEMO": "0",
        "DURE_DATABASE_URL": database,
        "GUNICORN_CMD_ARGS": f"--access-logfile {asked}",
    }
    log = folder / "dure.log"
    with started((*DURE, "serve"), settings, log) as server:
        wait_until_ready(server, "/livez", log)
        yield server, slug, asked


def as_files(server: Server, paths: Sequence[str], folder: Path) -> str:
    """Write the application's answers down; the locations under ``/as-a-file`` that give them as they are."""
    blocks = []
    for number, path in enumerate(paths):
        answer = fetch(server.port, Ask(path))
        (folder / str(number)).write_bytes(answer.body)
        kind = answer.headers["Content-Type"]
        said = "".join(
            f"add_header {name} {json.dumps(value, ensure_ascii=False)};"
            for name, value in answer.headers.items()
            if name not in OF_THE_CONNECTION and name != "ETag"
        )
        blocks.append(
            f"location = /as-a-file{path} {{ alias {folder / str(number)}; types {{}} "
            f'default_type "{kind}"; {said} }}'
        )
    return "\n".join(blocks)


def load(port: int, path: str, seconds: int) -> int:
    """Let ``wrk`` ask as often as it gets answers; how often it did.

    Raises:
        RuntimeError: some answers were no 200, or connections broke.
    """
    done = subprocess.run(
        [*WRK, f"-d{seconds}s", f"http://127.0.0.1:{port}{path}"],
        capture_output=True,
        text=True,
        check=True,
        timeout=seconds + 60,
    )
    if "Non-2xx" in done.stdout or "Socket errors" in done.stdout:
        raise RuntimeError(f"{path}: {done.stdout}")
    found = re.search(r"(\d+) requests in", done.stdout)
    if found is None:
        raise RuntimeError(done.stdout)
    return int(found[1])


def take_turn(front: Server, path: str, seconds: int, turns: Turns) -> None:
    cpu, began = front.cpu_seconds(), time.monotonic()
    requests = load(front.port, path, seconds)
    took = time.monotonic() - began
    turns.requests += requests
    turns.seconds += took
    turns.cpu += front.cpu_seconds() - cpu
    turns.each.append(requests / took)


def count_lines(log: Path) -> int:
    return len(log.read_text().splitlines())


def measure_one(front: Server, one: Measured, asked: Path, rounds: int, seconds: int) -> None:
    for path in (one.path, f"/as-a-file{one.path}"):
        load(front.port, path, 1)
    for number in range(rounds):
        for what in ("cached", "static")[:: 1 if number % 2 else -1]:
            if what == "static":
                take_turn(front, f"/as-a-file{one.path}", seconds, one.static)
                continue
            before = count_lines(asked)
            take_turn(front, one.path, seconds, one.cached)
            one.asked += count_lines(asked) - before
    say(f"{one.name}: {rounds} rounds")


def measure(rounds: int, seconds: int) -> list[Measured]:
    with tempfile.TemporaryDirectory(prefix="dure-bench-") as name:
        folder = Path(name)
        with dure_started(folder) as (server, slug, asked):
            both = [Measured("frame", f"/embed/v1/{slug}"), Measured("badge", f"/embed/v1/{slug}.svg")]
            files = as_files(server, [one.path for one in both], folder)
            with in_front_of(server.port, folder, files) as front:
                for one in both:
                    measure_one(front, one, asked, rounds, seconds)
    return both


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.microcache", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seconds", type=int, default=1, help="of each turn")
    options = parser.parse_args(arguments)
    results = [one.result() for one in measure(options.rounds, options.seconds)]
    print(json.dumps(results))
    if not all(result["met"] for result in results):
        sys.exit(1)


if __name__ == "__main__":
    main()
