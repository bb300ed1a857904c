"""Gunicorn's settings, named as Gunicorn names them."""

from __future__ import annotations

import gc
from typing import Any

from app.config import ROOT, Settings

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
limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190

loglevel = "warning"
proc_name = "dure"


def when_ready(_server: Any) -> None:
    """Keep what was loaded out of the collector, so that workers go on sharing its memory."""
    gc.collect()
    gc.freeze()
