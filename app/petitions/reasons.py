"""Why a petition may be turned or taken down: closed lists, each with the sentence its organizer reads."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

REJECTIONS: dict[str, Any] = {
    "duplicate": _l("The same demand is open already. Sign that petition instead, or say what differs."),
    "not_actionable": _l("Say what the addressee should do. It must be something they can decide."),
    "private_person": _l("It is directed at a private person. Address an institution and leave out names."),
    "fake_or_spam": _l("It looks like advertising, a joke or a petition under a false name."),
    "illegal": _l("It asks for something unlawful, or its words may break the law."),
    "fundraising_unclear": _l(
        "Say what each part of the money pays for, so that people know what they fund."
    ),
    "elsewhere": _l("Another office decides this. Check who is responsible and address it to them."),
}

DECEPTION = "deception"
REMOVALS: dict[str, Any] = {
    DECEPTION: _l("It deceived the people who supported it."),
    "unlawful": _l("It breaks the law."),
    "private_data": _l("It shows somebody's private data."),
    "authority": _l("A court or an authority asked for it."),
}

LAPSED = "lapsed"
"""What stands in the place of a reason where nobody turned it down: its deadline came first."""


def rejection_sentence(reason: str | None) -> str:
    """What the organizer is told, in the language being spoken; empty for an unknown reason."""
    if reason == LAPSED:
        return str(_("Its last day passed before it opened, so nobody could sign it any more."))
    return str((REJECTIONS | REMOVALS).get(reason or "", ""))
