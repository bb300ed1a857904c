"""Addresses for letters and widgets: always the configured base, never the request's Host."""

from __future__ import annotations

from typing import Any

from flask import current_app, has_request_context, url_for


def absolute(endpoint: str, **values: Any) -> str:
    """The public address of an endpoint, in and out of a request."""
    if has_request_context():
        base: str = current_app.config["DURE"].base_url
        return base + url_for(endpoint, _external=False, **values)
    return lasting(endpoint, **values)


def lasting(endpoint: str, **values: Any) -> str:
    """The public address of an endpoint to be kept elsewhere: nothing of this request is in it."""
    base: str = current_app.config["DURE"].base_url
    return base + current_app.url_map.bind("").build(endpoint, values)
