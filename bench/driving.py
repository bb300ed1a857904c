"""Sending requests from a few client threads, each over one connection that stays open."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import urlencode

CLIENTS = 2


@dataclass(frozen=True)
class Ask:
    """One request: a path, the fields of a form if it is a POST, and its headers."""

    path: str
    form: Mapping[str, str] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


class WrongAnswer(Exception):  # noqa: N818
    """A server answered something else than what is being measured."""


def send(connection: http.client.HTTPConnection, ask: Ask) -> Answer:
    """Send one request and read its answer whole."""
    headers = {"Accept-Language": "en", **ask.headers}
    body = None
    if ask.form is not None:
        body = urlencode(ask.form)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request("GET" if body is None else "POST", ask.path, body, headers)
    response = connection.getresponse()
    return Answer(response.status, dict(response.getheaders()), response.read())


def fetch(port: int, ask: Ask) -> Answer:
    """The answer to a single request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        return send(connection, ask)
    finally:
        connection.close()


def drive(port: int, asks: Sequence[Ask], expected: int) -> None:
    """Send all ``asks`` to a server on loopback, shared between the clients.

    Raises:
        WrongAnswer: at the first answer whose status is not ``expected``.
    """
    with ThreadPoolExecutor(CLIENTS) as clients:
        list(clients.map(lambda n: drive_one(port, islice(asks, n, None, CLIENTS), expected), range(CLIENTS)))


def drive_one(port: int, asks: islice[Ask], expected: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        for ask in asks:
            answer = send(connection, ask)
            if answer.status != expected:
                raise WrongAnswer(f"{ask.path} answered {answer.status}: {answer.body[:200]!r}")
    finally:
        connection.close()


class Signers:
    """Signers whose addresses never repeat, however many threads and rounds ask for them."""

    def __init__(self) -> None:
        self.count = 0
        self.guard = threading.Lock()

    def next_asks(self, path: str, number: int) -> list[Ask]:
        with self.guard:
            first, self.count = self.count, self.count + number
        return [Ask(path, sign_form(n)) for n in range(first, first + number)]


def sign_form(number: int) -> dict[str, str]:
    """What the ``number``-th citizen types."""
    return {
        "name": f"Citizen {number}",
        "email": f"citizen.{number}@example.org",
        "region": "KR-11",
        "reason": "",
    }


Asks = Callable[[int], Sequence[Ask]]
"""So many requests of one kind."""
