"""Reading one petition for everybody: six queries whatever its size, kept for a moment."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import abort
from markupsafe import Markup, escape

from app import clock
from app.db import db
from app.people.models import Person
from app.web.caching import snapshot
from app.web.markdown import render_markdown

from .masking import mask_name
from .models import PUBLIC_STATES, Event, Petition, Signature, Threshold, Update
from .showing import (
    ArchiveView,
    EventView,
    PetitionView,
    SignerView,
    ThresholdView,
    UpdateView,
    sealed,
)
from .thresholds import in_time

SHOWN_STATES = (*PUBLIC_STATES, "hidden", "removed")
MOST_SIGNERS = 12
MOST_UPDATES = 50
MOST_EVENTS = 200
LONGEST_SLUG = 80
BLANK_LINES = re.compile(r"\n\s*\n")


def petition_view(slug: str) -> PetitionView | None:
    """The petition at this address, or None where strangers see nothing.

    Hidden and removed petitions are returned, for their address must say so; check ``state``.
    """
    if len(slug) > LONGEST_SLUG or not slug.isprintable():
        return None
    return snapshot(("petition", slug), lambda: read_petition(slug))


def public_petition(slug: str) -> PetitionView:
    """The petition everybody may see at this address; 404 where there is none, 410 once it is removed."""
    petition = petition_view(slug)
    if petition is None or petition.state == "hidden":
        abort(404)
    if petition.state == "removed":
        abort(410)
    return petition


def read_petition(slug: str) -> PetitionView | None:
    found = db.session.execute(
        sa.select(Petition.__table__, Person.name.label("organizer_name"), Person.handle, Person.erased_at)
        .outerjoin(Person, Person.id == Petition.organizer_id)
        .where(Petition.slug == slug, Petition.state.in_(SHOWN_STATES))
    ).one_or_none()
    if found is None:
        return None
    at = clock.now()
    thresholds = read_thresholds([found.id]).get(found.id, ())
    taking = found.state == "open" and found.deadline is not None and in_time(at, found.deadline)
    return sealed(
        PetitionView(
            id=found.id,
            slug=found.slug,
            title=found.title,
            addressee=found.addressee,
            summary=found.summary,
            html=verbatim(found.text) if found.source else safe_html(found.text),
            locale=found.locale,
            topic=found.topic,
            state=found.state,
            currency=found.currency,
            deadline=found.deadline,
            organizer_name=None if found.erased_at else found.organizer_name,
            organizer_handle=found.handle,
            created_at=found.created_at,
            opened_at=found.opened_at,
            closed_at=found.closed_at,
            tipped_at=found.tipped_at,
            window_ends_at=found.window_ends_at,
            fired_at=found.fired_at,
            response_track=found.response_track,
            response_due_at=found.response_due_at,
            responded_at=found.responded_at,
            response_html=safe_html(found.response_text) if found.response_text else None,
            thresholds=thresholds,
            validated=sum(t.contributors for t in thresholds if t.measure == "signatures"),
            pending=count_pending(found.id),
            signing=taking,
            pledging=taking and found.fired_at is None,
            archive=archive_view(found.source, found.archive),
            updates=read_updates(found.id),
            signers=read_signers(found.id),
            events=read_events(found.id),
            as_of=at,
        )
    )


def read_thresholds(petition_ids: list[str]) -> dict[str, tuple[ThresholdView, ...]]:
    """The thresholds of these petitions, in order, in one query."""
    if not petition_ids:
        return {}
    rows = db.session.execute(
        sa.select(Threshold.__table__)
        .where(Threshold.petition_id.in_(petition_ids))
        .order_by(Threshold.petition_id, Threshold.position)
    )
    found: dict[str, list[ThresholdView]] = {}
    for row in rows:
        found.setdefault(row.petition_id, []).append(
            ThresholdView(
                kind=row.kind,
                measure=row.measure,
                terms=row.terms,
                target=row.target,
                tally=row.tally,
                contributors=row.contributors,
                currency=row.currency,
                reached_at=row.reached_at,
                closed_at=row.closed_at,
            )
        )
    return {petition_id: tuple(views) for petition_id, views in found.items()}


def count_pending(petition_id: str) -> int:
    return (
        db.session.scalar(
            sa.select(sa.func.count())
            .select_from(Signature)
            .where(Signature.petition_id == petition_id, Signature.state == "pending")
        )
        or 0
    )


def read_signers(petition_id: str) -> tuple[SignerView, ...]:
    """The latest signers who show their name, masked; whoever hides it does not appear at all."""
    rows = db.session.execute(
        sa.select(Signature.name, Signature.region, Signature.reason, Signature.validated_at)
        .where(
            Signature.petition_id == petition_id,
            Signature.state == "validated",
            Signature.hide_name.is_(False),
        )
        .order_by(Signature.validated_at.desc())
        .limit(MOST_SIGNERS)
    )
    return tuple(
        SignerView(mask_name(row.name), row.region, row.reason, row.validated_at)
        for row in rows
        if row.validated_at is not None
    )


def read_updates(petition_id: str, *, most: int = MOST_UPDATES, skip: int = 0) -> tuple[UpdateView, ...]:
    """The organizer's news, newest first."""
    rows = db.session.execute(
        sa.select(Update.id, Update.title, Update.text, Update.published_at)
        .where(Update.petition_id == petition_id)
        .order_by(Update.published_at.desc(), Update.id.desc())
        .limit(most)
        .offset(skip)
    )
    return tuple(UpdateView(row.id, row.title, safe_html(row.text), row.published_at) for row in rows)


def count_updates(petition_id: str) -> int:
    counted = sa.select(sa.func.count()).select_from(Update).where(Update.petition_id == petition_id)
    return db.session.scalar(counted) or 0


def read_events(petition_id: str) -> tuple[EventView, ...]:
    rows = db.session.execute(
        sa.select(Event.kind, Event.at, Event.detail)
        .where(Event.petition_id == petition_id)
        .order_by(Event.at, Event.id)
        .limit(MOST_EVENTS)
    )
    return tuple(EventView(row.kind, row.at, row.detail) for row in rows)


def archive_view(source: str | None, archive: dict[str, Any] | None) -> ArchiveView | None:
    """What the archive kept; None for a petition of our own."""
    if source is None:
        return None
    kept = archive or {}
    return ArchiveView(
        source=source,
        signatures=int(kept.get("signatures") or 0),
        threshold=kept.get("threshold"),
        state=str(kept.get("source_state") or ""),
        url=kept.get("source_url"),
        category=kept.get("category"),
        answer=kept.get("answer"),
        answered_at=moment_of(kept.get("answered_at")),
        rejection=kept.get("rejection"),
    )


def moment_of(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def verbatim(text: str) -> Markup:
    """An archived text as it was: nothing in it is markup, only its line breaks show."""
    paragraphs = [escape(part.strip()) for part in BLANK_LINES.split(text) if part.strip()]
    return Markup("").join(
        Markup("<p>{}</p>\n").format(Markup("<br>").join(part.splitlines())) for part in paragraphs
    )


def safe_html(text: str) -> Markup:
    return Markup(render_markdown(text))  # noqa: S704 - sanitised there
