"""One petition as plain JSON values, the same in the API's answers and in a webhook's messages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.petitions.showing import Listed, PetitionView, ThresholdView

from .reading import ActionView, MilestoneView, Plan


def petition_json(petition: PetitionView, plan: Plan) -> dict[str, Any]:
    """The petition with its tallies, and its action once there is one.

    Money is in minor units, moments are in ISO 8601; nothing in it tells who signed or pledged.
    """
    return listed_json(petition) | {
        "signatures": {"validated": petition.validated, "pending": petition.pending},
        "pledges": [
            {"measure": t.measure, "count": t.contributors, "total": t.tally, "currency": t.currency}
            for t in petition.pledge_thresholds
        ],
        "action": action_json(plan.action, plan) if plan.action else None,
        "as_of": iso(petition.as_of),
    }


def listed_json(petition: Listed | PetitionView) -> dict[str, Any]:
    """What a list says of a petition."""
    return {
        "slug": petition.slug,
        "title": petition.title,
        "state": petition.state,
        "deadline": iso(petition.deadline),
        "thresholds": [threshold_json(threshold) for threshold in petition.thresholds],
    }


def threshold_json(view: ThresholdView) -> dict[str, Any]:
    return {
        "kind": view.kind,
        "measure": view.measure,
        "target": view.target,
        "tally": view.tally,
        "reached_at": iso(view.reached_at),
    }


def action_json(view: ActionView, plan: Plan) -> dict[str, Any]:
    return {
        "state": view.state,
        "kind": view.kind,
        "goal": view.goal,
        "currency": view.currency,
        "held": view.held,
        "captured": view.captured,
        "refunded": view.refunded,
        "paid_out": view.paid_out,
        "milestones": [milestone_json(milestone) for milestone in plan.milestones],
    }


def milestone_json(view: MilestoneView) -> dict[str, Any]:
    return {
        "position": view.position,
        "title": view.title,
        "share": view.share,
        "due_on": view.due_on.isoformat() if view.due_on else None,
        "state": view.state,
        "vote_ends_at": iso(view.vote_ends_at),
        "decided_at": iso(view.decided_at),
        "paid": view.paid,
    }


def iso(at: datetime | None) -> str | None:
    return at.isoformat(timespec="milliseconds") if at else None
