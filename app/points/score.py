"""The score R: a pure fold over the *set* of point events, the same in any order and with any duplicates.

R(t) = Σ_E 2^(−max(0, t − end E)/180)·min(Q, Σ_c P) − Σ penalties·2^(−age/360), where a quarter's class is
worth P = min(Σ_κ D(S) + what has no counterparty, Σ_days min(daily cap, light) + heavy, class cap) and D(S)
= ⌊K·S/(K+S)⌋.

Quarter E ends at the start of day 90·(E+1). Just before that moment R stays below 150/(1−2^−½) = 512.1
points; on the days after it the finished quarter has hardly decayed while the new one already counts, so at
any time R stays below 150 + 512.1 points.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.points.decay import STEPS_PER_HALVING, floor_of_decayed
from app.points.rules import (
    CLASS_CAP_MP,
    DAILY_LIGHT_CAP_MP,
    DIMINISHING_MP,
    QUARTER_CAP_MP,
    QUARTER_DAYS,
    EarningClass,
    PointEvent,
    quarter_of,
)

HALF_LIFE_DAYS: Final = 180
PENALTY_HALF_LIFE_DAYS: Final = 360
LAST_DAY: Final = 1_000_000


def first_of_equal_ids(events: Iterable[PointEvent]) -> dict[str, PointEvent]:
    """Keep one event per id, whatever the order they come in.

    Equal events are one event. Where two different events claim one id, the first is the one with the
    earlier day, then the one with the smaller amount, then the one whose other fields sort first.
    """
    kept: dict[str, PointEvent] = {}
    for event in events:
        rival = kept.get(event.id)
        if rival is None or _precedence(event) < _precedence(rival):
            kept[event.id] = event
    return kept


def _precedence(event: PointEvent) -> tuple[int | bool | str, ...]:
    optional = (event.counterparty, event.voids, event.cluster)
    named = [part for text in optional for part in (text is not None, text or "")]
    return (event.day, event.mp, event.class_, event.person, event.action, event.light, *named)


def events_that_stand(events: Iterable[PointEvent]) -> list[PointEvent]:
    """Return the events that count: one per id, not taken back, not themselves a void, not done to oneself.

    A void counts whatever its day. A void that is itself taken back never happened, so its target stands
    again. A circle of voids can only hold voids, because each takes back one event, and so never touches a
    score.
    """
    by_id = first_of_equal_ids(events)
    gone = _taken_back(by_id)
    return [
        event
        for event in by_id.values()
        if event.voids is None and event.id not in gone and event.person != event.counterparty
    ]


def _taken_back(by_id: dict[str, PointEvent]) -> set[str]:
    """Return the ids some standing void points at, deciding each void after every void that points at it."""
    target_of = {event.id: event.voids for event in by_id.values() if event.voids in by_id}
    undecided = defaultdict[str, int](int)
    for target in target_of.values():
        undecided[str(target)] += 1
    ready = [source for source in target_of if not undecided[source]]
    gone: set[str] = set()
    while ready:
        source = ready.pop()
        target = str(target_of[source])
        if source not in gone:
            gone.add(target)
        undecided[target] -= 1
        if not undecided[target] and target in target_of:
            ready.append(target)
    return gone


@dataclass
class _QuarterClass:
    """What one person earned in one class in one quarter, in mp."""

    by_kin: defaultdict[str, int] = field(default_factory=lambda: defaultdict(int))
    without_kin: int = 0
    light_by_day: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    heavy: int = 0

    def add(self, event: PointEvent) -> None:
        if event.kin is None:
            self.without_kin += event.mp
        else:
            self.by_kin[event.kin] += event.mp
        if event.light:
            self.light_by_day[event.day] += event.mp
        else:
            self.heavy += event.mp

    def worth(self, class_: EarningClass) -> int:
        """Return P, in mp."""
        k = DIMINISHING_MP[class_]
        diminished = sum(diminish(s, k) for s in self.by_kin.values()) + self.without_kin
        cap = DAILY_LIGHT_CAP_MP[class_]
        light = sum(day if cap is None else min(cap, day) for day in self.light_by_day.values())
        return min(diminished, light + self.heavy, CLASS_CAP_MP[class_])


def diminish(total_mp: int, k_mp: int) -> int:
    """Return D(S) = ⌊K·S/(K+S)⌋ mp, always below K: what a quarter's sum from one cluster is worth."""
    return k_mp * total_mp // (k_mp + total_mp)


def fold(standing: Iterable[PointEvent], day: int) -> int:
    """Return ⌊R⌋ in mp at ``day`` for one person's events, already reduced by ``events_that_stand``.

    Events after ``day`` are ignored. The result is negative where penalties outweigh what was earned.

    Raises ValueError for a day beyond ±1,000,000.
    """
    if abs(day) > LAST_DAY:
        raise ValueError(f"a day must lie within ±{LAST_DAY}, got {day}")
    earned: dict[int, dict[EarningClass, _QuarterClass]] = {}
    terms: list[tuple[int, int]] = []
    for event in standing:
        if event.day > day:
            continue
        if event.class_ == "penalty":
            terms.append((-event.mp, (day - event.day) * STEPS_PER_HALVING // PENALTY_HALF_LIFE_DAYS))
        else:
            classes = earned.setdefault(quarter_of(event.day), {})
            classes.setdefault(event.class_, _QuarterClass()).add(event)
    for quarter, classes in earned.items():
        worth = min(QUARTER_CAP_MP, sum(part.worth(class_) for class_, part in classes.items()))
        since_end = max(0, day - (quarter + 1) * QUARTER_DAYS)
        terms.append((worth, since_end * STEPS_PER_HALVING // HALF_LIFE_DAYS))
    return floor_of_decayed(terms)


def score(events: Iterable[PointEvent], person: str, day: int) -> int:
    """Return the raw score ⌊R⌋ of ``person`` at ``day``, in mp; negative where penalties outweigh.

    ``events`` must hold every event of the person and every event that voids one of them; others do no harm.
    """
    return fold((event for event in events_that_stand(events) if event.person == person), day)


def shown(raw_mp: int) -> int:
    """Return what people are shown of a raw score: max(0, ⌊R⌋), in mp."""
    return max(0, raw_mp)


def scores_at(events: Sequence[PointEvent], day: int) -> dict[str, int]:
    """Return the shown score, in mp, of everybody with an event that stands at ``day``, sorted by person.

    Whoever has only penalties appears with 0; whoever has only voided or later events does not appear.

    Raises ValueError for a day beyond ±1,000,000.
    """
    by_person: defaultdict[str, list[PointEvent]] = defaultdict(list)
    for event in events_that_stand(events):
        if event.day <= day:
            by_person[event.person].append(event)
    return {person: shown(fold(own, day)) for person, own in sorted(by_person.items())}
