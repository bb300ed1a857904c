"""On which sites the widgets are shown: counted in memory, written once in a while.

Of a reader nothing is kept, neither address nor cookie nor hour: a row is a petition, a site and a day.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import structlog
from flask import Flask

from app.db import db, run_tx
from app.petitions.arriving import OTHERS, Key, count_loads
from app.web.hosts import named_in, site_in

from .choosing import listed_sites
from .doubting import NewNames, network_in

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

SECONDS = 15.0
"""Between two writes of a process, however many look."""
MOST_SITES = 100
"""New sites of one petition that are kept apart between two writes; as many again whose names are doubted."""
MOST_KEYS = 10_000
"""Petitions and sites that are kept apart between two writes."""
MOST_FAMILIAR = 20_000

log = structlog.get_logger()


class Shown:
    """How often widgets were loaded since the last write, by petition and site.

    ``own`` is the name of our own site. ``seconds`` after the first of them all are written; 0 waits
    until somebody asks. Sites that kept their names in a write before are ``familiar``.
    """

    def __init__(self, app: Flask, own: str, seconds: float) -> None:
        self.app, self.own = app, own
        self.seconds = seconds
        self.guard = threading.Lock()
        self.counted: dict[Key, int] = {}
        self.apart: dict[tuple[str, bool], int] = {}
        self.doubted: set[Key] = set()
        self.familiar: set[Key] = set()
        self.new_names = NewNames()
        self.timer: threading.Timer | None = None

    def note(self, petition_id: str, environ: WSGIEnvironment) -> None:
        """Count one load of a widget: by its ``?via=``, else by what the browser says of the page around it.

        Our own previews and the polls of an open widget come from ourselves and are not counted; nor is
        what names no site.
        """
        own = {self.own, site_in(environ.get("HTTP_HOST", ""))}
        referrer = site_in(environ.get("HTTP_REFERER", ""))
        if referrer and referrer in own:
            return
        site = named_in(environ.get("QUERY_STRING", "")) or referrer
        if site and site not in own:
            self.add(petition_id, site, environ)

    def add(self, petition_id: str, site: str, environ: WSGIEnvironment) -> None:
        with self.guard:
            key = petition_id, site
            if key not in self.counted and not (key in self.familiar or self.make_room(key, environ)):
                key = petition_id, OTHERS
            if key not in self.counted and len(self.counted) >= MOST_KEYS:
                return
            self.counted[key] = self.counted.get(key, 0) + 1
            if self.timer is None and self.seconds:
                self.timer = threading.Timer(self.seconds, self.write_apart)
                self.timer.daemon = True
                self.timer.start()

    def make_room(self, key: Key, environ: WSGIEnvironment) -> bool:
        """Whether a site that is new here is kept apart until the next write."""
        hops = self.app.config["DURE"].trusted_proxies
        doubtful = not self.new_names.allow(key[0], network_in(environ, hops))
        lot = key[0], doubtful
        if self.apart.get(lot, 0) >= MOST_SITES:
            return False
        self.apart[lot] = self.apart.get(lot, 0) + 1
        if doubtful:
            self.doubted.add(key)
        return True

    def take(self) -> tuple[dict[Key, int], set[Key]]:
        """What was counted, and whose names are doubted."""
        with self.guard:
            taken = self.counted, self.doubted
            self.counted, self.doubted, self.apart, self.timer = {}, set(), {}, None
        return taken

    def write(self) -> None:
        """Add everything counted so far to the rows of today, at once."""
        loads, doubted = self.take()
        if not loads:
            return
        named = run_tx(
            lambda: count_loads(
                loads, listed=listed_sites({petition_id for petition_id, _site in loads}), doubted=doubted
            )
        )
        with self.guard:
            if len(self.familiar) + len(named) > MOST_FAMILIAR:
                self.familiar = set()
            self.familiar |= named

    def write_apart(self) -> None:
        """As :meth:`write`, from a thread of its own; what cannot be written is lost, and said so."""
        with self.app.app_context():
            try:
                self.write()
            except Exception:
                log.warning("loads of widgets could not be written", exc_info=True)
            finally:
                db.session.remove()


def shown_by(app: Flask) -> Shown:
    """What this application's widgets are counted by."""
    settings = app.config["DURE"]
    counter: Shown | None = app.extensions.get("widgets_shown")
    if counter is None:
        fresh = Shown(app, site_in(settings.base_url), SECONDS if settings.snapshot_seconds else 0)
        counter = app.extensions.setdefault("widgets_shown", fresh)
    return counter
