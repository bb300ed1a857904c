"""Pages of a long list at a desk."""

from __future__ import annotations

from flask import request

MOST_PAGES = 10_000


def asked_page() -> int:
    """The page that ``?page=`` asks for, from 1 to the most; whatever is no number is the first."""
    return min(max(1, request.args.get("page", 1, type=int)), MOST_PAGES)
