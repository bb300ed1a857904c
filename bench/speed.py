"""What a request costs beside a bare Flask route that does the same, on the same server, in one run.

``python -m bench.speed`` starts both on loopback with temporary databases, sends them the same requests in
turns, and prints ratios of CPU time (user and system, all processes of a server). It exits with 1 when a
target is missed. ``--database`` takes the URL of a PostgreSQL server that lets us make databases.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import sqlalchemy as sa

from .campaigns import KEY, made_app, open_petition, postgres_database
from .driving import Ask, Signers, drive, fetch
from .queries import count_both
from .servers import BARE, DURE, Server, backends_of, started, wait_until_ready

SIGN_TARGET = 1.5
MEMORY_TARGET_MIB = 300
WORKER_SECONDS = 600
PARTS = 4
OLDEST_AGE = 12


@dataclass(frozen=True)
class Pair:
    """Both servers, the petition they hold, and where the databases are."""

    ours: Server
    bare: Server
    slug: str
    settings: dict[str, str]
    folder: Path

    @property
    def page(self) -> str:
        return f"/petitions/{self.slug}"

    @property
    def frame(self) -> str:
        return f"/embed/v1/{self.slug}"


@dataclass(frozen=True)
class Result:
    """One line of the table."""

    name: str
    value: str
    detail: str
    target: str
    met: bool | None


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


@contextmanager
def both_started(database: str, folder: Path) -> Iterator[Pair]:
    """Dure and the bare application, each with its own copy of one database."""
    with ExitStack() as stack:
        ours_url, bare_url, slug = prepare(stack, database, folder)
        common = {"DURE_ENV": "bench", "DURE_LIMITS": "off", "DURE_SECRET_KEY": KEY, "DURE_DEMO": "0"}
        ours_settings = common | {"DURE_DATABASE_URL": ours_url}
        recorded = folder / "answers.json"
        log = folder / "servers.log"
        ours = stack.enter_context(started((*DURE, "serve"), ours_settings, log))
        wait_until_ready(ours, "/livez", log)
        record_answers(ours, [f"/petitions/{slug}", f"/embed/v1/{slug}", f"/embed/v1/{slug}.svg"], recorded)
        bare_settings = common | {"DURE_DATABASE_URL": bare_url, "BENCH_ANSWERS": str(recorded)}
        bare = stack.enter_context(started(BARE, bare_settings, log))
        wait_until_ready(bare, f"/petitions/{slug}", log)
        ours.backends, bare.backends = partial(backends_of, ours_url), partial(backends_of, bare_url)
        yield Pair(ours, bare, slug, ours_settings, folder)


def prepare(stack: ExitStack, database: str, folder: Path) -> tuple[str, str, str]:
    """Two equal databases with one petition: their URLs, and its slug."""
    if database.startswith("sqlite"):
        ours, bare = folder / "ours.db", folder / "bare.db"
        with made_app(f"sqlite:///{ours}"):
            slug = open_petition("A light at the crossing")
        shutil.copy(ours, bare)
        return f"sqlite:///{ours}", f"sqlite:///{bare}", slug
    ours_url = stack.enter_context(postgres_database(database))
    with made_app(ours_url):
        slug = open_petition("A light at the crossing")
    bare_url = stack.enter_context(postgres_database(database, template=ours_url.rpartition("/")[2]))
    return ours_url, bare_url, slug


def record_answers(ours: Server, paths: Sequence[str], file: Path) -> None:
    """Keep our answers for the bare application to repeat."""
    answers = {}
    for path in paths:
        answer = fetch(ours.port, Ask(path))
        own = {k: v for k, v in answer.headers.items() if k not in {"Server", "Date", "Connection"}}
        answers[path] = {"headers": own, "body": answer.body.decode()}
    file.write_text(json.dumps(answers))


def compare(
    name: str, pair: Pair, asks: Callable[[Server], Sequence[Ask]], expected: int, rounds: int
) -> list[tuple[float, float]]:
    """Drive both in short turns; CPU seconds of ours and of the bare one by round, after a round to warm up.

    Short turns let whatever else the machine does fall on both alike.
    """
    seconds = []
    for number in range(rounds + 1):
        spent = {}
        for server in (pair.ours, pair.bare)[:: 1 if number % 2 else -1]:
            prepared = asks(server)
            before = server.cpu_seconds()
            drive(server.port, prepared, expected)
            spent[server.port] = server.cpu_seconds() - before
        if number:
            seconds.append((spent[pair.ours.port], spent[pair.bare.port]))
    say(f"{name}: {rounds} rounds")
    return seconds


def sum_up(name: str, seconds: Sequence[tuple[float, float]], target: float | None) -> Result:
    """The ratio of the sums, and how far it lies in each part of the run."""
    total = ratio_of(seconds)
    parts = [ratio_of(seconds[part::PARTS]) for part in range(min(PARTS, len(seconds)))]
    wanted = f"≤ {target:.2f}" if target else "–"
    met = total <= target if target else None
    return Result(name, f"{total:.2f} ×", f"{min(parts):.2f} – {max(parts):.2f}", wanted, met)


def ratio_of(seconds: Sequence[tuple[float, float]]) -> float:
    ours, bare = (sum(column) for column in zip(*seconds, strict=True))
    return ours / max(bare, 0.01)


def measure_signing(pair: Pair, signers: Signers, rounds: int, requests: int) -> Result:
    path = f"{pair.page}/signatures"
    seconds = compare("sign", pair, lambda _: signers.next_asks(path, requests), 200, rounds)
    return sum_up("sign", seconds, SIGN_TARGET)


def measure_reading(
    pair: Pair, name: str, path: str, *, rounds: int, requests: int, target: float | None = None
) -> list[Result]:
    """The whole answer, the answer to a reader who has it, and whether anybody may keep it."""

    def ask_again(server: Server) -> Sequence[Ask]:
        return [Ask(path, headers={"If-None-Match": lasting_tag(server, path)})] * requests

    whole = compare(name, pair, lambda _: [Ask(path)] * requests, 200, rounds)
    again = compare(f"{name} again", pair, ask_again, 304, rounds)
    return [
        sum_up(f"{name}, 200", whole, target),
        sum_up(f"{name}, 304", again, target),
        check_cacheable(name, pair.ours, path),
    ]


def lasting_tag(server: Server, path: str) -> str:
    """The entity tag of an answer that will be good for some seconds yet."""
    while True:
        headers = fetch(server.port, Ask(path)).headers
        if int(headers.get("Age", 0)) < OLDEST_AGE:
            return headers["ETag"]
        time.sleep(0.5)


def check_cacheable(name: str, server: Server, path: str) -> Result:
    headers = fetch(server.port, Ask(path)).headers
    shared = headers.get("Cache-Control", "").startswith("public") and "Set-Cookie" not in headers
    again = fetch(server.port, Ask(path, headers={"If-None-Match": headers.get("ETag", "")}))
    met = shared and "ETag" in headers and again.status == 304
    return Result(f"{name}, cacheable", "yes" if met else "no", headers.get("Cache-Control", ""), "yes", met)


def measure_memory(pair: Pair, signers: Signers, signatures: int) -> Result:
    """Web and worker after so many signatures, all of whose letters are written."""
    log = pair.folder / "servers.log"
    with started((*DURE, "work"), pair.settings, log) as worker:
        missing = signatures - count_rows(pair, "signature")
        say(f"{max(missing, 0)} more signatures, then their letters")
        drive(pair.ours.port, signers.next_asks(f"{pair.page}/signatures", max(missing, 0)), 200)
        wait_for_letters(pair, worker)
        web, letters = pair.ours.pss_kib() / 1024, worker.pss_kib() / 1024
    detail = f"web {web:.0f}, worker {letters:.0f}"
    met = web + letters < MEMORY_TARGET_MIB
    return Result("memory, MiB", f"{web + letters:.0f}", detail, f"< {MEMORY_TARGET_MIB}", met)


def count_rows(pair: Pair, table: str, where: str = "1 = 1") -> int:
    url = sa.engine.make_url(pair.settings["DURE_DATABASE_URL"].replace("postgresql:", "postgresql+psycopg:"))
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return int(connection.exec_driver_sql(f"SELECT COUNT(*) FROM {table} WHERE {where}").scalar_one())


def wait_for_letters(pair: Pair, worker: Server) -> None:
    end = time.monotonic() + WORKER_SECONDS
    while count_rows(pair, "outbox", "finished_at IS NULL"):
        if time.monotonic() > end or worker.process.poll() is not None:
            raise RuntimeError("The worker did not finish its letters.")
        time.sleep(1)


def measure_queries(folder: Path) -> list[Result]:
    return [
        Result(f"queries, {each.path}", str(each.many), f"{each.few} – {each.many}", "same", each.constant)
        for each in count_both(folder)
    ]


def measure(database: str, rounds: int, requests: int, signatures: int) -> list[Result]:
    """Everything, in one run."""
    with tempfile.TemporaryDirectory(prefix="dure-bench-") as name:
        folder, signers = Path(name), Signers()
        results = measure_queries(folder)
        with both_started(database, folder) as pair:
            results.append(measure_signing(pair, signers, rounds, requests))
            results += measure_reading(pair, "page", pair.page, rounds=rounds, requests=requests)
            if signatures:
                results.append(measure_memory(pair, signers, signatures))
        return results


def write_table(results: Sequence[Result]) -> str:
    rows = [("", "Dure ÷ bare", "lowest – highest", "target", "")]
    verdicts = {True: "ok", False: "MISSED", None: ""}
    rows += [(each.name, each.value, each.detail, each.target, verdicts[each.met]) for each in results]
    widths = [max(len(row[column]) for row in rows) for column in range(5)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.speed", description=__doc__)
    parser.add_argument("--database", default="sqlite", help="sqlite, or postgresql://user@host:port")
    parser.add_argument("--rounds", type=int, default=24)
    parser.add_argument("--requests", type=int, default=100, help="in each round, for each server")
    parser.add_argument("--signatures", type=int, default=10_000, help="before memory is read; 0: do not")
    options = parser.parse_args(arguments)
    results = measure(options.database, options.rounds, options.requests, options.signatures)
    print(write_table(results))
    if any(each.met is False for each in results):
        sys.exit(1)


if __name__ == "__main__":
    main()
