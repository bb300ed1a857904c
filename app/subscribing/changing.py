"""Changing a subscription: pause, resume, another amount or limit, another payment method.

Each is called inside a transaction. An ended subscription stays ended.
"""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import gettext as _

from app import clock
from app.db import db
from app.errors import Refusal
from app.money import LARGEST
from app.payments.door import SavedMethod
from app.payments.methods import remember
from app.pledges.models import Pledge
from app.web.formatting import format_money

from .models import Due, Subscription
from .standing import lock_subscription, offer_to_subscribe, open_bill, unit_of


def running(pledge_id: str) -> Subscription:
    """The subscription, locked.

    Raises:
        Refusal: it has ended.
    """
    subscription = lock_subscription(pledge_id)
    if subscription.ended_at is not None:
        raise Refusal(_("This subscription has ended. Nothing more is charged."), status=409)
    return subscription


def pause(pledge_id: str) -> bool:
    """No month is charged until it is resumed; a bill that is open stays. False when it is paused."""
    subscription = running(pledge_id)
    if subscription.paused_at is not None:
        return False
    subscription.paused_at = clock.now()
    return True


def resume(pledge_id: str) -> bool:
    """Months are charged again, from the next one that is not told yet; False when it is not paused."""
    subscription = running(pledge_id)
    if subscription.paused_at is None:
        return False
    subscription.paused_at = None
    return True


def set_amount(pledge_id: str, amount: int) -> bool:
    """Another amount a month, in minor units, from the next month on; False when it is that already.

    A crowdmatched subscription is given a limit: the whole units in ``amount``.

    Raises:
        Refusal: it is less than a unit, or more than anything here accepts.
    """
    subscription = running(pledge_id)
    offer = offer_to_subscribe(subscription.petition_id)
    unit = unit_of(offer)
    if amount > LARGEST:
        raise Refusal(
            _("Pledge at most %(most)s.", most=format_money(LARGEST, offer.currency)), field="amount"
        )
    if amount < (unit or 1):
        raise Refusal(
            _("Write at least %(unit)s a month.", unit=format_money(unit or 1, offer.currency)),
            field="amount",
        )
    if unit is not None:
        return set_cap(subscription, amount // unit)
    if subscription.amount == amount:
        return False
    subscription.amount = amount
    db.session.execute(
        sa.update(Due).where(Due.pledge_id == pledge_id, Due.owed.is_(None)).values(told=amount)
    )
    return True


def lift_limit(pledge_id: str) -> bool:
    """A crowdmatched subscription without a limit; False when it has none."""
    return set_cap(running(pledge_id), None)


def set_cap(subscription: Subscription, cap: int | None) -> bool:
    """A month that was told stays at what was told, or comes to less."""
    if subscription.amount is not None or subscription.cap == cap:
        return False
    subscription.cap = cap
    return True


def change_method(pledge_id: str, saved: SavedMethod) -> bool:
    """Charge another method from now on; a bill that failed is tried at once. False when it is the same."""
    subscription = running(pledge_id)
    pledge = db.session.get_one(Pledge, pledge_id)
    method = remember(saved, pledge.person_id)
    if pledge.payment_method_id == method.id:
        return False
    pledge.payment_method_id = method.id
    subscription.stuck_at = subscription.stuck_because = None
    bill = open_bill(pledge_id)
    if bill is not None and bill.state == "due":
        bill.next_try_at = clock.now()
    return True
