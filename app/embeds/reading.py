"""What a widget shows, read once an interval in this process however many look at it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import cast

from flask import current_app

from app import clock
from app.actions.reading import Plan, plan_view, shown_state
from app.petitions.reading import LONGEST_SLUG, petition_view
from app.petitions.showing import PetitionView, version_of
from app.web.caching import Snapshots
from app.web.formatting import time_left

from .choosing import UNCHOSEN, Choices, choices_of

INTERVAL = 15
"""Seconds between two reads of a petition for its widgets, and between two looks of an open widget."""
UNPLANNED = Plan((), None, "")


@dataclass(frozen=True)
class Widget:
    """A petition as its widgets show it; ``version`` names everything but the moment of the read."""

    petition: PetitionView
    plan: Plan
    choices: Choices
    state: str
    version: str

    @property
    def is_public(self) -> bool:
        return self.petition.is_public

    @property
    def age(self) -> int:
        """Whole seconds since the read."""
        return max(int((clock.now() - self.petition.as_of).total_seconds()), 0)

    @property
    def left(self) -> str:
        """How long one may still sign; empty where nobody may."""
        petition = self.petition
        return time_left(petition.deadline) if petition.signing and petition.deadline else ""


def find_widget(slug: str) -> Widget | None:
    """The widget of the petition at this address, at most an interval old; None where there is none.

    Hidden and removed petitions are found too; check ``is_public``.
    """
    if len(slug) > LONGEST_SLUG:
        return None
    widgets: Snapshots = current_app.extensions["widgets"]
    return widgets.get(slug, lambda: read_widget(slug))


def remembered_widget(slug: str) -> Widget | None:
    """The widget of this petition as it was last read, as long as memory holds it; nothing is read now."""
    widgets: Snapshots = current_app.extensions["widgets"]
    found = widgets.kept.get(slug)
    return cast("Widget | None", found[1]) if found else None


def drawn(key: Hashable, draw: Callable[[], str]) -> str:
    """``draw()``, or the text it gave less than an interval ago in this process.

    Texts are kept apart from what was read, for whoever asks can make many of one petition.
    """
    texts: Snapshots = current_app.extensions["drawn"]
    return texts.get(key, draw)


def read_widget(slug: str) -> Widget | None:
    petition = petition_view(slug)
    if petition is None:
        return None
    public = petition.is_public
    plan = plan_view(petition.id) if public else UNPLANNED
    choices = choices_of(petition.id) if public else UNCHOSEN
    state = shown_state(petition, plan.action)
    version = version_of(petition.version, plan.version, choices.version, petition.state)
    return Widget(petition, plan, choices, state, version)
