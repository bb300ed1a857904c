"""Who may keep an answer, and for how long."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, current_app, request

T = TypeVar("T")


def init_app(app: Flask) -> None:
    app.extensions["snapshots"] = Snapshots(app.config["DURE"].snapshot_seconds)

    @app.after_request
    def default_to_private(response: Response) -> Response:
        response.headers.setdefault("Cache-Control", "private, no-store")
        if request.endpoint != "static" and response.mimetype == "text/html":
            response.vary.add("Accept-Language")
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


class Snapshots:
    """What everybody reads, kept for a moment in this process so that a crowd costs one read.

    ``seconds`` is the longest age of an answer; 0 keeps nothing.
    """

    MOST = 2000

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.kept: OrderedDict[Any, tuple[float, Any]] = OrderedDict()
        self.guard = threading.Lock()

    def get(self, key: Any, read: Callable[[], T]) -> T:
        moment = time.monotonic()
        found = self.kept.get(key)
        if found and moment - found[0] < self.seconds:
            value: T = found[1]
            return value
        value = read()
        with self.guard:
            self.kept[key] = (moment, value)
            while len(self.kept) > self.MOST:
                self.kept.popitem(last=False)
        return value


def snapshot(key: Any, read: Callable[[], T]) -> T:
    """``read()``, or what it gave less than ``snapshot_seconds`` ago."""
    snapshots: Snapshots = current_app.extensions["snapshots"]
    return snapshots.get(key, read)
