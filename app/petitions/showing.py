"""What everybody may see of a petition: plain values, the same for every reader."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from markupsafe import Markup

from .models import PUBLIC_STATES


@dataclass(frozen=True)
class ThresholdView:
    """One measure: target and tally (money in minor units of ``currency``), contributors, first reached.

    ``kind`` is the kind of pledge it counts, ``signatures`` otherwise; ``terms`` what the petition offers.
    ``closed_at`` is when the organizer stopped taking people who join later.
    """

    kind: str
    measure: str
    terms: Mapping[str, Any]
    target: int
    tally: int
    contributors: int
    currency: str | None
    reached_at: datetime | None
    closed_at: datetime | None = None


@dataclass(frozen=True)
class SignerView:
    """One recent signature: the masked name, the region's code, the reason, the moment."""

    name: str
    region: str
    reason: str
    at: datetime


@dataclass(frozen=True)
class UpdateView:
    """News from the organizer; ``html`` is sanitised."""

    id: str
    title: str
    html: Markup
    at: datetime


@dataclass(frozen=True)
class EventView:
    """One line of the petition's history; ``detail`` holds numbers only."""

    kind: str
    at: datetime
    detail: dict[str, Any]


@dataclass(frozen=True)
class ArchiveView:
    """What another platform's archive says of an imported petition; nobody here validated it."""

    source: str
    signatures: int
    threshold: int | None
    state: str
    url: str | None
    category: str | None
    answer: str | None
    answered_at: datetime | None
    rejection: str | None


@dataclass(frozen=True)
class Listed:
    """A petition in a list. ``archive_signatures`` is an import's historic tally, else None."""

    id: str
    slug: str
    title: str
    addressee: str
    summary: str
    locale: str
    topic: str | None
    state: str
    deadline: datetime | None
    opened_at: datetime | None
    tipped_at: datetime | None
    fired_at: datetime | None
    organizer_name: str | None
    archive_signatures: int | None
    thresholds: tuple[ThresholdView, ...] = ()


@dataclass(frozen=True)
class PetitionView:
    """A whole petition. ``as_of`` is the moment of the read; ``version`` names all the rest.

    ``signing`` and ``pledging`` say whether the petition takes signatures and pledges at ``as_of``.
    """

    id: str
    slug: str
    title: str
    addressee: str
    summary: str
    html: Markup
    locale: str
    topic: str | None
    state: str
    currency: str | None
    deadline: datetime | None
    organizer_name: str | None
    organizer_handle: str | None
    created_at: datetime
    opened_at: datetime | None
    closed_at: datetime | None
    tipped_at: datetime | None
    window_ends_at: datetime | None
    fired_at: datetime | None
    response_track: str
    response_due_at: datetime | None
    responded_at: datetime | None
    response_html: Markup | None
    thresholds: tuple[ThresholdView, ...]
    validated: int
    pending: int
    signing: bool
    pledging: bool
    archive: ArchiveView | None
    updates: tuple[UpdateView, ...]
    signers: tuple[SignerView, ...]
    events: tuple[EventView, ...]
    as_of: datetime
    version: str = ""

    @property
    def is_public(self) -> bool:
        return self.state in PUBLIC_STATES

    @property
    def signatures(self) -> ThresholdView | None:
        """The signature threshold; an archived petition has none."""
        return next((t for t in self.thresholds if t.measure == "signatures"), None)

    @property
    def pledge_thresholds(self) -> tuple[ThresholdView, ...]:
        return tuple(t for t in self.thresholds if t.measure != "signatures")


def sealed(view: PetitionView) -> PetitionView:
    """The view with its ``version``: the same whenever everything but ``as_of`` is the same."""
    return replace(view, version=version_of(replace(view, as_of=view.created_at)))


def version_of(*values: object) -> str:
    """A short name of these values; equal values have equal names in every process."""
    return hashlib.sha256(repr(values).encode()).hexdigest()[:20]
