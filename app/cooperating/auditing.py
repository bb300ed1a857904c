"""What must hold for every co-operative: the cap, the founders, surpluses and exits that the books know."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sqlalchemy as sa

from app.actions.models import Action
from app.db import db
from app.ledger.models import Account, Journal, Posting
from app.petitions.models import Petition
from app.pledges.models import Pledge

from . import leaving
from .models import Leaving, Surplus, SurplusPart
from .registering import KIND, Cooperative, cooperative_of


def cooperatives() -> Iterator[Cooperative]:
    for petition in db.session.scalars(
        sa.select(Petition)
        .join(Action, Action.petition_id == Petition.id)
        .where(Action.kind == KIND, Action.underway_at.is_not(None))
        .order_by(Petition.id)
    ):
        if cooperative := cooperative_of(petition):
            yield cooperative


def members_keep_the_rules() -> Iterator[str]:
    """Nobody holds more than the cap, no unit is issued twice, and the founders' number stays."""
    for cooperative in cooperatives():
        rules, name = cooperative.rules, cooperative.petition.slug
        for member in cooperative.members:
            if member.units > rules.cap:
                yield f"{name}: member {member.number} holds {member.units} units of at most {rules.cap}"
        if cooperative.units > rules.total_units:
            yield f"{name}: {cooperative.units} units are held of {rules.total_units}"
        if cooperative.works:
            if len(cooperative.members) < rules.founders:
                yield f"{name}: {len(cooperative.members)} members are left of {rules.founders} founders"
            if cooperative.equity != cooperative.units * rules.unit:
                yield f"{name}: {cooperative.equity} paid in for {cooperative.units} units of {rules.unit}"


def booked(cause: str) -> dict[str, int]:
    """What went to members for ``cause``, in minor units by the row it was about.

    What erased members would have got went to the platform.
    """
    rows = db.session.execute(
        sa.select(Journal.subject_id, sa.func.sum(-Posting.amount))
        .join(Posting, Posting.journal_id == Journal.id)
        .join(Account, Account.id == Posting.account_id)
        .where(Journal.cause == cause, Account.kind.in_(("purse", "tips")))
        .group_by(Journal.subject_id)
    )
    return {subject: int(total) for subject, total in rows}


def surpluses_add_up() -> Iterator[str]:
    """Every surplus is split within its bounds, its parts are its sums, and what was shared out is booked."""
    shared = booked("surplus")
    parts = {
        surplus_id: (int(patronage), int(dividend))
        for surplus_id, patronage, dividend in db.session.execute(
            sa.select(
                SurplusPart.surplus_id,
                sa.func.sum(SurplusPart.patronage),
                sa.func.sum(SurplusPart.dividend),
            ).group_by(SurplusPart.surplus_id)
        )
    }
    for surplus in db.session.scalars(sa.select(Surplus).order_by(Surplus.id)):
        name = f"surplus {surplus.id}"
        if parts.get(surplus.id) != (surplus.patronage, surplus.dividend):
            yield f"{name}: its parts do not add up"
        if surplus.dividend * 10 > surplus.equity:
            yield f"{name}: {surplus.dividend} on {surplus.equity} paid in is more than a tenth"
        expected = surplus.distributed if surplus.paid_at is not None else 0
        if shared.pop(surplus.id, 0) != expected:
            yield f"{name}: {expected} shared out, but booked otherwise"
    for subject in shared:
        yield f"surplus {subject} is booked, but does not exist"


def exits_match_postings() -> Iterator[str]:
    """Whoever left got back what they paid in, once; what came too late went back to who paid it in."""
    paid, returned = booked(leaving.PURPOSE), booked(leaving.RETURNED)
    for exit_ in db.session.scalars(sa.select(Leaving).order_by(Leaving.id)):
        expected = exit_.amount if exit_.paid_at is not None else 0
        if paid.pop(exit_.id, 0) != expected:
            yield f"exit {exit_.id}: {expected} paid back, but booked otherwise"
        expected = exit_.amount if exit_.returned_at is not None else 0
        if returned.pop(exit_.id, 0) != expected:
            yield f"exit {exit_.id}: {expected} returned to the organizer, but booked otherwise"
    for subject in [*paid, *returned]:
        yield f"exit {subject} is booked, but does not exist"


def exits_pay_nobody_twice() -> Iterator[str]:
    """Refunds and the exit together never come to more than a member paid."""
    shares = (
        (Pledge.petition_id == Leaving.petition_id)
        & (Pledge.person_id == Leaving.person_id)
        & (Pledge.kind == KIND)
    )
    paid = sa.select(Leaving.id).where(Leaving.paid_at.is_not(None)).group_by(Leaving.id, Leaving.amount)
    refunds = (
        paid.add_columns(sa.func.sum(Posting.amount))
        .join(Pledge, shares)
        .join(Journal, (Journal.subject_id == Pledge.id) & (Journal.cause == "refund_due"))
        .join(Posting, (Posting.journal_id == Journal.id) & (Posting.amount > 0))
    )
    refunded = {exit_id: int(total) for exit_id, total in db.session.execute(refunds)}
    put_in = paid.add_columns(Leaving.amount, sa.func.sum(Pledge.captured)).join(Pledge, shares)
    for exit_id, amount, captured in db.session.execute(put_in.order_by(Leaving.id)):
        if (got := amount + refunded.get(exit_id, 0)) > captured:
            yield f"exit {exit_id}: {got} went back for {captured} paid in"


CHECKS: tuple[Callable[[], Iterator[str]], ...] = (
    members_keep_the_rules,
    surpluses_add_up,
    exits_match_postings,
    exits_pay_nobody_twice,
)
