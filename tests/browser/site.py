"""A Dure of our own: database, web server and worker as processes, on a free loopback port."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import signal
import socket
import ssl
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, urlencode, urlsplit

from app.config import ROOT
from tests.cli.conftest import command, environment

from .certificates import Certificate

Found = TypeVar("Found")
PATIENCE = 40
"""Seconds that anything done by the worker may take on a busy machine."""


def wait_for(look: Callable[[], Found | None], what: str, seconds: float = PATIENCE) -> Found:
    """What ``look`` finds, as soon as it finds something.

    Raises:
        AssertionError: nothing was found in time.
    """
    end = time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds} seconds in vain for {what}")
        time.sleep(0.15)


@dataclass(frozen=True)
class Letter:
    """One letter as ``/dev/letters`` gives it to scripts."""

    id: str
    subject: str
    text: str

    @property
    def links(self) -> list[str]:
        return re.findall(r"https?://\S+", self.text)

    def link(self, piece: str) -> str:
        """The first link that contains ``piece``."""
        return next(link for link in self.links if piece in link)


@dataclass(frozen=True)
class Site:
    """A running Dure: what a script can ask it, and its command line."""

    base_url: str
    settings: dict[str, str]
    trust: ssl.SSLContext | None = None
    """What scripts trust, where the site speaks TLS under a name that only the browser resolves."""

    def url(self, path: str) -> str:
        return path if path.startswith("http") else self.base_url + path

    def ask(self, path: str, body: bytes | None = None, **headers: str) -> http.client.HTTPResponse:
        """The answer to a script's GET, or POST where there is a ``body``; the caller closes it.

        Raises:
            HTTPError: for any status of 400 and above.
        """
        address = urlsplit(self.url(path))
        if self.trust:
            headers["Host"], address = address.netloc, address._replace(netloc=f"127.0.0.1:{address.port}")
        request = urllib.request.Request(address.geturl(), body, headers)
        answer: http.client.HTTPResponse = urllib.request.urlopen(request, timeout=30, context=self.trust)
        return answer

    def json(self, path: str) -> Any:
        with self.ask(path) as answer:
            return json.load(answer)

    def post(self, path: str, **fields: str) -> None:
        with self.ask(path, urlencode(fields).encode()) as answer:
            answer.read()

    def petition(self, slug: str) -> Any:
        return self.json(f"/api/v1/petitions/{quote(slug)}")

    def tallies(self, slug: str) -> dict[str, int]:
        """Measure → tally, as of now: an answer kept from before this call is asked for again."""
        asked = datetime.now(UTC)

        def look() -> Any:
            petition = self.petition(slug)
            return petition if datetime.fromisoformat(petition["as_of"]) >= asked else None

        fresh = wait_for(look, f"a fresh answer about {slug}")
        return {bar["measure"]: bar["tally"] for bar in fresh["thresholds"]}

    def state(self, slug: str) -> str | None:
        """The state of a petition's action, where it has one."""
        action = self.petition(slug)["action"]
        return action["state"] if action else None

    def open_petition(self) -> Any:
        """The first open petition of the demo: far from its thresholds, moved by nobody else."""
        return self.json("/api/v1/petitions?state=open")["items"][0]

    def letters(self, to: str) -> list[Letter]:
        """The letters to this address, newest first."""
        found = self.json(f"/dev/letters?{urlencode({'to': to, 'format': 'json'})}")["letters"]
        return [Letter(letter["id"], letter["subject"], letter["text"]) for letter in found]

    def letter(self, to: str, piece: str, *, other_than: frozenset[str] = frozenset()) -> Letter:
        """The newest letter to this address whose text has ``piece``, once it has been written."""

        def look() -> Letter | None:
            return next((x for x in self.letters(to) if piece in x.text and x.id not in other_than), None)

        return wait_for(look, f"a letter to {to} with {piece!r}")

    def dure(self, *words: str) -> subprocess.CompletedProcess[str]:
        return run(words, self.settings)


def run(words: tuple[str, ...], settings: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*words), cwd=ROOT, env=settings, capture_output=True, text=True, check=False, timeout=600
    )


def settings_for(database: Path, port: int, **changes: str) -> dict[str, str]:
    return environment(
        f"sqlite:///{database}",
        DURE_ENV="test",
        DURE_DEMO="1",
        DURE_PORT=str(port),
        DURE_WORKERS="1",
        DURE_LIMITS="off",
        DURE_VERIFICATION_WINDOW="2",
        DURE_MEDIA_DIR=str(database.parent / "media"),
        **changes,
    )


def make_demo(folder: Path) -> Path:
    """A migrated database with the demo in it."""
    database = folder / "demo.db"
    for words in (("db", "upgrade"), ("demo",)):
        done = run(words, settings_for(database, 0))
        assert done.returncode == 0, done.stderr
    return database


@contextmanager
def running(demo: Path, folder: Path, tls: tuple[str, Certificate] | None = None) -> Iterator[Site]:
    """Serve and work on a copy of ``demo`` until the block ends; ``tls``: a name and its certificate."""
    database = folder / "dure.db"
    shutil.copy(demo, database)
    port = free_port()
    if tls:
        name, certificate = tls
        site = Site(
            base_url := f"https://{name}:{port}",
            settings_for(
                database, port, DURE_BASE_URL=base_url, GUNICORN_CMD_ARGS=certificate.arguments_of_gunicorn
            ),
            certificate.trusted(),
        )
    else:
        site = Site(f"http://127.0.0.1:{port}", settings_for(database, port))
    settings = site.settings
    with (folder / "log").open("wb") as log:
        processes = [
            subprocess.Popen(command(word), cwd=ROOT, env=settings, stdin=subprocess.DEVNULL, stderr=log)
            for word in ("serve", "work")
        ]
        try:
            wait_for(lambda: answers(site), "the web server", seconds=60)
            yield site
        finally:
            for process in processes:
                process.send_signal(signal.SIGTERM)
            for process in processes:
                process.wait(timeout=20)


def answers(site: Site) -> bool:
    try:
        with site.ask("/livez") as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
