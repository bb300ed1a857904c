"""Opening one order to change it: action, pledge and delivery locked, in this order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _

from app.actions.duties import DELIVERY, keep
from app.actions.locking import lock_action
from app.actions.models import Action, Duty
from app.actions.paying import deliver_if_done
from app.db import db, lock
from app.errors import Refusal
from app.petitions.models import Petition
from app.pledges.models import Pledge

from .models import OPEN, Shortage


@dataclass(frozen=True)
class Order:
    """One buyer's order: what was paid, and the delivery that is owed for it."""

    action: Action
    pledge: Pledge
    delivery: Duty

    @property
    def got(self) -> int:
        """How many units the buyer was charged for."""
        return int(self.pledge.terms["got"])

    def open_shortage(self) -> Shortage | None:
        """The report that still waits for an answer, if there is one."""
        return db.session.scalar(
            sa.select(Shortage).where(Shortage.pledge_id == self.pledge.id, Shortage.state.in_(OPEN))
        )

    def agreed_units(self) -> int:
        """How many units were agreed to be missing."""
        total = sa.func.coalesce(sa.func.sum(Shortage.units), 0)
        found = db.session.scalar(
            sa.select(total).where(Shortage.pledge_id == self.pledge.id, Shortage.state == "agreed")
        )
        return int(found or 0)


def open_order(pledge_id: str, organizer_id: str | None = None) -> Order:
    """The order, locked; with ``organizer_id`` only for the organizer it belongs to.

    Raises:
        Refusal: there is no such order, it was not collected, or the action is over.
    """
    row = db.session.execute(
        sa.select(Pledge.petition_id, Petition.organizer_id)
        .join(Petition, Petition.id == Pledge.petition_id)
        .where(Pledge.id == pledge_id, Pledge.kind == "order")
    ).one_or_none()
    if row is None or (organizer_id is not None and row.organizer_id != organizer_id):
        raise Refusal(_("There is no such order."), status=404)
    action = lock_action(row.petition_id)
    pledge = lock(Pledge, pledge_id)
    duty_id = db.session.scalar(sa.select(Duty.id).where(Duty.pledge_id == pledge_id, Duty.name == DELIVERY))
    if action is None or duty_id is None:
        raise Refusal(_("This order was not collected, so nothing is delivered."), status=409)
    delivery = lock(Duty, duty_id)
    if action.state not in {"underway", "delivered"}:
        raise Refusal(_("The action is over; what was left went back to the buyers."), status=409)
    return Order(action, pledge, delivery)


def window() -> timedelta:
    """How long each side has to answer the other; silence agrees."""
    return timedelta(seconds=current_app.config["DURE"].vote_seconds)


def keep_delivery(order: Order) -> None:
    """The delivery is kept; when nothing else is owed, the action is done."""
    keep(order.delivery)
    db.session.flush()
    deliver_if_done(order.action.petition_id)
