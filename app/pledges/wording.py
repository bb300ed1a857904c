"""The rules' words in the language being spoken now."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext

from app.petitions.models import Petition
from app.web import formatting

from .kinds.base import Conditions, Kind, Promise
from .models import Pledge


class Babel:
    """Speaks the language of the request, or of the letter being written."""

    def gettext(self, msgid: str, **params: str) -> str:
        return str(gettext(msgid, **params))

    def money(self, minor: int, currency: str) -> str:
        return formatting.format_money(minor, currency)

    def number(self, value: int) -> str:
        return formatting.number(value)

    def day(self, at: datetime) -> str:
        return formatting.day(at)


SPEECH = Babel()
_ = SPEECH.gettext


def conditions_of(petition: Petition, measure: str) -> Conditions:
    """What a pledge in ``measure`` to this petition depends on.

    Raises:
        LookupError: the petition has no such threshold or no deadline.
    """
    targets = {threshold.measure: threshold.target for threshold in petition.thresholds}
    if petition.deadline is None or not {"signatures", measure} <= targets.keys():
        raise LookupError(f"petition {petition.id} takes no pledges in {measure}")
    return Conditions(targets["signatures"], targets[measure], petition.currency, petition.deadline)


def explain(kind: Kind, petition: Petition, promise: Promise | None = None) -> str:
    """The kind's one sentence about a pledge to this petition."""
    return kind.explain(promise, conditions_of(petition, kind.measure), SPEECH)


def next_step(pledge: Pledge, petition: Petition, *, open_now: bool) -> str:
    """What happens next with a pledge, or what became of it, in one or two sentences."""
    if pledge.state == "draft":
        return step_of_draft(pledge, open_now=open_now)
    sentences = {
        "ready": _("Your pledge counts. Nothing has been charged."),
        "withdrawn": _("You took this pledge back. Nothing was charged, and nothing will be."),
        "frozen": _("The petition became an action. We are reserving the amount on your payment method."),
        "failing": _(
            "We could not reserve the amount. Save another payment method, and we try again at once."
        ),
        "held": _("The amount is reserved. It is taken only when enough is reserved in all."),
        "captured": _("You paid. Thank you: the action is under way."),
        "released": _("The reservation was let go. You paid nothing."),
        "dropped": _("We could not reserve the amount, so this pledge dropped out. You paid nothing."),
        "part_refunded": _("You paid, and part of it came back to you."),
        "refunded": _("The whole amount came back to you."),
        "disputed": _("Your bank is looking into this payment."),
        "kept": _("You kept your promise. Thank you."),
        "broken": _("This promise was not kept."),
    }
    if pledge.state == "ready" and not open_now and petition.tipped_at is None:
        return _("The petition ended before both thresholds held. You pay nothing.")
    return sentences[pledge.state]


def step_of_draft(pledge: Pledge, *, open_now: bool) -> str:
    if not open_now:
        return _("The petition stopped taking pledges before this one was complete. You pay nothing.")
    if pledge.payment_method_id is None and pledge.confirmed_at is None:
        return _("Two steps left: confirm the pledge, and save a payment method.")
    if pledge.payment_method_id is None:
        return _("One step left: save a payment method. It is not charged now.")
    return _("One step left: confirm the pledge.")
