"""Who may keep an answer, and for how long."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from flask import Flask, Response, current_app, request

from app.config import ROOT

from .htmx import wants_fragment
from .languages import asked_language, language

WRITTEN_SECONDS = 60.0
MOST_WRITTEN = 100
PATIENCE = 1.0
"""Seconds that one thread waits for another's read before it reads itself."""
T = TypeVar("T")
V = TypeVar("V", bound=Callable[..., Any])


def for_everybody(view: V) -> V:
    """Mark a view whose answer is the same for every reader: whoever is signed in is not looked up."""
    view.for_everybody = True  # type: ignore[attr-defined]
    return view


def is_for_everybody(endpoint: str | None) -> bool:
    """Whether an endpoint's view wears :func:`for_everybody`."""
    return getattr(current_app.view_functions.get(endpoint or ""), "for_everybody", False)


def init_app(app: Flask) -> None:
    seconds = app.config["DURE"].snapshot_seconds
    app.extensions["snapshots"] = Snapshots(seconds)
    app.extensions["written"] = Snapshots(WRITTEN_SECONDS if seconds else 0, most=MOST_WRITTEN)

    @app.after_request
    def default_to_private(response: Response) -> Response:
        headers = response.headers
        if "Cache-Control" not in headers:
            headers.add("Cache-Control", "private, no-store")
        if response.mimetype == "text/html":
            vary = headers.get("Vary", "")
            if "Accept-Language" not in vary:
                headers["Vary"] = f"{vary}, Accept-Language".removeprefix(", ")
        return response


def public(response: Response, *, max_age: int = 0) -> Response:
    """Let anybody keep this answer; ``max_age`` seconds unasked, then ask again by ``ETag``.

    Whatever is marked so must not depend on who is asking.
    """
    digest = hashlib.sha256(response.get_data()).hexdigest()[:24]
    response.set_etag(digest)
    age = f"public, max-age={max_age}" if max_age else "public, no-cache"
    response.headers["Cache-Control"] = age
    response.vary.add("Accept-Language")
    response.make_conditional(request)
    return response


def kept(
    name: tuple[Any, ...],
    version: str,
    render: Callable[[], str],
    *,
    max_age: int = 0,
    mimetype: str = "text/html",
    fragments: bool = False,
) -> Response:
    """A public answer that says the same to everybody for as long as ``version`` is the same.

    A reader whose copy says the same gets 304; the text is written once a minute for each ``name``, language,
    kind and version. ``fragments``: htmx is given another body at this address.
    """
    fragment = fragments and wants_fragment()
    tag = tag_of(version, language(), asked_language(), fragment)
    if request.if_none_match.contains_weak(tag):
        response = Response(status=304)
    else:
        text = written((*name, tag), lambda: render().encode())
        response = Response(text, mimetype=mimetype)
    if fragments:
        response.vary.add("HX-Request")
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = f"public, max-age={max_age}" if max_age else "public, no-cache"
    response.vary.add("Accept-Language")
    return response


def tag_of(*parts: object) -> str:
    """An entity tag for an answer made of these parts by the templates that are installed now."""
    return hashlib.sha256(repr((*parts, templates_version())).encode()).hexdigest()[:24]


@lru_cache(maxsize=1)
def templates_version() -> str:
    """Changes whenever a template, a translation or a static file of ours does; read once a process."""
    static = ("static/css", "static/js", "static/img", "static/embed")
    files = [
        file
        for folder in ("templates", *static, "app/translations")
        for file in sorted((ROOT / folder).rglob("*"))
        if file.is_file()
    ]
    digest = hashlib.sha256()
    for file in files:
        digest.update(str(file.relative_to(ROOT)).encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


class Snapshots:
    """What everybody reads, kept for a moment in this process so that a crowd costs one read.

    ``seconds`` is the longest age of an answer; 0 keeps nothing. ``most`` answers are kept. One thread reads
    a key anew while the others wait for it, at most ``PATIENCE``: two reads that need each other cannot
    wait for ever.
    """

    def __init__(self, seconds: float, most: int = 2000) -> None:
        self.seconds = seconds
        self.most = most
        self.kept: OrderedDict[Any, tuple[float, Any]] = OrderedDict()
        self.turns: dict[Any, threading.RLock] = {}
        self.guard = threading.Lock()

    def get(self, key: Any, read: Callable[[], T]) -> T:
        value: T
        if not self.seconds:
            return read()
        found = self.young(key)
        if found:
            value = found[1]
            return value
        with self.guard:
            turn = self.turns.setdefault(key, threading.RLock())
        mine = turn.acquire(timeout=PATIENCE)
        try:
            found = self.young(key)
            value = found[1] if found else self.renew(key, read)
            return value
        finally:
            if mine:
                turn.release()
            with self.guard:
                self.turns.pop(key, None)

    def young(self, key: Any) -> tuple[float, Any] | None:
        found = self.kept.get(key)
        return found if found and time.monotonic() - found[0] < self.seconds else None

    def renew(self, key: Any, read: Callable[[], T]) -> T:
        moment = time.monotonic()
        value = read()
        with self.guard:
            self.kept[key] = (moment, value)
            self.kept.move_to_end(key)
            self.forget_old(moment)
        return value

    def forget_old(self, moment: float) -> None:
        """Drop what nobody will be given any more, so that a crawl leaves nothing behind."""
        while self.kept:
            read_at, _value = next(iter(self.kept.values()))
            if moment - read_at < self.seconds and len(self.kept) <= self.most:
                return
            self.kept.popitem(last=False)


def snapshot(key: Any, read: Callable[[], T]) -> T:
    """``read()``, or what it gave less than ``snapshot_seconds`` ago."""
    snapshots: Snapshots = current_app.extensions["snapshots"]
    return snapshots.get(key, read)


def written(key: Any, write: Callable[[], T]) -> T:
    """``write()``, or what it gave within the last minute, for a text that follows from its key alone."""
    texts: Snapshots = current_app.extensions["written"]
    return texts.get(key, write)
