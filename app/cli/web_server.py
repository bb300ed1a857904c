"""Gunicorn's settings, named as Gunicorn names them."""

from __future__ import annotations

import gc
from typing import Any

from flask import Flask
from flask_babel import format_datetime, format_decimal, gettext

from app import clock
from app.config import ROOT, Settings
from app.web.languages import LANGUAGES, speaking

settings = Settings()

chdir = str(ROOT)
bind = f"[{settings.host}]:{settings.port}" if ":" in settings.host else f"{settings.host}:{settings.port}"
worker_class = "gthread"
workers = settings.workers
threads = 8
preload_app = True
control_socket_disable = True

timeout = 60
graceful_timeout = 5
keepalive = 5
limit_request_line = 8190
limit_request_fields = 64
limit_request_field_size = 8190

loglevel = "warning"
proc_name = "dure"


def when_ready(server: Any) -> None:
    """Before the workers are forked: load once what each would load, and keep it in shared memory."""
    warm_up(server.app.wsgi())
    gc.collect()
    gc.freeze()


def warm_up(app: Flask) -> None:
    """Compile every template and read every language's words and formats; asks no database."""
    for name in app.jinja_env.list_templates(extensions=("html", "txt")):
        app.jinja_env.get_template(name)
    for code in LANGUAGES:
        with app.test_request_context(), speaking(code):
            gettext("Petitions")
            format_datetime(clock.now())
            format_decimal(1)
