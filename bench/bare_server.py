"""Gunicorn's settings for the bare application: those of Dure, all but what warms Dure up."""

from __future__ import annotations

import gc
from typing import Any

from app.cli import web_server

globals().update({name: value for name, value in vars(web_server).items() if not name.startswith("_")})


def when_ready(_server: Any) -> None:
    gc.collect()
    gc.freeze()
