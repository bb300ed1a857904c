"""The way back to the site whose widget led here: a link only where the organizer vouches for the site.

Anybody can claim to come from anywhere, so a link to whatever site is claimed would lend our name to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from app.web.caching import snapshot
from app.web.hosts import site_address

from .arriving import has_shown

Listed = Callable[[str, str], bool]
"""Whether the organizer of a petition, by its id, vouches for a site."""
rules: list[Listed] = []


@dataclass(frozen=True)
class WayBack:
    """The site's name, and its address where a link may lead there."""

    site: str
    address: str | None


def lead_back_to(listed: Listed) -> None:
    """Say where links may lead: for the room above this one that knows the organizer's list."""
    rules.append(listed)


def way_back(petition_id: str, via: str) -> WayBack | None:
    """What to say of the site that led here; None where no widget of the petition was seen there."""
    if not via:
        return None
    if any(listed(petition_id, via) for listed in rules):
        return WayBack(via, site_address(via))
    seen = snapshot(("has shown", petition_id, via), lambda: has_shown(petition_id, via))
    return WayBack(via, None) if seen else None
