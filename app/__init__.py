"""Dure (두레): petitions that become funded collective actions."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

import structlog
from flask import Flask

from app import db, web
from app.config import ROOT, Settings

MODELS = (
    "outbox.announcing",
    "mail.models",
    "people.models",
    "api.models",
    "points.models",
    "ledger.models",
    "petitions.models",
    "petitions.searching",
    "payments.models",
    "payments.sandbox.models",
    "purses.models",
    "pledges.models",
    "actions.models",
    "lending.models",
    "proposing.models",
    "pools.models",
    "cooperating.models",
    "subscribing.models",
    "doing.models",
    "giving.models",
    "ordering.models",
    "hooks.models",
    "moderation.models",
    "embeds.models",
)
BLUEPRINTS = (
    "people",
    "mail",
    "petitions",
    "payments",
    "purses",
    "pledges",
    "actions",
    "proposing",
    "pools",
    "giving",
    "cooperating",
    "lending",
    "subscribing",
    "ordering",
    "doing",
    "api",
    "embeds",
    "embeds.offering",
    "hooks",
    "feeds",
    "organizing",
    "moderation",
    "pages",
)


class Dure(Flask):
    """A Flask whose views and hooks are all plain functions, which is not looked up at every request."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(settings: Settings | None = None) -> Flask:
    """The WSGI application, from ``settings`` or from the environment."""
    settings = settings or Settings()
    app = Dure(
        "app", root_path=str(ROOT / "app"), static_folder=None, template_folder=str(ROOT / "templates")
    )
    app.url_map.merge_slashes = False
    app.config["DURE"] = settings
    app.config["SECRET_KEY"] = settings.secret_key.get_secret_value()
    log_plainly(settings)
    for room in MODELS:
        import_module(f"app.{room}")
    db.init_app(app)
    web.init_app(app)
    import_module("app.outbox.queue").init_app(app)
    import_module("app.mail.sending").init_app(app)
    import_module("app.people.sessions").init_app(app)
    for room in BLUEPRINTS:
        app.register_blueprint(import_module(f"app.{room}.views").blueprint)
    return app


def log_plainly(settings: Settings) -> None:
    """Log to stderr: JSON in production, readable lines elsewhere."""
    import logging
    import sys

    renderer = (
        structlog.processors.JSONRenderer()
        if settings.production
        else structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *([structlog.processors.format_exc_info] if settings.production else []),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(sys.stderr),
    )
