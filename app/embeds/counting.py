"""On which sites the widgets are shown: counted in memory, written once in a while.

Of a reader nothing is kept, neither address nor cookie nor hour: a row is a petition, a site and a day.
"""

from __future__ import annotations

import threading
from collections import Counter
from typing import TYPE_CHECKING

import structlog
from flask import Flask

from app.db import db, run_tx
from app.petitions.arriving import OTHERS, count_arrivals
from app.web.hosts import named_in, site_in

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

SECONDS = 15.0
"""Between two writes of a process, however many look."""
MOST_SITES = 100
"""Sites of one petition that are kept apart between two writes."""
MOST_PETITIONS = 2000

log = structlog.get_logger()


class Shown:
    """How often widgets were loaded since the last write, by petition and site.

    ``own`` is the name of our own site. ``seconds`` after the first of them all are written; 0 waits
    until somebody asks.
    """

    def __init__(self, app: Flask, own: str, seconds: float) -> None:
        self.app, self.own = app, own
        self.seconds = seconds
        self.guard = threading.Lock()
        self.counted: dict[str, Counter[str]] = {}
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
            self.add(petition_id, site)

    def add(self, petition_id: str, site: str) -> None:
        with self.guard:
            sites = self.counted.get(petition_id)
            if sites is None:
                if len(self.counted) >= MOST_PETITIONS:
                    return
                sites = self.counted[petition_id] = Counter()
            sites[site if site in sites or len(sites) < MOST_SITES else OTHERS] += 1
            if self.timer is None and self.seconds:
                self.timer = threading.Timer(self.seconds, self.write_apart)
                self.timer.daemon = True
                self.timer.start()

    def take(self) -> dict[str, Counter[str]]:
        with self.guard:
            counted, self.counted, self.timer = self.counted, {}, None
        return counted

    def write(self) -> None:
        """Add everything counted so far to the rows of today, petition by petition."""
        for petition_id, sites in sorted(self.take().items()):
            run_tx(lambda key=petition_id, sites=sites: count_arrivals(key, "shown", sites.items()))  # type: ignore[misc]

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
