"""Missing units: reported by the buyer or noted by the organizer, agreed or contested, and paid back.

The organizer answers a report; silence agrees. A moderator decides what is contested.
"""

from __future__ import annotations

from flask_babel import gettext as _

from app import clock
from app.actions.duties import break_off
from app.actions.paying import deliver_if_done
from app.actions.refunding import owe_back
from app.db import db, insert_unless_there, lock, new_id
from app.errors import Refusal
from app.outbox import announce
from app.petitions.models import Petition
from app.pledges.kinds.prices import cost_of_missing
from app.web.formatting import number

from .delivering import await_confirmation
from .models import Shortage
from .opening import Order, open_order, window


def report(pledge_id: str, units: int, note: str, *, key: str) -> bool:
    """The buyer says that units are missing; False when this was sent before.

    Raises:
        Refusal: it is too early or too late, a report is open already, or more is said than was bought.
    """
    order = open_order(pledge_id)
    at = clock.now()
    if was_sent(order, key):
        return False
    if order.delivery.state != "open":
        raise Refusal(_("This delivery is settled; nothing more can be reported about it."), status=409)
    if order.delivery.kept_by_debtor_at is None and at < order.delivery.due_at:
        raise Refusal(_("The order has not been delivered yet, and its day has not come."), status=409)
    check_units(order, units)
    write_down(order, units, note, said_by="buyer", key=key)
    return True


def note_missing(pledge_id: str, organizer_id: str, units: int, note: str, *, key: str) -> bool:
    """The organizer says that units are missing: they are paid back at once. False when it was sent before.

    Raises:
        Refusal: not this organizer's, a report is open, or more is said than was bought.
    """
    order = open_order(pledge_id, organizer_id)
    if was_sent(order, key):
        return False
    if order.delivery.state != "open":
        raise Refusal(_("This delivery is settled; nothing more can be reported about it."), status=409)
    check_units(order, units)
    agree(order, write_down(order, units, note, said_by="organizer", key=key))
    return True


def was_sent(order: Order, key: str) -> bool:
    return (
        db.session.query(Shortage.id)
        .filter_by(petition_id=order.action.petition_id, idempotency_key=key)
        .first()
        is not None
    )


def check_units(order: Order, units: int) -> None:
    if order.open_shortage() is not None:
        raise Refusal(_("A report about this order is open. It has to be answered first."), status=409)
    if not 1 <= units <= order.delivery.amount:
        raise Refusal(
            _("Write a whole number from 1 to %(most)s.", most=number(order.delivery.amount)), field="units"
        )


def write_down(order: Order, units: int, note: str, *, said_by: str, key: str) -> Shortage:
    at = clock.now()
    due = at + window() if said_by == "buyer" else None
    values = {
        "id": new_id(),
        "petition_id": order.action.petition_id,
        "pledge_id": order.pledge.id,
        "units": units,
        "said_by": said_by,
        "note": note,
        "answer": "",
        "state": "reported",
        "refund": 0,
        "given": 0,
        "reported_at": at,
        "answer_due_at": due,
        "idempotency_key": key,
    }
    insert_unless_there(Shortage, values)
    if due is not None:
        announce("missing_reported", shortage_id=values["id"])
        announce("missing_unanswered", due_at=due, shortage_id=values["id"])
    return lock(Shortage, values["id"])


def agree(order: Order, shortage: Shortage) -> None:
    """The units are missing: what they cost goes back, as far as the action still has it."""
    refund = cost_of_missing(order.pledge.captured, order.got, order.agreed_units(), shortage.units)
    shortage.state, shortage.decided_at, shortage.refund = "agreed", clock.now(), refund
    shortage.given = owe_back(order.action, order.pledge, refund, part=f"missing-{shortage.id}")
    order.delivery.amount -= shortage.units
    if order.delivery.amount == 0:
        break_off(order.delivery)
    db.session.flush()
    announce("missing_agreed", shortage_id=shortage.id)
    await_confirmation(order)
    deliver_if_done(order.action.petition_id)


def answer(shortage_id: str, organizer_id: str, *, agrees: bool, words: str) -> bool:
    """The organizer's answer to a report; False when it was answered before.

    Raises:
        Refusal: not this organizer's, or it is contested without a word why.
    """
    order, shortage = open_shortage(shortage_id, organizer_id)
    if shortage.state != "reported":
        return False
    if agrees:
        shortage.answer = words
        agree(order, shortage)
        return True
    if not words:
        raise Refusal(_("Say what was handed over, when and to whom."), field="answer")
    shortage.answer, shortage.state, shortage.contested_at = words, "contested", clock.now()
    announce("missing_contested", shortage_id=shortage.id)
    return True


def agree_by_silence(shortage_id: str) -> bool:
    """The organizer did not answer in time: the units are missing. False when they did answer."""
    try:
        order, shortage = open_shortage(shortage_id)
    except Refusal:
        return False
    due = shortage.answer_due_at
    if shortage.state != "reported" or due is None or clock.now() < due:
        return False
    agree(order, shortage)
    return True


def withdraw(pledge_id: str) -> bool:
    """The buyer takes the open report back: it turned up. False when none is open."""
    order = open_order(pledge_id)
    shortage = order.open_shortage()
    if shortage is None:
        return False
    shortage.state, shortage.decided_at = "withdrawn", clock.now()
    announce("missing_withdrawn", shortage_id=shortage.id)
    await_confirmation(order)
    return True


def decide(shortage_id: str, moderator_id: str, *, upholds: bool) -> bool:
    """A moderator decides what is contested; False when that is done.

    Raises:
        Refusal: the moderator is a party to it.
    """
    order, shortage = open_shortage(shortage_id)
    petition = db.session.get_one(Petition, order.action.petition_id)
    if moderator_id in {petition.organizer_id, order.pledge.person_id}:
        raise Refusal(_("You are a party to this. Another moderator has to decide."), status=403)
    if shortage.state != "contested":
        return False
    shortage.decided_by = moderator_id
    if upholds:
        agree(order, shortage)
        return True
    shortage.state, shortage.decided_at = "dismissed", clock.now()
    announce("missing_dismissed", shortage_id=shortage.id)
    await_confirmation(order)
    return True


def open_shortage(shortage_id: str, organizer_id: str | None = None) -> tuple[Order, Shortage]:
    """The order and the report about it, locked.

    Raises:
        Refusal: there is none, or it is not this organizer's.
    """
    shortage = db.session.get(Shortage, shortage_id)
    if shortage is None:
        raise Refusal(_("There is no such report."), status=404)
    order = open_order(shortage.pledge_id, organizer_id)
    return order, lock(Shortage, shortage_id)
