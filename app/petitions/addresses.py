"""Where a petition is found, for letters and for sharing."""

from __future__ import annotations

from urllib.parse import quote

from flask import current_app


def petition_path(slug: str) -> str:
    return f"/petitions/{quote(slug)}"


def petition_url(slug: str) -> str:
    """The public address of a petition's page, under the configured base."""
    base: str = current_app.config["DURE"].base_url
    return base + petition_path(slug)
