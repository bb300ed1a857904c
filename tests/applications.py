"""Applications that tests share: making one compiles every address, and each new engine every statement."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from jinja2 import FileSystemBytecodeCache

from app import create_app
from app.config import Settings
from app.db import db
from app.web.caching import Snapshots
from app.web.limits import limiter
from tests.layouts import watch_layouts


@dataclass
class Kept:
    """An application, with its settings as they were before any test."""

    app: Flask
    config: dict[str, Any]
    extensions: dict[str, Any]


@dataclass
class KeptApplications:
    """One application for each way of setting it up, given to one test at a time and wiped after each.

    Rate limits remember who came, so an application with limits is made for its test alone.
    """

    templates: FileSystemBytecodeCache
    made: dict[str, Kept] = field(default_factory=dict)

    def take(self, settings: Settings) -> Flask:
        """The application for these settings, as if it had just been made."""
        name = settings.model_dump_json()
        kept = self.made.get(name) or self.make(settings)
        if settings.limits == "off":
            self.made[name] = kept
        app = kept.app
        app.config.clear()
        app.config.update(kept.config, DURE=settings)
        app.extensions.clear()
        app.extensions.update(kept.extensions)
        app.extensions["kept_answers"].kept.clear()
        app.extensions["widgets_shown"].take()
        for name in ("snapshots", "written", "widgets", "drawn"):
            before: Snapshots = kept.extensions[name]
            app.extensions[name] = Snapshots(before.seconds, most=before.most)
        limiter.enabled = settings.limits == "on"  # the one object that all applications share
        speech = app.extensions["babel"]
        speech.translation_directories = []  # pages speak the words of the source
        vars(speech.instance).pop("domain_instance", None)  # it remembers what it has read
        app.testing = True
        return app

    def make(self, settings: Settings) -> Kept:
        app = create_app(settings)
        app.jinja_env.bytecode_cache = self.templates
        watch_layouts(app)
        app.extensions["queue"].knock = lambda: None
        return Kept(app, dict(app.config), dict(app.extensions))


def disconnect(app: Flask) -> None:
    """Close every connection of an application's engines, which keep what they compiled."""
    with app.app_context():
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
