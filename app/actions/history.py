"""History: what has happened to a petition and its action, told from the recorded events."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.petitions.showing import EventView, PetitionView
from app.pledges.wording import counted, counted_as, pays_at_once, takes_money
from app.web.formatting import format_money, measured, number

from .reading import ActionView

BOTH = 2
"""Thresholds of a petition that asks for signatures and one kind of pledge."""


@dataclass(frozen=True)
class Told:
    """One event in words: ``status`` is done, or missed for what went wrong; ``event`` is its record."""

    label: str
    at: datetime
    text: str
    status: str
    event: EventView


Detail = Mapping[str, Any]
Words = tuple[str, str, str]


def tell(petition: PetitionView, action: ActionView | None) -> list[Told]:
    """The events in the language being spoken; what strangers need not know is left out."""
    kind, currency = (action.kind, action.currency) if action else (None, petition.currency or "")
    told = []
    for event in petition.events:
        if words := WORDS.get(event.kind):
            detail = {**event.detail, "petition": petition, "kind": kind}
            label, text, status = words(detail, currency)
            told.append(Told(label, event.at, text, status, event))
    return told


def opened(_detail: Detail, _currency: str) -> Words:
    return _("Opened for signatures and pledges"), "", "done"


def threshold_reached(detail: Detail, currency: str) -> Words:
    target = int(detail.get("target", 0))
    if detail.get("measure") == "signatures":
        return _("%(target)s signatures", target=number(target)), "", "done"
    offered = detail["petition"].pledge_thresholds
    threshold = next((each for each in offered if each.kind == detail.get("counts")), None)
    goal = (
        counted(threshold, target)
        if threshold is not None
        else measured(str(detail.get("measure")), target, currency)
    )
    return _("%(goal)s pledged", goal=goal), "", "done"


def tipped(detail: Detail, _currency: str) -> Words:
    many = len(detail["petition"].thresholds) > BOTH
    label = _("Every threshold held") if many else _("Both thresholds held")
    return label, _("The signatures were checked once more."), "done"


def untipped(_detail: Detail, _currency: str) -> Words:
    return _("A threshold was lost again"), "", "missed"


def fired(detail: Detail, currency: str) -> Words:
    backers = int(detail.get("backers", 0))
    pledges = ngettext("%(num)d pledge", "%(num)d pledges", backers)
    if detail["kind"] is None:
        return _("Became an action"), _("%(pledges)s in all.", pledges=pledges), "done"
    pledged = counted_as(detail["kind"], int(detail.get("pledged", 0)), currency)
    text = _("%(pledges)s, %(amount)s in all. Collecting began.", pledges=pledges, amount=pledged)
    return _("Became an action"), text, "done"


def underway(detail: Detail, currency: str) -> Words:
    if detail["kind"] is None:
        return _("The work began"), "", "done"
    held = counted_as(detail["kind"], int(detail.get("held", 0)), currency)
    return _("Enough was reserved"), _("%(amount)s reserved; the work began.", amount=held), "done"


def released(detail: Detail, currency: str) -> Words:
    if "taken" in detail:
        text = _("Not one card could be charged. All of it was let go; nobody paid.")
        return _("Nothing could be collected"), text, "missed"
    held = counted_as(detail["kind"], int(detail.get("held", 0)), currency)
    text = _("Only %(amount)s could be reserved. All of it was let go; nobody paid.", amount=held)
    return _("Not enough could be collected"), text, "missed"


def milestone_claimed(detail: Detail, _currency: str) -> Words:
    text = _("The organizer showed evidence; the backers were asked.")
    return _("Step %(position)d claimed as done", position=int(detail.get("position", 0))), text, "done"


def milestone_accepted(detail: Detail, _currency: str) -> Words:
    return _("Step %(position)d accepted", position=int(detail.get("position", 0))), votes(detail), "done"


def milestone_rejected(detail: Detail, _currency: str) -> Words:
    return _("Step %(position)d rejected", position=int(detail.get("position", 0))), votes(detail), "missed"


def votes(detail: Detail) -> str:
    accepted, rejected = int(detail.get("accepted", 0)), int(detail.get("rejected", 0))
    if not accepted + rejected:
        return str(_("Nobody voted; silence accepts."))
    return str(
        _("%(for)s for, %(against)s against.", **{"for": number(accepted), "against": number(rejected)})
    )


def payout_paid(detail: Detail, currency: str) -> Words:
    amount = format_money(int(detail.get("amount", 0)), currency)
    return _("%(amount)s paid out", amount=amount), "", "done"


def delivered(detail: Detail, _currency: str) -> Words:
    offered = detail["petition"].pledge_thresholds
    if any(pays_at_once(threshold.kind) for threshold in offered):
        text = _("All of it was paid back.")
    elif takes_money(offered):
        text = _("Every step accepted, every payout made.")
    else:
        text = _("Every step accepted.")
    return _("Delivered"), text, "done"


def stopped(detail: Detail, currency: str) -> Words:
    refund = int(detail.get("refund", 0))
    text = _("%(amount)s goes back to the backers.", amount=format_money(refund, currency)) if refund else ""
    return _("Stopped"), text, "missed"


def proposal_decided(detail: Detail, _currency: str) -> Words:
    title = (
        _("The members accepted a proposal") if detail.get("accepted") else _("A proposal was not accepted")
    )
    text = _(
        "%(yes)s yes, %(no)s no, %(abstain)s abstained.",
        yes=number(int(detail.get("yes", 0))),
        no=number(int(detail.get("no", 0))),
        abstain=number(int(detail.get("abstain", 0))),
    )
    return title, text, "done"


def expired(detail: Detail, _currency: str) -> Words:
    money = takes_money(detail["petition"].pledge_thresholds)
    return _("The deadline passed"), _("Nobody was charged.") if money else "", "missed"


def signing_closed(_detail: Detail, _currency: str) -> Words:
    return _("Signing closed"), "", "done"


WORDS: dict[str, Callable[[Detail, str], Words]] = {
    "opened": opened,
    "threshold_reached": threshold_reached,
    "tipped": tipped,
    "untipped": untipped,
    "fired": fired,
    "underway": underway,
    "released": released,
    "milestone_claimed": milestone_claimed,
    "milestone_accepted": milestone_accepted,
    "milestone_rejected": milestone_rejected,
    "payout_paid": payout_paid,
    "delivered": delivered,
    "stopped": stopped,
    "proposal_decided": proposal_decided,
    "expired": expired,
    "signing_closed": signing_closed,
}
