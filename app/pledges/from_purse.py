"""Paying a pledge from one's own purse instead of a card."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import gettext as _

from app.db import db
from app.errors import Refusal
from app.payments.models import PaymentMethod
from app.people.models import Person
from app.purses.balances import balance_of
from app.purses.gateway import NAME
from app.web.formatting import format_money

from .models import Pledge

WAITING = ("draft", "ready", "frozen", "failing")
"""States in which a pledge will ask the purse, and has not set anything aside in it yet."""


def promised_from_purse(person_id: str, currency: str) -> int:
    """What pledges will ask a purse for and have not set aside in it yet, in minor units."""
    promised = db.session.scalar(
        sa.select(sa.func.coalesce(sa.func.sum(Pledge.cost), 0))
        .join(PaymentMethod, PaymentMethod.id == Pledge.payment_method_id)
        .where(
            Pledge.person_id == person_id,
            Pledge.currency == currency,
            Pledge.state.in_(WAITING),
            PaymentMethod.gateway == NAME,
        )
    )
    return int(promised or 0)


def left_for_pledges(person_id: str, currency: str) -> int:
    """What a purse can still promise: free, and not promised to another petition; in minor units."""
    return max(0, balance_of(person_id, currency).free - promised_from_purse(person_id, currency))


def refuse_unless_in_purse(person: Person | None, cost: int, currency: str) -> None:
    """Raises a Refusal when nobody is signed in, or their purse has less left than this costs."""
    if person is None:
        raise Refusal(_("Sign in with this address to pay from your purse."), field="from_purse")
    left = left_for_pledges(person.id, currency)
    if cost > left:
        raise Refusal(
            _(
                "Your purse has %(left)s left for pledges. Pledge at most that, or pay with a card.",
                left=format_money(left, currency),
            ),
            field="from_purse",
        )
