"""The worker: looks at what is due, by itself and whenever somebody knocks, and does it.

Every piece of work may run twice or break off anywhere without harm; the database says what is due.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

import structlog
from flask import Flask

from app.feeds.opendata.making import maker
from app.outbox import drain
from app.reactions import REACTIONS, SWEEPS

TICK_SECONDS = 10.0
DEMO_TICK_SECONDS = 2.0
LONGEST_KNOCK_SECONDS = 0.5
"""How long a knock may lie in a queue that has to be looked into."""
STOP_SECONDS = 5.0

log = structlog.get_logger()


def work_once(app: Flask, stopping: Callable[[], bool] = lambda: False) -> None:
    """Do everything that is due now: reactions, then sweeps, then the reactions to what those announced.

    A step that fails is logged and stops no other; it is due again at the next look. ``stopping`` is asked
    between steps.
    """
    react: Callable[[], object] = partial(drain, REACTIONS, stopping)
    for step in (react, *SWEEPS, react):
        if stopping():
            return
        with app.app_context():
            try:
                step()
            except Exception:
                log.exception("a step of the worker failed", step=getattr(step, "__name__", "drain"))


class Worker:
    """One look at a time, however many knock; ``stop`` lets the present small step finish."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.stopping = threading.Event()
        self.busy = threading.Lock()

    def look(self) -> None:
        """Work, after whoever is working now."""
        with self.busy:
            work_once(self.app, self.stopping.is_set)

    def look_unless_busy(self) -> None:
        if self.busy.acquire(blocking=False):
            try:
                work_once(self.app, self.stopping.is_set)
            finally:
                self.busy.release()

    def tick(self, seconds: float) -> None:
        """Look every ``seconds`` even when nobody knocks, until stopped."""
        self.look_unless_busy()
        while not self.stopping.wait(seconds):
            self.look_unless_busy()

    def stop(self) -> bool:
        """Ask for the end; whether the present step finished in time."""
        self.stopping.set()
        return self.busy.acquire(timeout=STOP_SECONDS)


def run(app: Flask) -> None:
    """Work until SIGTERM or SIGINT; returns within a few seconds of it."""
    worker = Worker(app)
    consumer = app.extensions["queue"].consumer(
        worker.look,
        workers=1,
        periodic=False,
        initial_delay=0.1,
        max_delay=LONGEST_KNOCK_SECONDS,
        graceful_signal="TERM",
        shutdown_timeout=STOP_SECONDS,
    )
    worker.stopping = consumer.stop_flag
    seconds = DEMO_TICK_SECONDS if app.config["DURE"].demo else TICK_SECONDS
    threading.Thread(target=worker.tick, args=(seconds,), name="tick", daemon=True).start()
    consumer.run()
    with app.app_context():
        left_off = maker().stop(STOP_SECONDS)
    if not (worker.stop() and left_off):
        log.warning("stopped in the middle of a step, which is due again at the next start")
