"""Duties: what is owed after the firing, written down once, kept or broken by those whom it concerns."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from app import clock
from app.db import db, insert_unless_there, lock, new_id
from app.outbox import announce
from app.petitions.models import Petition
from app.pledges import kinds
from app.pledges.kinds.base import Duty as Owed
from app.pledges.kinds.base import Kind, Promise
from app.pledges.models import Pledge
from app.pledges.pledging import kind_of
from app.pledges.wording import offer_of

from .models import Duty

Side = Literal["debtor", "creditor"]
DELIVERY = "delivery"
"""The name of what an organizer owes a single pledger in goods."""


def plan_duties(petition: Petition, pledge: Pledge, began: datetime) -> list[Duty]:
    """Write down what one pledge brings with it; what is written already stays as it is."""
    if type(kind_of(pledge)).duties is Kind.duties:
        return []
    promise = Promise(pledge.amount, pledge.currency, pledge.terms)
    owed = kind_of(pledge).duties(promise, offer_of(petition, pledge.kind), began)
    return write_down(petition, pledge.kind, owed, pledge)


def plan_common_duties(petition: Petition, began: datetime) -> list[Duty]:
    """Write down what organizer and crowd owe each other as a whole, for every kind the petition takes."""
    planned = []
    for threshold in petition.pledge_thresholds:
        kind = kinds.find(threshold.kind)
        if kind is not None:
            offer = offer_of(petition, kind.name)
            owed = kind.common_duties(offer, charged_in(petition.id, kind.name), began)
            planned += write_down(petition, kind.name, owed)
    return planned


def charged_in(petition_id: str, kind: str) -> int:
    """What was captured of the pledges of one kind, in minor units."""
    total = db.session.scalar(
        sa.select(sa.func.sum(Pledge.captured)).where(Pledge.petition_id == petition_id, Pledge.kind == kind)
    )
    return int(total or 0)


def write_down(
    petition: Petition, kind: str, owed: Sequence[Owed], pledge: Pledge | None = None
) -> list[Duty]:
    """Insert these duties unless they are there; returns the new ones."""
    subject = pledge.id if pledge else petition.id
    written = []
    for number, each in enumerate(owed, start=1):
        values = {
            "id": new_id(),
            "key": f"{subject}:{kind}:{each.name or number}",
            "petition_id": petition.id,
            "pledge_id": pledge.id if pledge else None,
            "kind": kind,
            "name": each.name or str(number),
            "debtor": each.debtor,
            "creditor": each.creditor,
            "measure": each.measure,
            "amount": each.amount,
            "done": 0,
            "state": "open",
            "due_at": each.due,
        }
        if insert_unless_there(Duty, values):
            written.append(db.session.get_one(Duty, values["id"]))
    return written


def duties_of(petition_id: str, kind: str | None = None, *, pledge_id: str | None = None) -> list[Duty]:
    """The duties of an action, or of one of its pledges, in the order of their days."""
    query = sa.select(Duty).where(Duty.petition_id == petition_id).order_by(Duty.due_at, Duty.id)
    if kind is not None:
        query = query.where(Duty.kind == kind)
    if pledge_id is not None:
        query = query.where(Duty.pledge_id == pledge_id)
    return list(db.session.scalars(query))


def organizer_owes(petition_id: str) -> bool:
    """Whether the organizer owes anything still: what is open, and money that did not come in its time."""
    unpaid = sa.and_(Duty.state == "broken", Duty.measure == "money", Duty.done < Duty.amount)
    owing = sa.exists().where(
        Duty.petition_id == petition_id,
        Duty.debtor == "organizer",
        sa.or_(Duty.state == "open", unpaid),
    )
    return bool(db.session.scalar(sa.select(owing)))


def deliveries_unmarked(petition_id: str) -> bool:
    """Whether an order is neither marked as handed over nor as missing."""
    silent = sa.exists().where(
        Duty.petition_id == petition_id,
        Duty.name == DELIVERY,
        Duty.state == "open",
        Duty.kept_by_debtor_at.is_(None),
    )
    return bool(db.session.scalar(sa.select(silent)))


def say_kept(duty_id: str, side: Side) -> bool:
    """One side says that it was kept; with both it is. False when that was said or settled before."""
    duty = lock(Duty, duty_id)
    said = "kept_by_debtor_at" if side == "debtor" else "kept_by_creditor_at"
    if duty.state != "open" or getattr(duty, said) is not None:
        return False
    setattr(duty, said, clock.now())
    if duty.kept_by_debtor_at is not None and duty.kept_by_creditor_at is not None:
        keep(duty)
    return True


def meet(duty: Duty, amount: int) -> None:
    """Part of a locked duty is met; with all of it, it is kept."""
    duty.done += amount
    if duty.state == "open" and duty.done >= duty.amount:
        keep(duty)


def keep(duty: Duty) -> None:
    """A locked duty is kept."""
    duty.state, duty.settled_at = "kept", clock.now()
    duty.done = max(duty.done, duty.amount)
    announce("duty_kept", duty_id=duty.id)


def break_off(duty: Duty) -> None:
    """A locked duty was not kept."""
    duty.state, duty.settled_at = "broken", clock.now()
    announce("duty_broken", duty_id=duty.id)


def waive(duty: Duty) -> None:
    """A locked duty is not wanted any more."""
    duty.state, duty.settled_at = "waived", clock.now()


def call_due(duty_id: str) -> bool:
    """Say once that a duty's day has come; False when it was said, settled, or is not due."""
    duty = lock(Duty, duty_id)
    at = clock.now()
    if duty.state != "open" or duty.called_at is not None or duty.due_at > at:
        return False
    duty.called_at = at
    announce("duty_due", duty_id=duty.id)
    return True
