"""Reactions that share a transaction: twenty letters cost one commit and one look at their petition."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, NamedTuple

import structlog

from app.db import run_tx

Reaction = Callable[..., object]
Reactions = Mapping[str, Sequence[Reaction]]

MOST = 20
"""As many announcements share a transaction: where the database has one writer, others wait for it."""

log = structlog.get_logger()


class Leased(NamedTuple):
    """An announcement that is ours for a while."""

    id: str
    topic: str
    payload: dict[str, Any]
    attempts: int


@dataclass(frozen=True)
class Together:
    """A reaction that does nothing but read and write the database, so that many may share a transaction.

    ``verb`` is called with the details of the announcement, inside the transaction.
    """

    verb: Reaction

    def __call__(self, **payload: Any) -> object:
        return run_tx(partial(self.verb, **payload))


def take_some(waiting: deque[Leased], reactions: Reactions) -> list[Leased]:
    """Take the first announcement out of ``waiting``, and those right after it if they may all share."""
    taken = [waiting.popleft()]
    while (
        waiting and len(taken) < MOST and may_share(taken[-1], reactions) and may_share(waiting[0], reactions)
    ):
        taken.append(waiting.popleft())
    return taken


def may_share(leased: Leased, reactions: Reactions) -> bool:
    return all(isinstance(reaction, Together) for reaction in reactions.get(leased.topic, ()))


def react_together(taken: Sequence[Leased], reactions: Reactions) -> bool:
    """React to all of these in one transaction, in their order; False, and nothing done, where one fails."""

    def call_all() -> None:
        for leased in taken:
            for reaction in reactions.get(leased.topic, ()):
                if isinstance(reaction, Together):
                    reaction.verb(**leased.payload)

    try:
        run_tx(call_all)
    except Exception:
        log.warning("announcements could not be reacted to together", number=len(taken), exc_info=True)
        return False
    return True
