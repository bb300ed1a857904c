"""What must hold for every co-operative: the cap, the founders, surpluses and exits that the books know."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sqlalchemy as sa

from app.actions.models import Action
from app.db import db
from app.ledger.models import Account, Journal, Posting
from app.petitions.models import Petition

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
    """What went into purses for ``cause``, in minor units by the row it was about."""
    rows = db.session.execute(
        sa.select(Journal.subject_id, sa.func.sum(-Posting.amount))
        .join(Posting, Posting.journal_id == Journal.id)
        .join(Account, Account.id == Posting.account_id)
        .where(Journal.cause == cause, Account.kind == "purse")
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
    """Whoever left got back what they paid in, once."""
    paid = booked("exit")
    for leaving in db.session.scalars(sa.select(Leaving).order_by(Leaving.id)):
        expected = leaving.amount if leaving.paid_at is not None else 0
        if paid.pop(leaving.id, 0) != expected:
            yield f"exit {leaving.id}: {expected} paid back, but booked otherwise"
    for subject in paid:
        yield f"exit {subject} is booked, but does not exist"


CHECKS: tuple[Callable[[], Iterator[str]], ...] = (
    members_keep_the_rules,
    surpluses_add_up,
    exits_match_postings,
)
