"""Making the open data beside everything else the worker does, for it takes minutes where there is much."""

from __future__ import annotations

import threading

import structlog
from flask import Flask, current_app

from .keeping import is_due, make_daily

log = structlog.get_logger()


class Maker:
    """One thread at a time that makes today's data; one of these to an application."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.guard = threading.Lock()
        self.ending = threading.Event()
        self.thread: threading.Thread | None = None

    def start(self) -> bool:
        """Begin, unless it is being made; whether it was begun."""
        with self.guard:
            if self.ending.is_set() or (self.thread is not None and self.thread.is_alive()):
                return False
            self.thread = threading.Thread(target=self.work, name="open data", daemon=True)
            self.thread.start()
            return True

    def work(self) -> None:
        with self.app.app_context():
            try:
                make_daily(self.ending.is_set)
            except Exception:
                log.exception("the open data was not made; it is begun anew a little later")

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for what is being made now; whether it is over."""
        if self.thread is None:
            return True
        self.thread.join(seconds)
        return not self.thread.is_alive()

    def stop(self, seconds: float) -> bool:
        """Begin no more, and leave off what is being made; whether that was done in time."""
        self.ending.set()
        return self.wait(seconds)


def maker() -> Maker:
    """The present application's."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    kept: Maker = app.extensions.setdefault("open data", Maker(app))
    return kept


def start_daily() -> bool:
    """Have today's data made, without waiting for it; False where nothing is to do. A sweep."""
    return is_due() and maker().start()
