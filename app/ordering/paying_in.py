"""Paying in: what an organizer owes buyers for missing units after the money had been paid out."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import gettext as _

from app.actions.locking import lock_action
from app.actions.models import Action
from app.actions.refunding import owe_back
from app.db import db, lock, run_tx
from app.errors import Refusal
from app.ledger.booking import balances
from app.outbox import announce
from app.payments.charging import begin_charge
from app.payments.methods import own_method
from app.payments.models import Charge
from app.petitions.models import Petition
from app.pledges.models import Pledge

from .models import Shortage

PURPOSE = "missing"


def lacking(petition_id: str) -> int:
    """What buyers are owed for missing units and the action had no money for, in minor units."""
    total = db.session.scalar(
        sa.select(sa.func.sum(Shortage.refund - Shortage.given)).where(
            Shortage.petition_id == petition_id, Shortage.state == "agreed"
        )
    )
    return int(total or 0)


def on_its_way(petition_id: str) -> int:
    """What was asked of the organizer's card and is not settled yet, in minor units."""
    total = db.session.scalar(
        sa.select(sa.func.sum(Charge.amount)).where(
            Charge.owner == petition_id, Charge.purpose == PURPOSE, Charge.state == "started"
        )
    )
    return int(total or 0)


def begin_paying(petition_id: str, organizer_id: str, method_id: str, key: str) -> Charge:
    """The organizer pays all that is lacking; the same ``key`` again is the same payment.

    Call inside a transaction; the gateway is asked after the commit.

    Raises:
        Refusal: nothing is lacking, or the method is somebody else's.
    """
    action = lock_action(petition_id)
    petition = db.session.get_one(Petition, petition_id)
    if action is None or petition.organizer_id != organizer_id:
        raise Refusal(_("There is no such order."), status=404)
    own_method(method_id, organizer_id)
    earlier = db.session.scalar(sa.select(Charge).where(Charge.key == charge_key(petition_id, key)))
    if earlier is not None:
        return earlier
    amount = lacking(petition_id) - on_its_way(petition_id)
    if amount <= 0:
        raise Refusal(_("Nothing is left to pay. What is on its way covers the rest."), status=409)
    return begin_charge(
        key=charge_key(petition_id, key),
        purpose=PURPOSE,
        method_id=method_id,
        payer_id=organizer_id,
        owner=petition_id,
        subject_id=action.id,
        amount=amount,
        currency=action.currency,
        credit="escrow",
    )


def charge_key(petition_id: str, key: str) -> str:
    return f"missing-{petition_id}-{key[:64]}"


def paid_in(charge_id: str) -> int:
    """What follows when the gateway took it; commits by itself. How many buyers get the rest."""
    return run_tx(lambda: pass_on(charge_id))


def pass_on(charge_id: str) -> int:
    """Owe the buyers what was lacking, the earliest first, each in full or not yet; once."""
    charge = db.session.get_one(Charge, charge_id)
    action = lock_action(charge.owner)
    if action is None or charge.state != "done":
        return 0
    owed = db.session.scalars(
        sa.select(Shortage)
        .where(
            Shortage.petition_id == charge.owner,
            Shortage.state == "agreed",
            Shortage.given < Shortage.refund,
        )
        .order_by(Shortage.decided_at, Shortage.id)
    ).all()
    return sum(give_rest(action, lock(Shortage, shortage.id)) for shortage in owed)


def give_rest(action: Action, shortage: Shortage) -> bool:
    """Owe one buyer the rest; False while the escrow does not cover all of it."""
    rest = shortage.refund - shortage.given
    if balances(action.petition_id)["escrow"] < rest:
        return False
    pledge = lock(Pledge, shortage.pledge_id)
    shortage.given += owe_back(action, pledge, rest, part=f"missing-{shortage.id}-rest")
    db.session.flush()
    announce("missing_made_good", shortage_id=shortage.id)
    return True
