"""What holds for every co-operative: who may hold how much, and where a surplus goes. Pure.

The law's bounds are the bounds here (Framework Act on Cooperatives, articles 15, 22, 50 and 51): at least
five founders, nobody holds more than 30 % of all units, at least 10 % of a surplus is reserved until the
reserve is three times what is paid in, at least half of what is distributed follows the use, and at most 10 %
of what is paid in is distributed on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .base import Speech

FEWEST_FOUNDERS = 5
LARGEST_CAP_PERCENT = 30
LEAST_RESERVE_PERCENT = 10
RESERVE_TIMES_EQUITY = 3
LEAST_PATRONAGE_PERCENT = 50
LARGEST_DIVIDEND_PERCENT = 10
MOST_UNITS = 10**6


@dataclass(frozen=True)
class Rules:
    """What the members agreed on. ``unit`` is in minor units, the percentages are whole numbers."""

    unit: int
    total_units: int
    founders: int = FEWEST_FOUNDERS
    cap_percent: int = LARGEST_CAP_PERCENT
    reserve_percent: int = LEAST_RESERVE_PERCENT
    dividend_cap_percent: int = LARGEST_DIVIDEND_PERCENT
    quorum_percent: int = 50
    year_ends: int = 12

    @property
    def cap(self) -> int:
        """The most units one member may hold: a percentage of all units, rounded down."""
        return self.total_units * self.cap_percent // 100


def rules_of(terms: Mapping[str, Any]) -> Rules:
    """The rules in an offer's terms."""
    return Rules(**{name: int(terms[name]) for name in Rules.__dataclass_fields__ if name in terms})


@dataclass(frozen=True)
class Split:
    """Where a surplus goes, in minor units; the four parts add up to it exactly.

    ``patronage`` and ``dividend`` are by member; members who get nothing are left out.
    """

    reserve: int
    patronage: Mapping[str, int]
    dividend: Mapping[str, int]
    retained: int

    @property
    def distributed(self) -> int:
        """What the members get together."""
        return sum(self.patronage.values()) + sum(self.dividend.values())

    def parts(self) -> dict[str, int]:
        """What each member gets together, in the order of the members."""
        members = {**self.dividend, **self.patronage}
        return {member: self.patronage.get(member, 0) + self.dividend.get(member, 0) for member in members}


def split_surplus(
    surplus: int,
    units: Mapping[str, int],
    use: Mapping[str, Fraction],
    rules: Rules,
    *,
    patronage_percent: int,
    reserved: int = 0,
) -> Split:
    """Split a surplus in minor units among reserve, use, units held and what stays.

    ``units`` are by member in the order of the pledges; ``use`` is each member's part of all use, at most 1
    together: the rest was used by others and stays. ``reserved`` lies in the reserve already.

    reserve = min(⌈surplus · reserve % / 100⌉, 3 · equity - reserved);
    patronage = ⌊(surplus - reserve) · patronage % / 100⌋, by use;
    dividend = the rest, at most ⌊equity · cap % / 100⌋ and at most what follows the use.
    """
    equity = rules.unit * sum(units.values())
    room = max(0, RESERVE_TIMES_EQUITY * equity - reserved)
    reserve = min(-(-surplus * rules.reserve_percent // 100), room)
    rest = surplus - reserve
    pool = rest * patronage_percent // 100
    patronage = by_use(pool, {member: use[member] for member in units if member in use})
    dividend_pool = min(rest - pool, equity * rules.dividend_cap_percent // 100, sum(patronage.values()))
    dividend = by_units(dividend_pool, units)
    distributed = sum(patronage.values()) + sum(dividend.values())
    return Split(reserve, patronage, dividend, rest - distributed)


def by_use(pool: int, use: Mapping[str, Fraction]) -> dict[str, int]:
    """Each member's part of ``pool``, rounded down; what rounding leaves goes one by one in order."""
    due = int(pool * sum(use.values(), Fraction(0)))
    parts = {member: int(pool * part) for member, part in use.items() if part > 0}
    for member in list(parts)[: due - sum(parts.values())]:
        parts[member] += 1
    return {member: part for member, part in parts.items() if part}


def by_units(pool: int, units: Mapping[str, int]) -> dict[str, int]:
    """``pool`` over numbered units: unit j of N gets ⌊pool/N⌋ + [j < pool mod N], members in order."""
    issued = sum(units.values())
    if not issued:
        return {}
    each, left = divmod(pool, issued)
    parts: dict[str, int] = {}
    first = 0
    for member, held in units.items():
        parts[member] = each * held + max(0, min(held, left - first))
        first += held
    return {member: part for member, part in parts.items() if part}


def issue(rules: Rules, wanted: Sequence[tuple[str, str, int]]) -> dict[str, int]:
    """Units by pledge id for (pledge id, person, units), in order, within cap and total."""
    own: dict[str, int] = {}
    got: dict[str, int] = {}
    left = rules.total_units
    for pledge_id, person, units in wanted:
        number = max(0, min(units, left, rules.cap - own.get(person, 0)))
        own[person] = own.get(person, 0) + number
        left -= number
        got[pledge_id] = number
    return got


def issue_whole(rules: Rules, wanted: Sequence[tuple[str, int]], declined: set[str]) -> list[int]:
    """As the pledge form and :func:`issue` do one after the other.

    A pledge above the cap is refused whole; a pledge whose card declines gets nothing.
    """
    own: dict[str, int] = {}
    taken: list[tuple[str, str, int]] = []
    for number, (person, units) in enumerate(wanted):
        fits = own.get(person, 0) + units <= rules.cap
        if fits:
            own[person] = own.get(person, 0) + units
        taken.append((str(number), person, units if fits and person not in declined else 0))
    return list(issue(rules, taken).values())


def shares(count: int, speech: Speech) -> str:
    """So many of them, in words."""
    _ = speech.gettext
    return _("1 share") if count == 1 else _("%(number)s shares", number=speech.number(count))


def words_above_cap(rules: Rules, own: int, speech: Speech) -> str:
    _ = speech.gettext
    most = {
        "cap": speech.number(rules.cap),
        "total": speech.number(rules.total_units),
        "percent": speech.number(rules.cap_percent),
    }
    if own == 0:
        return _("One member may hold at most %(cap)s of the %(total)s shares (%(percent)s%%).", **most)
    return _(
        "One member may hold at most %(cap)s of the %(total)s shares (%(percent)s%%); "
        "you have pledged %(own)s.",
        own=speech.number(own),
        **most,
    )
