"""Writing answers: everything in them is meant for everybody."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask import Response

from app.actions.accounting import PayoutView
from app.actions.figuring import Figures
from app.actions.public_books import AMOUNTS
from app.actions.reading import MilestoneView
from app.actions.summing_up import iso, milestone_json
from app.web.caching import kept

JSON = "application/json"


def as_json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"


def public_answer(
    name: tuple[Any, ...], version: str, content: Callable[[], Any], *, max_age: int = 0
) -> Response:
    """The content as JSON, or 304 for whoever has it already: see :func:`app.web.caching.kept`."""
    return kept(name, version, lambda: as_json(content()), mimetype=JSON, max_age=max_age)


def full_milestone(view: MilestoneView) -> dict[str, Any]:
    """A step with what was shown for it and how the backers voted."""
    return milestone_json(view) | {
        "claimed_at": iso(view.claimed_at),
        "evidence_link": view.evidence_link,
        "accepting": view.accepting,
        "rejecting": view.rejecting,
        "paid_at": iso(view.paid_at),
    }


def figures_json(figures: Figures) -> dict[str, Any]:
    """What the public books say of money, in minor units."""
    amounts = {name: getattr(figures, name) for name in AMOUNTS}
    return {"currency": figures.currency, "backers": figures.backers, **amounts}


def payout_json(payout: PayoutView) -> dict[str, Any]:
    return {
        "cause": payout.cause,
        "position": payout.position,
        "amount": payout.amount,
        "state": payout.state,
        "proposed_at": iso(payout.proposed_at),
        "paid_at": iso(payout.paid_at),
    }
