"""Reading a petition's plan and action for everybody: two queries whatever its size."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from markupsafe import Markup

from app.db import db
from app.petitions.showing import PetitionView, version_of
from app.pledges.models import Pledge
from app.web.caching import snapshot
from app.web.markdown import render_markdown

from .models import Action, Milestone, Payout, Vote
from .planning import is_late


@dataclass(frozen=True)
class MilestoneView:
    """One step of the plan; ``share`` in per cent, ``paid`` in minor units, None until it is paid out.

    ``late``: the promised day ``due_on`` is over, and the organizer of the action has not shown it.
    """

    id: str
    position: int
    title: str
    share: int
    due_on: date | None
    late: bool
    state: str
    evidence_html: Markup | None
    evidence_link: str | None
    evidence_image: str | None
    claimed_at: datetime | None
    vote_ends_at: datetime | None
    decided_at: datetime | None
    accepting: int
    rejecting: int
    paid: int | None
    paid_at: datetime | None


@dataclass(frozen=True)
class ActionView:
    """What became of the pledges.

    ``kind`` is the kind of pledge that money is collected for, None where none is; ``goal``, ``pledged``
    and ``held`` (reserved now, or at the decision) are in its measure. ``captured``, ``refunded`` and
    ``paid_out`` are sums over the pledges and payouts, in minor units of ``currency``.
    """

    state: str
    kind: str | None
    currency: str
    goal: int
    pledged: int
    held: int
    captured: int
    refunded: int
    paid_out: int
    started_at: datetime
    collect_until: datetime
    decided_at: datetime | None
    underway_at: datetime | None
    released_at: datetime | None
    delivered_at: datetime | None
    stopped_at: datetime | None


@dataclass(frozen=True)
class Plan:
    """What the crowd does: its milestones, and the action once there is one."""

    milestones: tuple[MilestoneView, ...]
    action: ActionView | None
    version: str


def plan_view(petition_id: str) -> Plan:
    """The plan of a petition, kept for a moment."""
    return snapshot(("plan", petition_id), lambda: read_plan(petition_id))


def read_plan(petition_id: str) -> Plan:
    milestones, action = read_milestones(petition_id), read_action(petition_id)
    return Plan(milestones, action, version_of(milestones, action))


def read_action(petition_id: str) -> ActionView | None:
    """The action of a petition with its sums; None before the firing."""
    row = db.session.execute(
        sa.select(
            Action.__table__,
            total(Pledge.amount, Pledge.state == "held", Pledge.kind == Action.kind).label("held_now"),
            total(Pledge.captured).label("captured"),
            total(Pledge.refunded).label("refunded"),
            sa.select(sa.func.coalesce(sa.func.sum(Payout.amount), 0))
            .where(Payout.petition_id == Action.petition_id, Payout.state == "paid")
            .scalar_subquery()
            .label("paid_out"),
        ).where(Action.petition_id == petition_id)
    ).one_or_none()
    if row is None:
        return None
    return ActionView(
        state=row.state,
        kind=row.kind,
        currency=row.currency,
        goal=row.goal,
        pledged=row.pledged,
        held=int(row.held_now if row.held_at_decision is None else row.held_at_decision),
        captured=int(row.captured),
        refunded=int(row.refunded),
        paid_out=int(row.paid_out),
        started_at=row.started_at,
        collect_until=row.collect_until,
        decided_at=row.decided_at,
        underway_at=row.underway_at,
        released_at=row.released_at,
        delivered_at=row.delivered_at,
        stopped_at=row.stopped_at,
    )


def shown_state(petition: PetitionView, action: ActionView | None) -> str:
    """The one word for where a petition stands: its action's state, ``tipped``, or its own."""
    if action is not None:
        return action.state
    if petition.state == "open" and petition.fired_at is not None:
        return "fired"
    if petition.state == "open" and petition.tipped_at is not None:
        return "tipped"
    return petition.state


def total(column: Any, *conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[Any]:
    """The sum of a column over the action's pledges; 0 when there are none."""
    return (
        sa.select(sa.func.coalesce(sa.func.sum(column), 0))
        .where(Pledge.petition_id == Action.petition_id, *conditions)
        .scalar_subquery()
    )


def read_milestones(petition_id: str) -> tuple[MilestoneView, ...]:
    rows = db.session.execute(
        sa.select(
            Milestone.__table__,
            votes(accepts=True).label("accepting"),
            votes(accepts=False).label("rejecting"),
            Payout.amount.label("paid"),
            Payout.paid_at,
            Action.state.label("acting"),
        )
        .outerjoin(Action, Action.petition_id == Milestone.petition_id)
        .outerjoin(Payout, (Payout.milestone_id == Milestone.id) & (Payout.state == "paid"))
        .where(Milestone.petition_id == petition_id)
        .order_by(Milestone.position)
    )
    return tuple(
        MilestoneView(
            id=row.id,
            position=row.position,
            title=row.title,
            share=row.share,
            due_on=row.due_on,
            late=is_late(row.state, row.due_on, row.acting),
            state=row.state,
            evidence_html=Markup(render_markdown(row.evidence)) if row.evidence else None,  # noqa: S704
            evidence_link=row.evidence_link,
            evidence_image=row.evidence_image,
            claimed_at=row.claimed_at,
            vote_ends_at=row.vote_ends_at,
            decided_at=row.decided_at,
            accepting=row.accepting,
            rejecting=row.rejecting,
            paid=row.paid,
            paid_at=row.paid_at,
        )
        for row in rows
    )


def votes(*, accepts: bool) -> sa.ScalarSelect[Any]:
    return (
        sa.select(sa.func.count())
        .select_from(Vote)
        .where(Vote.milestone_id == Milestone.id, Vote.accepts.is_(accepts))
        .scalar_subquery()
    )
