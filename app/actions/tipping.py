"""Tips: the platform keeps them only where something of what they were given with was used."""

from __future__ import annotations

import sqlalchemy as sa

from app.db import db
from app.ledger.booking import book
from app.ledger.entries import tip_back
from app.outbox import announce
from app.pledges.models import Pledge

from .models import Action, Payout
from .refunding import pays_out_captures


def return_tips(action: Action) -> None:
    """Owe back every tip of a locked action that ends unspent. Each once; call inside a transaction."""
    if is_spent(action.petition_id):
        return
    tips = db.session.execute(
        sa.select(Pledge.id, Pledge.tip)
        .where(Pledge.petition_id == action.petition_id, Pledge.captured > 0, Pledge.tip > 0)
        .order_by(Pledge.id)
    ).all()
    for pledge_id, tip in tips:
        book(tip_back(action.petition_id, pledge_id, action.currency, tip))
    if tips:
        announce("refund_owed", petition_id=action.petition_id)


def is_spent(petition_id: str) -> bool:
    """Whether any of what was captured was paid out, or is still to be: the backers do not get all back."""
    spent = sa.exists().where(Payout.petition_id == petition_id, pays_out_captures())
    return bool(db.session.scalar(sa.select(spent)))
