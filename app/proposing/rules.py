"""How a vote is counted: pure, so that anybody can count again what was published.

Every ballot weighs the same. ``abstain`` counts for the quorum and for nothing else.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

CHOICES = ("yes", "no", "abstain")
COLUMNS = ("receipt", "ballot")
Outcome = Literal["accepted", "rejected", "no_quorum"]


@dataclass(frozen=True)
class Result:
    """How many ballots of each kind there are, how many were needed, and what follows."""

    yes: int
    no: int
    abstain: int
    needed: int

    @property
    def ballots(self) -> int:
        return self.yes + self.no + self.abstain

    @property
    def outcome(self) -> Outcome:
        """Accepted with the quorum there and more yes than no; a tie rejects."""
        if self.ballots < self.needed:
            return "no_quorum"
        return "accepted" if self.yes > self.no else "rejected"


def quorum(voters: int, percent: int) -> int:
    """How many ballots are needed of so many members: ⌈voters · percent / 100⌉, at least one."""
    return max(1, -(-voters * percent // 100))


def recount(choices: Iterable[str], voters: int, percent: int) -> Result:
    """Count ballots.

    Raises:
        ValueError: one of them is none of ``CHOICES``, or there are more ballots than voters.
    """
    counted = Counter(choices)
    if strange := set(counted) - set(CHOICES):
        raise ValueError(f"no such choice: {sorted(strange)[0]}")
    if counted.total() > voters:
        raise ValueError(f"{counted.total()} ballots of {voters} members")
    return Result(counted["yes"], counted["no"], counted["abstain"], quorum(voters, percent))


def read_sheet(text: str) -> dict[str, str]:
    """The published sheet of ballots, choice by receipt code.

    Raises:
        ValueError: it is no such sheet, or a receipt occurs twice.
    """
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"))))
    if not rows or tuple(rows[0]) != COLUMNS or any(len(row) != len(COLUMNS) for row in rows):
        raise ValueError(f"the sheet must have the columns {', '.join(COLUMNS)}")
    ballots = {row[0]: row[1] for row in rows[1:]}
    if len(ballots) != len(rows) - 1:
        raise ValueError("a receipt occurs twice")
    return ballots


def recount_sheet(text: str, voters: int, percent: int) -> Result:
    """Count the published sheet of ballots again.

    Raises:
        ValueError: see :func:`read_sheet` and :func:`recount`.
    """
    return recount(read_sheet(text).values(), voters, percent)
