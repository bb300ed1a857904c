"""The web server killed with -9 while people sign and pledge: what it acknowledged is there afterwards."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import quote, urlencode

import pytest
import sqlalchemy as sa

from app.config import ROOT
from app.db import db
from app.outbox import Announcement
from app.petitions.models import Signature
from app.pledges.models import Pledge
from tests.cli.conftest import command, environment
from tests.cli.test_processes import free_port, status, wait_for
from tests.faults.conftest import ROUNDS
from tests.world import World

pytestmark = pytest.mark.races

CITIZENS = 4
SOON = (0.3, 1.2)
"""Between these seconds after the first answer the server dies."""


@dataclass
class Crowd:
    """People who sign and pledge one after the other, and remember what they were told."""

    port: int
    slug: str
    round_: str
    told: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    untold: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def act(self, who: int) -> None:
        turn = 0
        while not self.stop.is_set():
            turn += 1
            email = f"citizen{who}-{turn}-{self.round_}@example.org"
            person = {"name": "시민", "email": email, "region": "KR-11"}
            pledge = person | {"amount": "1000", "payment_method": "pm_ok", "key": f"{email:_<40}"[:40]}
            for kind, form in (("signatures", person), ("pledges", pledge)):
                known = self.told if self.post(kind, form) else self.untold
                known.append((kind, email, form))

    def post(self, kind: str, form: dict[str, str]) -> bool:
        """Whether the server said that it was done."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept-Language": "ko"}
        try:
            connection.request("POST", f"/petitions/{quote(self.slug)}/{kind}", urlencode(form), headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, HTTPException):
            return False
        else:
            assert answer.status in {200, 303}, answer.status
            return True
        finally:
            connection.close()


@contextmanager
def serving(url: str, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The real server, in a process group of its own, which is killed at the end at the latest."""
    env = environment(url, DURE_PORT=str(port), DURE_LIMITS="off", DURE_DEMO="1", DURE_WORKERS="1")
    with subprocess.Popen(
        command("serve"), cwd=ROOT, env=env, stdin=subprocess.DEVNULL, start_new_session=True
    ) as server:
        try:
            assert wait_for(lambda: status(port, "/livez") == 200)
            yield server
        finally:
            kill(server)


def kill(server: subprocess.Popen[bytes]) -> None:
    """The master and its workers, at once."""
    if server.poll() is None:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait(timeout=10)


def read_emails(model: Any) -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(sa.select(model.email)))


def torment(crowd: Crowd, server: subprocess.Popen[bytes], seconds: float) -> None:
    threads = [threading.Thread(target=crowd.act, args=(who,)) for who in range(CITIZENS)]
    for thread in threads:
        thread.start()
    answered = wait_for(lambda: bool(crowd.told), 20)
    time.sleep(seconds)
    kill(server)
    crowd.stop.set()
    for thread in threads:
        thread.join(timeout=20)
    assert answered


def missing(crowd: Crowd) -> list[str]:
    """What was acknowledged and is not there: rows, and the announcements that letters follow from."""
    rows = {"signatures": read_emails(Signature), "pledges": read_emails(Pledge)}
    announced = db.session.scalar(
        sa.select(sa.func.count()).where(Announcement.topic.in_(("signature_received", "pledge_made")))
    )
    lost = [f"{kind} of {email}" for kind, email, _form in crowd.told if email not in rows[kind]]
    if int(announced or 0) < sum(map(len, rows.values())):
        lost.append("announcements")
    return lost


@pytest.mark.parametrize("round_", range(ROUNDS))
def test_what_was_acknowledged_is_there_and_the_rest_can_be_sent_again(world: World, round_: int) -> None:
    petition = world.petition(signatures=10**6, goal=10**9)
    url, port = str(world.app.config["DURE"].database_url), free_port()
    crowd = Crowd(port, petition.slug, f"{round_}")
    with serving(url, port) as server:
        torment(crowd, server, random.Random(round_).uniform(*SOON))
    assert crowd.told
    assert missing(crowd) == []
    with serving(url, port):
        for kind, _email, form in (*crowd.untold[-CITIZENS:], *crowd.told[-CITIZENS:]) * 2:
            assert crowd.post(kind, form)
    for model in (Signature, Pledge):
        emails = read_emails(model)
        assert len(emails) == len(set(emails))


def test_an_acknowledgement_before_the_commit_would_be_found(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.db import commit_once

    def promise(session: Any, verb: Any) -> Any:
        commit = session.commit
        session.commit = session.flush
        try:
            return commit_once(session, verb)
        finally:
            session.commit = commit
            session.rollback()

    petition = world.petition(signatures=10, goal=10**9)
    form = {"name": "시민", "email": "citizen@example.org", "amount": "1000"}
    monkeypatch.setattr("app.db.commit_once", promise)
    answer = world.app.test_client().post(f"/petitions/{petition.slug}/pledges", data=form)
    assert answer.status_code == 303
    crowd = Crowd(0, petition.slug, "control", told=[("pledges", form["email"], form)])
    assert missing(crowd) == ["pledges of citizen@example.org"]
