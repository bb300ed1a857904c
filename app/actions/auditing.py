"""Auditing: every public number recomputed from the postings and rows, and what differs named.

The numbers in brackets are the books' invariants; see ``docs/money.md``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa

from app import clock
from app.db import db
from app.ledger.booking import all_balances, balances, totals, unbalanced_journals
from app.ledger.entries import PURSES
from app.ledger.models import Journal, Posting
from app.petitions.models import Petition, Signature, Threshold
from app.pledges.models import COUNTING, Pledge
from app.points.models import PointRow

from .figuring import figures_by_petition
from .models import Action, Attempt, Firing, Payout
from .settling import OVER
from .tipping import is_spent

TAKEN = ("captured", "part_refunded", "refunded", "disputed")
FUNDED = ("underway", "delivered", "stopped", "orphaned")
CAUSES_OF_PAYOUTS = ("payout_due", "payout", "payout_called_off")
LONGEST_SILENCE = timedelta(days=1)

Check = Callable[[], Iterator[str]]
"""What differs, one sentence each."""


@dataclass(frozen=True)
class Audit:
    """``totals`` by currency and cause, in minor units; ``differences`` are sentences, best none."""

    totals: dict[str, dict[str, int]]
    journals: int
    postings: int
    differences: list[str]


def audit(more: Iterable[Check] = ()) -> Audit:
    """Recompute everything; ``more`` are the checks of rooms that this one does not know."""
    summed: dict[str, dict[str, int]] = {}
    for (_owner, currency), causes in totals().items():
        for cause, amount in causes.items():
            summed.setdefault(currency, {}).setdefault(cause, 0)
            summed[currency][cause] += amount
    return Audit(
        totals=summed,
        journals=db.session.scalar(sa.select(sa.func.count()).select_from(Journal)) or 0,
        postings=db.session.scalar(sa.select(sa.func.count()).select_from(Posting)) or 0,
        differences=[difference for check in (*CHECKS, *more) for difference in check()],
    )


def journals_balance() -> Iterator[str]:
    """[1] Every journal sums to zero."""
    for key, currency, rest in unbalanced_journals():
        yield f"journal {key} is off by {rest} {currency}"


def accounts_hold_what_they_should() -> Iterator[str]:
    """[2, 5, 6] Nothing is overdrawn; what lies at the gateway is what it is owed for."""
    purses: dict[str, int] = {}
    for (owner, currency), held in all_balances().items():
        for kind, amount in held.items():
            if amount < 0:
                yield f"account {kind} of {owner} is overdrawn by {-amount} {currency}"
        purses[currency] = purses.get(currency, 0) + held["purse"] - (owner == PURSES) * held["clearing"]
        owed = sum(amount for kind, amount in held.items() if kind not in {"clearing", "purse"})
        if owner != PURSES and owed != held["clearing"]:
            yield f"{owner}: {owed} {currency} are owed, {held['clearing']} lie at the gateway"
    for currency, difference in purses.items():
        if difference:
            yield f"purses are {difference} {currency} off what lies at the gateway for them"


def public_figures_match_accounts() -> Iterator[str]:
    """[2] What everybody is told lies in escrow is what the accounts hold, paid out or given back or not."""
    figures, turnover = figures_by_petition(), totals()
    for key, held in all_balances().items():
        causes = turnover.get(key, {})
        tips_due = causes.get("tip_back", 0) - causes.get("tip_refund", 0)
        lies = held["escrow"] + held["payouts_due"] + held["refunds_due"] - tips_due
        told = figures[key].in_escrow if key in figures else 0
        if told != lies:
            yield f"the public books say {told} {key[1]} lie in escrow for {key[0]}, the accounts {lies}"


def pledges_match_postings() -> Iterator[str]:
    """[3, 4, 7] Each pledge was captured and refunded exactly as booked, and never without a firing."""
    booked = booked_by_subject("capture", "refund")
    rows = db.session.execute(
        sa.select(Pledge.id, Pledge.state, Pledge.cost, Pledge.captured, Pledge.refunded, Firing.petition_id)
        .outerjoin(Firing, Firing.petition_id == Pledge.petition_id)
        .where((Pledge.captured != 0) | (Pledge.refunded != 0) | Pledge.state.in_(TAKEN))
    )
    seen = set()
    for pledge_id, state, cost, captured, refunded, fired in rows:
        if (state in TAKEN) != (captured > 0):
            yield f"pledge {pledge_id} is {state} with {captured} captured"
        seen |= {(pledge_id, "capture"), (pledge_id, "refund")}
        if fired is None:
            yield f"pledge {pledge_id} was captured although its petition never fired"
        if booked.get((pledge_id, "capture"), 0) != captured or captured > cost:
            yield f"pledge {pledge_id}: {captured} captured, {booked.get((pledge_id, 'capture'), 0)} booked"
        if booked.get((pledge_id, "refund"), 0) != refunded:
            yield f"pledge {pledge_id}: {refunded} refunded, {booked.get((pledge_id, 'refund'), 0)} booked"
    for pledge_id, cause in booked.keys() - seen:
        yield f"{cause} of {pledge_id} is booked, but the pledge does not know of it"


def booked_by_subject(*causes: str) -> dict[tuple[str, str], int]:
    """What was booked for these causes: minor units by subject and cause."""
    rows = db.session.execute(
        sa.select(Journal.subject_id, Journal.cause, sa.func.sum(Posting.amount))
        .join(Posting, Posting.journal_id == Journal.id)
        .where(Posting.amount > 0, Journal.cause.in_(causes))
        .group_by(Journal.subject_id, Journal.cause)
    )
    return {(subject, cause): int(amount) for subject, cause, amount in rows}


def tips_match_postings() -> Iterator[str]:
    """[3, 4, 5] A tip was taken with its pledge alone, and went back at most once, as booked."""
    booked = booked_by_subject("tip", "tip_back", "tip_refund")
    rows = db.session.execute(
        sa.select(Pledge, Action.state)
        .outerjoin(Action, Action.petition_id == Pledge.petition_id)
        .where(Pledge.tip > 0)
    )
    for pledge, state in rows:
        taken, owed, made = (booked.pop((pledge.id, cause), 0) for cause in ("tip", "tip_back", "tip_refund"))
        due = pledge.tip if pledge.captured else 0
        if taken != due or made != pledge.tip_refunded or owed not in {0, taken} or made > owed:
            yield (
                f"pledge {pledge.id} has a tip of {pledge.tip}, {pledge.tip_refunded} of it given back; "
                f"booked are {taken} taken, {owed} owed back and {made} given back"
            )
        if state == "stopped" and taken != owed and not is_spent(pledge.petition_id):
            yield f"the tip of pledge {pledge.id} was kept, although nothing of its action was spent"
    for pledge_id, cause in booked:
        yield f"{cause} of {pledge_id} is booked, but the pledge does not know of it"


def pledges_have_one_capture() -> Iterator[str]:
    """[3] At most one capture of a pledge."""
    for subject, count in db.session.execute(
        sa.select(Attempt.subject_id, sa.func.count())
        .where(Attempt.purpose == "capture", Attempt.outcome == "captured")
        .group_by(Attempt.subject_id)
        .having(sa.func.count() > 1)
    ):
        yield f"pledge {subject} was captured {count} times"


def payouts_match_postings() -> Iterator[str]:
    """[14] What is shown as approved is owed, and what is shown as paid out left the gateway."""
    booked = booked_by_subject(*CAUSES_OF_PAYOUTS)
    for subject in [subject for subject, cause in booked if cause == "payout_called_off"]:
        if booked.pop((subject, "payout_due"), 0) != booked.pop((subject, "payout_called_off")):
            yield f"payout {subject} was called off with another amount than was approved"
    for payout_id, amount, state in db.session.execute(sa.select(Payout.id, Payout.amount, Payout.state)):
        due, paid = booked.pop((payout_id, "payout_due"), 0), booked.pop((payout_id, "payout"), 0)
        if (due, paid) != (0 if state == "proposed" else amount, amount if state == "paid" else 0):
            yield f"payout {payout_id} is {state} with {amount}, but booked otherwise"
    for payout_id, _cause in booked:
        yield f"payout {payout_id} is booked, but does not exist"


def actions_were_funded() -> Iterator[str]:
    """[8] Work began only with the goal held and the signatures there at the firing."""
    for action, firing in db.session.execute(
        sa.select(Action, Firing)
        .join(Firing, Firing.petition_id == Action.petition_id)
        .where(sa.or_(Action.underway_at.is_not(None), Action.state.in_(FUNDED)))
    ):
        if (action.held_at_decision or 0) < action.goal:
            yield f"action {action.petition_id} began with {action.held_at_decision} of {action.goal} held"
        for kind, (tally, target) in firing.tallies.items():
            if tally < target:
                yield f"action {action.petition_id} fired with {tally} of {target} {kind}"


def nothing_stays_behind() -> Iterator[str]:
    """[5, 7] An action that is over keeps no money of its backers, but for steps they accepted."""
    proposed = (
        sa.select(sa.func.coalesce(sa.func.sum(Payout.amount), 0))
        .where(Payout.petition_id == Action.petition_id, Payout.state == "proposed")
        .scalar_subquery()
    )
    for petition_id, state, earned in db.session.execute(
        sa.select(Action.petition_id, Action.state, proposed).where(Action.state.in_(OVER))
    ):
        if left := balances(petition_id)["escrow"] - (int(earned) if state == "stopped" else 0):
            yield f"action {petition_id} is {state}, but {left} stay in escrow"


def calls_get_answers() -> Iterator[str]:
    """A call that has had no answer for a day: somebody should ask the gateway what became of it."""
    for key, started in db.session.execute(
        sa.select(Attempt.key, Attempt.started_at)
        .where(Attempt.state == "started", Attempt.started_at < clock.now() - LONGEST_SILENCE)
        .order_by(Attempt.key)
    ):
        yield f"the gateway has not answered {key} since {started:%Y-%m-%d %H:%M} UTC"


def tallies_recount() -> Iterator[str]:
    """[14] Every tally is the count of the rows behind it."""
    signed = dict(
        db.session.execute(
            sa.select(Signature.petition_id, sa.func.count())
            .where(Signature.state == "validated")
            .group_by(Signature.petition_id)
        ).all()
    )
    pledged = {
        (petition, kind): (int(total), count)
        for petition, kind, total, count in db.session.execute(
            sa.select(Pledge.petition_id, Pledge.kind, sa.func.sum(Pledge.amount), sa.func.count())
            .where(sa.or_(Pledge.state.in_(COUNTING), Pledge.frozen_at.is_not(None)))
            .group_by(Pledge.petition_id, Pledge.kind)
        )
    }
    for threshold, slug in db.session.execute(
        sa.select(Threshold, Petition.slug).join(Petition, Petition.id == Threshold.petition_id)
    ):
        if threshold.measure == "signatures":
            count = signed.get(threshold.petition_id, 0)
            expected = (count, count)
        else:
            expected = pledged.get((threshold.petition_id, threshold.kind), (0, 0))
        if (threshold.tally, threshold.contributors) != expected:
            yield (
                f"{slug}: {threshold.kind} shows {threshold.tally} by {threshold.contributors}, "
                f"the rows say {expected[0]} by {expected[1]}"
            )


def points_follow_money() -> Iterator[str]:
    """[13] Points for a pledge stand only while its money does, or its deed was kept."""
    voided = sa.select(PointRow.voids).where(PointRow.voids.is_not(None))
    rows = db.session.execute(
        sa.select(PointRow.cause).where(PointRow.reason == "pledge_kept", PointRow.id.not_in(voided))
    ).scalars()
    kept = {cause.split(":")[1] for cause in rows}
    standing = (
        set(
            db.session.scalars(
                sa.select(Pledge.id).where(
                    sa.or_(Pledge.captured > Pledge.refunded, Pledge.state == "kept"), Pledge.id.in_(kept)
                )
            )
        )
        if kept
        else set()
    )
    for pledge_id in kept - standing:
        yield f"points stand for pledge {pledge_id}, whose money or deed does not"


CHECKS: tuple[Check, ...] = (
    journals_balance,
    accounts_hold_what_they_should,
    public_figures_match_accounts,
    pledges_match_postings,
    tips_match_postings,
    pledges_have_one_capture,
    payouts_match_postings,
    actions_were_funded,
    nothing_stays_behind,
    calls_get_answers,
    tallies_recount,
    points_follow_money,
)
