"""What the widget of a person lists."""

from __future__ import annotations

from app.embeds.choosing import restricted_among
from app.petitions.browsing import ListedPetition
from app.petitions.organizers import OrganizerView

MOST_SHOWN = 5
"""Petitions that a person's widget lists; the person's page lists more."""


def listed_in_frame(organizer: OrganizerView) -> tuple[ListedPetition, ...]:
    """The newest of a person's petitions that every site may show, for every site may show this widget."""
    restricted = restricted_among(tuple(listed.id for listed in organizer.petitions))
    return tuple(each for each in organizer.petitions if each.id not in restricted)[:MOST_SHOWN]
