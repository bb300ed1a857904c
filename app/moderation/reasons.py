"""Closed lists of reasons, and the words for every verb of a moderator."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

from app.petitions.reasons import DECEPTION

REJECTING: dict[str, Any] = {
    "duplicate": _l("Duplicate of an open petition"),
    "not_actionable": _l("No demand the addressee could act on"),
    "private_person": _l("Aimed at a private person"),
    "fake_or_spam": _l("Fake or spam"),
    "illegal": _l("Unlawful"),
    "fundraising_unclear": _l("Unclear what the money pays for"),
    "elsewhere": _l("Wrong addressee"),
}
"""Keys of :data:`app.petitions.reasons.REJECTIONS`, which holds what the organizer reads."""
HIDING: dict[str, Any] = {
    "complaint": _l("A complaint is being looked into"),
    "private_data": _l("It shows somebody's private data"),
    "organizer_unclear": _l("It is unclear who is behind it"),
    "authority": _l("A court or an authority asked for it"),
}
SHOWING: dict[str, Any] = {
    "cleared": _l("Looked into, nothing wrong"),
    "corrected": _l("What was wrong has been put right"),
}
REMOVING: dict[str, Any] = {
    DECEPTION: _l("Deception: the organizer loses the points of it and 50 more"),
    "unlawful": _l("Unlawful"),
    "private_data": _l("It shows somebody's private data"),
    "authority": _l("A court or an authority asked for it"),
}
"""Keys of :data:`app.petitions.reasons.REMOVALS`."""
INVALIDATING: dict[str, Any] = {
    "automated": _l("Sent by a program"),
    "disposable_address": _l("Throw-away addresses"),
    "same_person": _l("One person under several addresses"),
    "on_behalf": _l("Signed in somebody else's name"),
    "abusive": _l("Abusive name or reason"),
}
VERBS: dict[str, Any] = {
    "publish": _l("Publish"),
    "reject": _l("Reject"),
    "hide": _l("Hide"),
    "show": _l("Show again"),
    "remove": _l("Take down for good"),
    "feature": _l("Put on the front page"),
    "unfeature": _l("Take off the front page"),
    "invalidate": _l("Strike signatures"),
    "approve_payout": _l("Approve a payout"),
}
REASONS: dict[str, dict[str, Any]] = {
    "reject": REJECTING,
    "hide": HIDING,
    "show": SHOWING,
    "remove": REMOVING,
    "invalidate": INVALIDATING,
}
"""Which verbs need a reason, and from which list."""


def reason_label(verb: str, reason: str) -> str:
    """The words for a reason in the language being spoken; the reason itself when it is unknown."""
    return str(REASONS.get(verb, {}).get(reason, reason))
