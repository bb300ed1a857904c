"""Requests that share nothing with the test around them, as in a server."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


def get(client: FlaskClient, path: str, **kwargs: Any) -> TestResponse:
    """``client.get`` in an application context of its own: the language is chosen anew."""
    with client.application.app_context():
        return client.get(path, buffered=True, **kwargs)


class FreshClient(FlaskClient):
    """Sends every request in an application context of its own: own language, own database session."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        with self.application.app_context():
            return super().open(*args, **(kwargs | {"buffered": True}))
