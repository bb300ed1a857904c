"""A crowd that acts at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from flask import Flask

from app.db import db

T = TypeVar("T")


def all_at_once(app: Flask, deeds: Sequence[Callable[[], T]]) -> list[T | Exception]:
    """Run every deed in a thread and an application context of its own, all released together."""
    barrier = threading.Barrier(len(deeds))

    def run(deed: Callable[[], T]) -> T | Exception:
        with app.app_context():
            barrier.wait()
            try:
                return deed()
            except Exception as error:
                return error
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def errors(results: Sequence[Any]) -> list[Exception]:
    return [result for result in results if isinstance(result, Exception)]
