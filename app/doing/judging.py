"""Whether a deed was kept: what was said, what silence means, when a moderator has to decide. Pure.

Both sides are asked. As soon as they say the same it holds. One word alone holds when the other side has said
nothing for seven days; if nobody says anything until seven days after the deed was due, it counts as broken.
Having checked in at a shift is a word too. Where one says kept and the other broken, a moderator decides; no
silence does.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

GRACE = timedelta(days=7)
"""The days of silence after which the word that was said holds, and of grace before a promise is broken."""

OBJECTION = timedelta(days=30)
"""How long after a promise was found broken the person may say that it was kept after all."""

State = Literal["open", "kept", "broken", "disputed"]


@dataclass(frozen=True)
class Said:
    """One side's word: ``amount`` is how much was done, in the promise's measure; 0 where nothing was."""

    kept: bool
    amount: int
    at: datetime


@dataclass(frozen=True)
class Verdict:
    """``settled`` only with kept or broken; ``silence_ends`` is when an open one settles by itself."""

    state: State
    amount: int = 0
    silence_ends: datetime | None = None

    @property
    def settled(self) -> bool:
        return self.state in {"kept", "broken"}


def judge(
    *,
    promised: int,
    due: datetime,
    now: datetime,
    person: Said | None = None,
    organizer: Said | None = None,
    moderator: Said | None = None,
) -> Verdict:
    """What holds now. Amounts are never more than was promised, and never more than either side says."""
    if moderator is not None:
        return decided(moderator, promised)
    said = [word for word in (person, organizer) if word is not None]
    if not said:
        ends = due + GRACE
        return Verdict("broken") if now >= ends else Verdict("open", 0, ends)
    if len(said) == 2:
        if said[0].kept != said[1].kept:
            return Verdict("disputed")
        return decided(min(said, key=lambda word: word.amount), promised)
    (word,) = said
    ends = (word.at if word.kept else max(word.at, due)) + GRACE
    if now >= ends:
        return decided(word, promised)
    return Verdict("open", min(word.amount, promised), ends)


def decided(word: Said, promised: int) -> Verdict:
    if not word.kept:
        return Verdict("broken")
    return Verdict("kept", max(0, min(word.amount, promised)))


def may_object(settled_at: datetime, now: datetime) -> bool:
    """Whether somebody whose promise was found broken may still say that it was kept."""
    return now < settled_at + OBJECTION


def whole_hours(minutes: int) -> int:
    """Minutes on shifts as the hours that a form suggests: rounded to the nearest, at least one."""
    return max(1, (minutes + 30) // 60) if minutes > 0 else 0
