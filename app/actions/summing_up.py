"""One petition as plain JSON values, the same in the API's answers and in a webhook's messages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.petitions.showing import ArchiveView, Listed, PetitionView, ThresholdView, UpdateView
from app.web.links import lasting

from .reading import ActionView, MilestoneView, Plan


def petition_json(petition: PetitionView, plan: Plan) -> dict[str, Any]:
    """The petition with its text, its tallies, the answer to it, and its action once there is one.

    Money is in minor units, moments are in ISO 8601, texts are HTML without anything that acts; nothing in it
    tells who signed or pledged.
    """
    return listed_json(petition) | {
        "text_html": str(petition.html),
        "answer": answer_json(petition),
        "updates": {
            "latest_at": iso(max((update.at for update in petition.updates), default=None)),
            "url": lasting("api.updates", slug=petition.slug),
        },
        "archive": archive_json(petition.archive) if petition.archive else None,
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
        "url": page_of(petition.slug),
        "title": petition.title,
        "summary": petition.summary,
        "addressee": petition.addressee,
        "topic": petition.topic,
        "language": petition.locale,
        "organizer": petition.organizer_name,
        "state": petition.state,
        "opened_at": iso(petition.opened_at),
        "deadline": iso(petition.deadline),
        "thresholds": [threshold_json(threshold) for threshold in petition.thresholds],
    }


def page_of(slug: str) -> str:
    """The address of a petition's page, whatever language this request is in."""
    return lasting("pages.petition", slug=slug)


def answer_json(petition: PetitionView) -> dict[str, Any]:
    """Whether the addressee was asked, until when, and what they answered."""
    return {
        "state": petition.response_track,
        "due_at": iso(petition.response_due_at),
        "answered_at": iso(petition.responded_at),
        "text_html": str(petition.response_html) if petition.response_html else None,
    }


def archive_json(archive: ArchiveView) -> dict[str, Any]:
    """What another platform's archive says of an imported petition, word for word."""
    return {
        "source": archive.source,
        "url": archive.url,
        "signatures": archive.signatures,
        "threshold": archive.threshold,
        "state": archive.state,
        "answer": archive.answer,
        "answered_at": iso(archive.answered_at),
        "rejection": archive.rejection,
    }


def update_json(slug: str, update: UpdateView) -> dict[str, Any]:
    """News from the organizer of the petition at this slug."""
    return {
        "id": update.id,
        "url": f"{page_of(slug)}#update-{update.id}",
        "title": update.title,
        "text_html": str(update.html),
        "published_at": iso(update.at),
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
