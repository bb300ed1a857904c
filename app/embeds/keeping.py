"""Widgets answered from memory while their headers allow it: a crowd troubles neither Flask nor database."""

from __future__ import annotations

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from app.web.languages import preferred

from .looks import understood
from .reading import INTERVAL

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

Headers = list[tuple[str, str]]
Key = tuple[str, str, str]
PREFIX = "/embed/"
SHOWS = "dure.shows"
"""The entry of the environment in which a view names the petition whose widget it shows."""
LONGEST_QUERY = 300
MAX_AGE = re.compile(r"public, max-age=(\d+)")
SECOND = re.compile(r"\d{1,12}", re.ASCII)
OF_THE_BODY = {"content-length", "content-type", "etag"}


@dataclass(frozen=True)
class Answer:
    """An answer for everybody, read at ``read_at``, good before ``until``: seconds of the monotonic clock."""

    status: str
    headers: Headers
    body: bytes
    tag: str
    shows: str | None
    read_at: float
    until: float

    @cached_property
    def copy_headers(self) -> Headers:
        """What is said again to a reader who has a copy."""
        return [header for header in self.headers if header[0].lower() not in OF_THE_BODY]

    def age(self, now: float) -> int:
        return int(now - self.read_at)

    def copy_age(self, asked: str, now: float) -> int | None:
        """The age of a reader's copy that may stay; None for one that says something else or is too old."""
        return self.age(now) if asked == self.tag else young_age(asked, self.tag, time.time())


class KeptAnswers:
    """A small HTTP cache before the application, for what lies under ``/embed/`` and says it is public.

    ``seconds`` is the longest that an answer is kept, whatever it says itself; 0 keeps nothing. The ``most``
    answers that were asked for last are kept. What an address says besides what :func:`understood` finds in
    it makes no answer of its own. ``note`` is told of every widget that is shown to a reader: the petition's
    id, and what the reader's browser said.
    """

    def __init__(
        self,
        app: WSGIApplication,
        seconds: float,
        note: Callable[[str, WSGIEnvironment], None],
        most: int = 1000,
    ) -> None:
        self.app, self.seconds, self.note, self.most = app, seconds, note, most
        self.kept: OrderedDict[Key, Answer] = OrderedDict()
        self.guard = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "GET" or not environ["PATH_INFO"].startswith(PREFIX):
            return self.app(environ, start_response)
        query, language = environ.get("QUERY_STRING", ""), environ.get("HTTP_ACCEPT_LANGUAGE")
        if len(query) > LONGEST_QUERY:
            return self.app(environ, start_response)
        key = environ["PATH_INFO"], understood(query) if query else "", preferred(language)
        now, answer, asked = time.monotonic(), self.find(key), environ.get("HTTP_IF_NONE_MATCH")
        if answer is None or now >= answer.until:
            return self.ask(key, environ, start_response)
        age = answer.copy_age(asked, now) if asked else None
        if answer.shows:
            self.note(answer.shows, environ)
        if asked and age is not None:
            start_response("304 NOT MODIFIED", [*answer.copy_headers, ("ETag", asked), ("Age", str(age))])
            return [b""]
        start_response(answer.status, [*answer.headers, ("Age", str(answer.age(now)))])
        return [answer.body]

    def ask(self, key: Key, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """The application's own answer; kept where it is for everybody."""
        said: dict[str, Any] = {}

        def listen(status: str, headers: Headers, *error: Any) -> Any:
            said.update(status=status, headers=headers)
            return start_response(status, headers, *error)

        now = time.monotonic()
        parts = self.app(environ, listen)
        shows = environ.get(SHOWS)
        if shows:
            self.note(shows, environ)
        headers = {name.lower(): value for name, value in said["headers"]}
        seconds = self.seconds_left(said["status"], headers)
        if seconds <= 0:
            return parts
        answer = Answer(
            status=said["status"],
            headers=[header for header in said["headers"] if header[0].lower() != "age"],
            body=whole(parts),
            tag=headers.get("etag", ""),
            shows=shows,
            read_at=now - int(headers.get("age", 0)),
            until=now + seconds,
        )
        self.keep(key, answer)
        return [answer.body]

    def seconds_left(self, status: str, headers: dict[str, str]) -> float:
        """How long an answer may be kept from now on; 0 for one that is not for everybody."""
        age = MAX_AGE.fullmatch(headers.get("cache-control", ""))
        if age is None or status.startswith(("3", "5")) or "set-cookie" in headers:
            return 0
        if headers.get("vary", "Accept-Language") != "Accept-Language":
            return 0
        return min(int(age[1]), self.seconds) - int(headers.get("age", 0))

    def find(self, key: Key) -> Answer | None:
        """The answer that is kept, which is then the last to be forgotten."""
        with self.guard:
            answer = self.kept.get(key)
            if answer is not None:
                self.kept.move_to_end(key)
            return answer

    def keep(self, key: Key, answer: Answer) -> None:
        with self.guard:
            self.kept[key] = answer
            self.kept.move_to_end(key)
            while len(self.kept) > self.most:
                self.kept.popitem(last=False)


def young_age(asked: str, tag: str, now: float) -> int | None:
    """Seconds since the read of the copy whose entity tag is ``asked``, where it says the same as ``tag``.

    Both end in ``-`` and the second of the read, since what they name shows it. None for a copy that says
    something else, or is older than an interval.
    """
    content, dash, read_at = asked.removesuffix('"').rpartition("-")
    if not dash or not SECOND.fullmatch(read_at) or tag.rpartition("-")[0] != content:
        return None
    age = int(now) - int(read_at)
    return age if 0 <= age <= INTERVAL else None


def whole(parts: Iterable[bytes]) -> bytes:
    try:
        return b"".join(parts)
    finally:
        close = getattr(parts, "close", None)
        if close is not None:
            close()
