"""Delivering: the organizer marks an order as handed over, the buyer confirms; silence confirms, too."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _

from app import clock
from app.actions.duties import say_kept
from app.errors import Refusal
from app.outbox import announce

from .opening import Order, keep_delivery, open_order, window


def mark_delivered(pledge_ids: Iterable[str], organizer_id: str) -> int:
    """Mark these orders as handed over; how many were not marked before.

    Raises:
        Refusal: one of them is not this organizer's, or was not collected.
    """
    marked = 0
    for pledge_id in sorted(set(pledge_ids)):
        order = open_order(pledge_id, organizer_id)
        if say_kept(order.delivery.id, "debtor"):
            marked += 1
            announce("order_delivered", pledge_id=pledge_id, at=said_at(order))
            await_confirmation(order)
    return marked


def unmark(pledge_id: str, organizer_id: str) -> bool:
    """Take the mark back, while the buyer has said nothing; False when there is none to take back.

    Raises:
        Refusal: see :func:`mark_delivered`.
    """
    order = open_order(pledge_id, organizer_id)
    if order.delivery.state != "open" or order.delivery.kept_by_debtor_at is None:
        return False
    order.delivery.kept_by_debtor_at = None
    return True


def confirm(pledge_id: str) -> bool:
    """The buyer has the goods: the delivery is kept. False when that was settled before.

    Raises:
        Refusal: the buyer's own report of missing units is still open.
    """
    order = open_order(pledge_id)
    if order.delivery.state != "open":
        return False
    if order.open_shortage() is not None:
        raise Refusal(_("Your report about missing units is open. Take it back first."), status=409)
    order.delivery.kept_by_creditor_at = clock.now()
    keep_delivery(order)
    return True


def confirm_by_silence(pledge_id: str, at: str) -> bool:
    """The buyer said nothing about the mark made ``at``: the delivery is kept. False when they did."""
    try:
        order = open_order(pledge_id)
    except Refusal:
        return False
    marked = order.delivery.kept_by_debtor_at
    if order.delivery.state != "open" or marked is None or said_at(order) != at:
        return False
    if clock.now() < marked + window() or order.open_shortage() is not None:
        return False
    keep_delivery(order)
    return True


def await_confirmation(order: Order) -> None:
    """Let silence confirm a marked delivery, at the end of the buyer's time, or now if it is over."""
    marked: datetime | None = order.delivery.kept_by_debtor_at
    if marked is not None and order.delivery.state == "open":
        due = max(clock.now(), marked + window())
        announce("delivery_unanswered", due_at=due, pledge_id=order.pledge.id, at=said_at(order))


def said_at(order: Order) -> str:
    """The moment of the organizer's mark, as announcements carry it."""
    marked = order.delivery.kept_by_debtor_at
    return marked.isoformat() if marked else ""
