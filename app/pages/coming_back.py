"""What may still come back into somebody's purse: without the person nobody could reach it there."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _

from app.actions.models import Action
from app.cooperating.registering import KIND as SHARE
from app.cooperating.registering import cooperative_of
from app.db import db
from app.lending.models import Loan, LoanStake
from app.lending.reading import part_of
from app.petitions.models import Petition
from app.pledges.models import Pledge
from app.pools.models import Pool
from app.web.formatting import format_money


@dataclass(frozen=True)
class ComingBack:
    """One sentence about it, and where it can be settled or watched."""

    sentence: str
    label: str
    href: str


def coming_back_to(person_id: str) -> list[ComingBack]:
    """Loans that are not paid back, memberships not left, deposits that still lie there."""
    return [*from_loans(person_id), *from_cooperatives(person_id), *from_pools(person_id)]


def from_loans(person_id: str) -> list[ComingBack]:
    loans = db.session.execute(
        sa.select(Loan, Petition.title)
        .join(Petition, Petition.id == Loan.id)
        .where(
            Loan.to_lenders < Loan.lent,
            sa.exists().where(
                LoanStake.loan_id == Loan.id,
                LoanStake.pledge_id == Pledge.id,
                Pledge.person_id == person_id,
            ),
        )
        .order_by(Loan.disbursed_at, Loan.id)
    ).all()
    found = []
    for loan, title in loans:
        part = part_of(loan, person_id)
        rest = part.lent - part.received if part else 0
        if part and rest:
            sentence = _(
                "You lent to “%(title)s”, and %(amount)s of it has not come back yet.",
                title=title,
                amount=format_money(rest, loan.currency),
            )
            href = url_for("lending.lender", pledge_id=part.stakes[0].key)
            found.append(ComingBack(sentence, _("See what comes back"), href))
    return found


def from_cooperatives(person_id: str) -> list[ComingBack]:
    petitions = db.session.scalars(
        sa.select(Petition)
        .join(Action, Action.petition_id == Petition.id)
        .where(
            Action.kind == SHARE,
            sa.exists().where(Pledge.petition_id == Petition.id, Pledge.person_id == person_id),
        )
        .order_by(Petition.created_at)
    ).all()
    found = []
    for petition in petitions:
        cooperative = cooperative_of(petition)
        member = cooperative.member(person_id) if cooperative and cooperative.works else None
        if cooperative and member:
            sentence = _(
                "You are a member of “%(title)s” with shares of %(amount)s. They come back when you leave.",
                title=petition.title,
                amount=format_money(member.paid_in, cooperative.currency),
            )
            href = url_for("cooperating.membership", slug=petition.slug)
            found.append(ComingBack(sentence, _("Leave the co-operative"), href))
    return found


def from_pools(person_id: str) -> list[ComingBack]:
    rows = db.session.execute(
        sa.select(Pool.amount, Pool.currency, Petition.title, Petition.slug)
        .join(Petition, Petition.id == Pool.petition_id)
        .where(Pool.sponsor_id == person_id, Pool.state.in_(("asked", "lying")))
        .order_by(Pool.created_at)
    )
    return [
        ComingBack(
            _(
                "You deposited %(amount)s for “%(title)s”, and what is not used of it comes back.",
                title=title,
                amount=format_money(amount, currency),
            ),
            _("See the deposit"),
            url_for("pools.pool", slug=slug),
        )
        for amount, currency, title, slug in rows
    ]
