"""What can be told: each event's name on the wire, and what it means in a sentence."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

TEST = "webhook.test"

EVENTS: Mapping[str, str] = {
    "petition.opened": _l("A petition was published"),
    "petition.shown": _l("A petition that was hidden is public again"),
    "petition.tipped": _l("Every threshold holds; the verification window runs"),
    "petition.untipped": _l("A threshold was lost inside the window"),
    "petition.answered": _l("The addressee's answer is on record"),
    "petition.updated": _l("The organizer wrote news"),
    "petition.closed": _l("A petition takes no more signatures"),
    "action.fired": _l("A petition became an action"),
    "action.underway": _l("The pledges are collected; the work begins"),
    "action.released": _l("The goal was missed; nobody pays"),
    "action.delivered": _l("Everything promised is done"),
    "action.stopped": _l("The action ended early; the rest goes back"),
    "milestone.claimed": _l("The organizer says that a step is done"),
    "milestone.accepted": _l("The backers accepted a step"),
    "milestone.rejected": _l("The backers rejected a step"),
}
