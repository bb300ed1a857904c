"""What must always hold of group orders; ``dure books`` asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import sqlalchemy as sa

from app.actions.duties import DELIVERY
from app.actions.models import Duty
from app.db import db
from app.ledger.models import Journal, Posting
from app.petitions.models import Petition, Threshold
from app.pledges.kinds.order import landed_cost
from app.pledges.kinds.prices import price_at
from app.pledges.models import Pledge

from .models import Shortage


def everybody_pays_one_price() -> Iterator[str]:
    """[9] One price for all, that of the quantity settled; freight and duty shared to the last minor unit."""
    got, price, landed = (Pledge.terms[name].as_integer() for name in ("got", "price", "landed"))
    rows = db.session.execute(
        sa.select(
            Petition.slug,
            Threshold.terms,
            sa.func.min(price),
            sa.func.max(price),
            sa.func.sum(got),
            sa.func.sum(landed),
            sa.func.sum(sa.case((Pledge.charge != got * price + landed, 1), else_=0)),
        )
        .join(Petition, Petition.id == Pledge.petition_id)
        .join(Threshold, sa.and_(Threshold.petition_id == Petition.id, Threshold.kind == "order"))
        .where(Pledge.kind == "order", Pledge.charge > 0)
        .group_by(Petition.id, Petition.slug, Threshold.id)
    )
    for slug, terms, lowest, highest, units, shared, wrong in rows:
        expected = price_at(terms["tiers"], int(units))
        if not lowest == highest == expected:
            yield f"{slug}: units cost from {lowest} to {highest}, the table says {expected}"
        if int(shared) != landed_cost(terms):
            yield f"{slug}: {shared} of freight and duty are shared, {landed_cost(terms)} are due"
        if wrong:
            yield f"{slug}: {wrong} orders are charged otherwise than units, price and freight say"


def missing_units_are_paid_back() -> Iterator[str]:
    """[4] What went back for missing units is booked as decided, and nothing else; nobody misses too many."""
    booked: dict[str, int] = {}
    for key, amount in db.session.execute(
        sa.select(Journal.key, Posting.amount)
        .join(Posting, Posting.journal_id == Journal.id)
        .where(Journal.cause == "refund_due", Journal.key.contains("-missing-"), Posting.amount > 0)
    ):
        shortage_id = key.rpartition("-missing-")[2].removesuffix("-rest")
        booked[shortage_id] = booked.get(shortage_id, 0) + int(amount)
    for shortage_id, state, given in db.session.execute(
        sa.select(Shortage.id, Shortage.state, Shortage.given)
    ):
        due = booked.pop(shortage_id, 0)
        if due != given or (given and state != "agreed"):
            yield f"shortage {shortage_id} is {state} with {given} given back, {due} booked"
    for shortage_id, due in booked.items():
        yield f"{due} are booked for shortage {shortage_id}, which does not exist"


def deliveries_recount() -> Iterator[str]:
    """[14] What is owed to a buyer is what was charged for, less what was agreed to be missing."""
    missing = (
        sa.select(Shortage.pledge_id, sa.func.sum(Shortage.units).label("units"))
        .where(Shortage.state == "agreed")
        .group_by(Shortage.pledge_id)
        .subquery()
    )
    rows = db.session.execute(
        sa.select(
            Pledge.id,
            Pledge.terms["got"].as_integer(),
            sa.func.coalesce(missing.c.units, 0),
            Duty.amount,
        )
        .join(Duty, sa.and_(Duty.pledge_id == Pledge.id, Duty.name == DELIVERY))
        .outerjoin(missing, missing.c.pledge_id == Pledge.id)
        .where(Pledge.kind == "order")
    )
    for pledge_id, got, lost, owed in rows:
        if got - int(lost) != owed:
            yield f"order {pledge_id}: {owed} units owed, {got} were bought and {lost} are missing"


CHECKS: tuple[Callable[[], Iterator[str]], ...] = (
    everybody_pays_one_price,
    missing_units_are_paid_back,
    deliveries_recount,
)
