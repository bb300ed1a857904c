"""What the widget of a person lists."""

from __future__ import annotations

from flask_babel import gettext as _

from app.embeds.choosing import restricted_among
from app.petitions.browsing import ListedPetition
from app.petitions.organizers import OrganizerView
from app.web.languages import speaking

from .wishes import Wish

MOST_SHOWN = 5
"""Petitions that a person's widget lists; the person's page lists more."""


def listed_in_frame(organizer: OrganizerView) -> tuple[ListedPetition, ...]:
    """The newest of a person's petitions that every site may show, for every site may show this widget."""
    restricted = restricted_among(tuple(listed.id for listed in organizer.petitions))
    return tuple(each for each in organizer.petitions if each.id not in restricted)[:MOST_SHOWN]


def list_title(organizer: OrganizerView, wish: Wish) -> str:
    """What a screen reader calls the frame, in the language of the frame."""
    with speaking(wish.lang or organizer.locale):
        return str(_("Petitions by %(name)s", name=organizer.name))
