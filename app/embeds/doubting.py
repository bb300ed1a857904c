"""How many new names of sites one network may bring in a day, since anybody can make names up."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from app.petitions.arriving import today
from app.web.limits import network_of

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

MOST_NEW = 20
"""Sites that one network may be the first to name for a petition, by day and process."""
MOST_NETWORKS = 20_000


class NewNames:
    """Counts by petition and network until midnight in Seoul, in memory alone, and no network by its name."""

    def __init__(self) -> None:
        self.day = date.min
        self.brought: Counter[int] = Counter()

    def allow(self, petition_id: str, network: str) -> bool:
        """Whether one more new name is believed of this network."""
        if self.day != (now := today()):
            self.day, self.brought = now, Counter()
        key = hash((petition_id, network))
        if key not in self.brought and len(self.brought) >= MOST_NETWORKS:
            return False
        self.brought[key] += 1
        return self.brought[key] <= MOST_NEW


def network_in(environ: WSGIEnvironment, hops: int) -> str:
    """The network of whoever asks; ``hops`` proxies of ours have each written down whom they saw."""
    passed = [name.strip() for name in environ.get("HTTP_X_FORWARDED_FOR", "").split(",")]
    caller = passed[-hops] if 0 < hops <= len(passed) else environ.get("REMOTE_ADDR", "")
    try:
        return network_of(caller)
    except ValueError:
        return ""
