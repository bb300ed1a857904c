"""The rules' words in the language being spoken now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from flask_babel import gettext

from app import clock
from app.petitions.models import Petition
from app.petitions.signing import while_hidden
from app.web import formatting

from . import kinds
from .kinds.base import Conditions, Kind, Offer, Promise
from .kinds.months import joining_month, starts_at
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


def offer_of(petition: Petition, kind: str) -> Offer:
    """What the petition offers to those who pledge in this kind.

    Raises:
        LookupError: the petition takes no such pledges.
    """
    threshold = petition.threshold_of(kind)
    if threshold is None or petition.currency is None:
        raise LookupError(f"petition {petition.id} takes no {kind}")
    return Offer(threshold.target, petition.currency, threshold.terms, petition.deadline)


def conditions_of(petition: Petition, kind: str) -> Conditions:
    """What a pledge of this kind to this petition depends on, now.

    Raises:
        LookupError: the petition takes no such pledges, or has no deadline.
    """
    if petition.deadline is None:
        raise LookupError(f"petition {petition.id} has no deadline")
    starts = None if petition.fired_at is None else starts_at(joining_month(clock.now()))
    return Conditions(petition.signatures.target, offer_of(petition, kind), petition.deadline, starts)


def explain(kind: Kind, petition: Petition, promise: Promise | None = None, tip: int = 0) -> str:
    """The kind's one sentence about a pledge to this petition; with a ``tip`` a second, about the sum."""
    conditions = conditions_of(petition, kind.name)
    sentence = kind.explain(promise, conditions, SPEECH)
    if promise is None or not tip:
        return sentence
    total = kind.cost(promise, conditions.offer) + tip
    return f"{sentence} " + _(
        "With your tip of %(tip)s for Dure, %(total)s is charged in all.",
        tip=formatting.format_money(tip, conditions.currency),
        total=formatting.format_money(total, conditions.currency),
    )


def describe(pledge: Pledge) -> str:
    """The promise in a few words: ₩30,000, 3 hours, 2 units."""
    kind = kinds.find(pledge.kind)
    promise = Promise(pledge.amount, pledge.currency, pledge.terms)
    return kind.describe(promise, SPEECH) if kind else formatting.number(pledge.amount)


class Target(Protocol):
    """A threshold, as a row or as everybody sees it."""

    @property
    def kind(self) -> str: ...
    @property
    def measure(self) -> str: ...
    @property
    def terms(self) -> Any: ...
    @property
    def target(self) -> int: ...
    @property
    def currency(self) -> str | None: ...


def counted(threshold: Target, value: int) -> str:
    """So much of what a threshold counts, in words: ₩3,000,000, 200 hours, 40 shares, 300 people."""
    kind = kinds.find(threshold.kind)
    if kind is None:
        return formatting.measured(threshold.measure, value, threshold.currency)
    return kind.counted(value, Offer(threshold.target, threshold.currency or "", threshold.terms), SPEECH)


def counted_as(kind: str | None, value: int, currency: str) -> str:
    """The same for what an action collects: its goal, what is pledged, what is held."""
    found = kinds.find(kind or "")
    return found.counted(value, Offer(value, currency), SPEECH) if found else formatting.number(value)


def takes_money(thresholds: Iterable[Target]) -> bool:
    """Whether anybody who pledges under these thresholds may have to pay, now or month by month."""
    found = (kinds.find(threshold.kind) for threshold in thresholds)
    return any(kind is not None and kind.needs_method for kind in found)


def collects_money(thresholds: Iterable[Target]) -> bool:
    """Whether money is reserved and collected once all of these thresholds hold."""
    found = (kinds.find(threshold.kind) for threshold in thresholds)
    return any(kind is not None and kind.collects for kind in found)


def pays_by_steps(thresholds: Iterable[Target]) -> bool:
    """Whether the money goes out step by step, as the backers accept what was done."""
    found = (kinds.find(threshold.kind) for threshold in thresholds)
    return any(kind is not None and kind.collects and kind.release == "milestones" for kind in found)


def pays_at_once(kind: str | None) -> bool:
    """Whether all that was collected of a kind goes to the organizer in one payment, who pays it back."""
    found = kinds.find(kind or "")
    return found is not None and found.release == "disbursement"


def next_step(pledge: Pledge, petition: Petition, *, open_now: bool) -> str:
    """What happens next with a pledge, or what became of it, in one or two sentences."""
    if petition.state == "hidden" and petition.closed_at is None and pledge.state in {"draft", "ready"}:
        return step_out_of_sight(pledge)
    if pledge.state == "draft":
        return step_of_draft(pledge, open_now=open_now)
    if not pledge.cost and pledge.state in {"ready", "frozen", "withdrawn", "released"}:
        return step_without_money(pledge, petition, open_now=open_now)
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
        "active": _("Your subscription runs. You can pause or end it at any time."),
        "ended": _("Your subscription has ended. Nothing more is charged."),
        "kept": _("You kept your promise. Thank you."),
        "broken": _("This promise was not kept."),
    }
    if pledge.state == "ready" and not open_now and petition.tipped_at is None:
        if len(petition.thresholds) > 2:
            return _("The petition ended before every threshold held. You pay nothing.")
        return _("The petition ended before both thresholds held. You pay nothing.")
    return sentences[pledge.state]


def step_out_of_sight(pledge: Pledge) -> str:
    """While moderators look into the petition nothing is confirmed, and nothing lost."""
    if pledge.state == "draft":
        return while_hidden()
    return _("A moderator is looking into this petition. Your pledge stays, and nothing has been charged.")


def step_of_draft(pledge: Pledge, *, open_now: bool) -> str:
    if not open_now:
        return _("The petition stopped taking pledges before this one was complete. You pay nothing.")
    kind = kinds.find(pledge.kind)
    if kind is not None and not kind.needs_method:
        return _("One step left: confirm the pledge.")
    if pledge.payment_method_id is None and pledge.confirmed_at is None:
        return _("Two steps left: confirm the pledge, and save a payment method.")
    if pledge.payment_method_id is None:
        return _("One step left: save a payment method. It is not charged now.")
    return _("One step left: confirm the pledge.")


def step_without_money(pledge: Pledge, petition: Petition, *, open_now: bool) -> str:
    """The same for a promise that nothing is held for."""
    if pledge.state == "ready" and not open_now and petition.tipped_at is None:
        if len(petition.thresholds) > 2:
            return _("The petition ended before every threshold held. You owe nothing.")
        return _("The petition ended before both thresholds held. You owe nothing.")
    return {
        "ready": _("Your pledge counts. Until everything holds you can take it back."),
        "frozen": _("The petition became an action. The others rely on your promise, as you rely on theirs."),
        "withdrawn": _("You took this pledge back. You owe nothing."),
        "released": _("The action does not need it any more. You owe nothing."),
    }[pledge.state]
