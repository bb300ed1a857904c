"""Accounting to the public: an action's figures, its payouts and the people whose money is in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from app.db import db
from app.petitions.masking import mask_name
from app.petitions.showing import version_of
from app.pledges.models import Pledge
from app.web.caching import snapshot

from .figuring import Figures, figures_of
from .milestones import count_backers
from .models import Action, Milestone, Payout
from .reading import MilestoneView

MOST_BACKERS = 12


@dataclass(frozen=True)
class PayoutView:
    """Money going out, for a step or another ``cause``, in minor units. Who approved it is not public."""

    cause: str
    position: int | None
    title: str | None
    amount: int
    state: str
    proposed_at: datetime
    approved_at: datetime | None
    paid_at: datetime | None


@dataclass(frozen=True)
class BackerView:
    """One collected pledge: the masked names, the amount in minor units, the moment.

    ``behalf`` is in whose name it was given, empty where the backer gave for themselves.
    """

    name: str
    behalf: str
    amount: int
    at: datetime


@dataclass(frozen=True)
class PublicAccount:
    """What an action owes everybody: ``goal`` and ``held_at_decision`` (None before it) in the measure of
    the kind that money is collected for.

    ``settled_at`` is when no card waited any more; ``voters`` how many people may vote on a step.
    """

    figures: Figures
    goal: int
    held_at_decision: int | None
    settled_at: datetime | None
    voters: int
    payouts: tuple[PayoutView, ...]
    backers: tuple[BackerView, ...]
    version: str

    @property
    def is_let_go(self) -> bool:
        """Whether all of the money went out in one payment, or is about to: no vote stops it any more."""
        return any(
            payout.cause.startswith("disbursement-") and payout.state != "proposed" for payout in self.payouts
        )

    def tranche(self, steps: Sequence[MilestoneView], position: int) -> int:
        """What a step is worth: its payout once that is proposed, else its share of what was captured."""
        for payout in self.payouts:
            if payout.position == position:
                return payout.amount
        shares = [step.share for step in steps if step.position <= position]
        captured = self.figures.captured
        return captured * sum(shares) // 100 - captured * sum(shares[:-1]) // 100


def public_account(petition_id: str) -> PublicAccount:
    """The account of a petition's action, kept for a moment.

    Raises:
        LookupError: the petition has not become an action.
    """
    return snapshot(("account", petition_id), lambda: read_account(petition_id))


def read_account(petition_id: str) -> PublicAccount:
    action = db.session.execute(
        sa.select(Action.currency, Action.goal, Action.held_at_decision, Action.settled_at).where(
            Action.petition_id == petition_id
        )
    ).one_or_none()
    if action is None:
        raise LookupError(f"no action of {petition_id}")
    figures = figures_of(petition_id, action.currency)
    payouts, backers = read_payouts(petition_id), read_backers(petition_id)
    fixed = (action.goal, action.held_at_decision, action.settled_at, count_backers(petition_id))
    version = version_of(figures, fixed, payouts, backers)
    return PublicAccount(figures, *fixed, payouts, backers, version)


def read_payouts(petition_id: str) -> tuple[PayoutView, ...]:
    rows = db.session.execute(
        sa.select(
            Payout.cause,
            Milestone.position,
            Milestone.title,
            Payout.amount,
            Payout.state,
            Payout.proposed_at,
            Payout.approved_at,
            Payout.paid_at,
        )
        .outerjoin(Milestone, Milestone.id == Payout.milestone_id)
        .where(Payout.petition_id == petition_id)
        .order_by(Payout.proposed_at, Payout.id)
    )
    return tuple(PayoutView(*row) for row in rows)


def read_backers(petition_id: str) -> tuple[BackerView, ...]:
    """The latest collected pledges of people who show their name; whoever hides it does not appear."""
    rows = db.session.execute(
        sa.select(Pledge.name, Pledge.terms, Pledge.captured, Pledge.captured_at)
        .where(
            Pledge.petition_id == petition_id,
            Pledge.captured > 0,
            Pledge.captured_at.is_not(None),
            Pledge.hide_name.is_(False),
        )
        .order_by(Pledge.captured_at.desc(), Pledge.id.desc())
        .limit(MOST_BACKERS)
    )
    return tuple(
        BackerView(mask_name(name), masked(terms.get("behalf", "")), amount, at)
        for name, terms, amount, at in rows
        if at is not None
    )


def masked(name: str) -> str:
    """A name in part; nothing where there is none."""
    return mask_name(name) if name else ""
