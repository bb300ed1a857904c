"""Lists in parts: what is on this page, how many there are in all, and the link to what follows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from flask import request

from app.petitions.browsing import page_from
from app.web.links import absolute

ON_A_PAGE = 100
NEWS_ON_A_PAGE = 20
"""Whole texts: fewer than of other things."""

Item = TypeVar("Item")


def asked_page() -> int:
    """The page that ``?page=`` asks for, from 1.

    Raises:
        Refusal: it is no page.
    """
    return page_from(request.args.get("page"))


def on_page(items: Sequence[Item], page: int) -> Sequence[Item]:
    return items[(page - 1) * ON_A_PAGE : page * ON_A_PAGE]


def listed(items: list[Any], total: int, following: str | None, **more: Any) -> dict[str, Any]:
    """A page of a list as JSON values; ``following`` is the link to the next one."""
    return {**more, "items": items, "total": total, "next": following}


def next_link(
    endpoint: str, page: int, total: int, *, on_a_page: int | None = None, **values: Any
) -> str | None:
    """The link to the page after this one; None where this one is the last."""
    shown = page * (on_a_page or ON_A_PAGE)
    return absolute(endpoint, page=page + 1, **values) if shown < total else None
