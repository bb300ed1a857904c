"""Commands that stay: the web server and the worker."""

from __future__ import annotations

import os
import sys

import click
from flask import current_app
from flask.cli import with_appcontext


@click.command()
def serve() -> None:
    """Serve the web pages; DURE_HOST, DURE_PORT and DURE_WORKERS say where and how wide."""
    from app.config import Settings

    Settings()
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    gunicorn = ["-m", "gunicorn", "-c", "python:app.cli.web_server", "wsgi:app"]
    os.execv(sys.executable, [sys.executable, *gunicorn])  # noqa: S606 - no shell is wanted


@click.command()
@with_appcontext
def work() -> None:
    """Carry out what is due: letters, deadlines, collecting, payouts. Run at least one."""
    from app.worker import run

    run(current_app._get_current_object())  # type: ignore[attr-defined]
