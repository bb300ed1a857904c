"""Point events to test with: the published vectors, short constructors and random ledgers."""

import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from app.points.rules import EARNING_CLASSES, EventClass, PointEvent

VECTORS_PATH = Path(__file__).parents[1] / "vectors" / "reputation_v1.json"
VECTORS: dict[str, Any] = json.loads(VECTORS_PATH.read_text(encoding="utf-8"))

PEOPLE = ("민지", "준호", "Alice", "Bob")


def deed(
    id_: str,
    day: int,
    person: str,
    counterparty: str | None,
    mp: int,
    *,
    class_: EventClass = "support",
    light: bool = False,
    cluster: str | None = None,
) -> PointEvent:
    """Return an event that earns (or, as a penalty, loses) ``mp``."""
    return PointEvent(id_, day, person, counterparty, "deed", class_, mp, light, None, cluster)


def void(id_: str, target: str, day: int = 0) -> PointEvent:
    """Return an event that takes ``target`` back."""
    return PointEvent(id_, day, "", None, "void", "penalty", 0, voids=target)


def deeds(*, penalties: bool = True, last_day: int = 400) -> st.SearchStrategy[PointEvent]:
    """Return a strategy of single deeds among four people, with ids drawn from a wide range."""
    classes = [*EARNING_CLASSES, *(["penalty"] if penalties else [])]
    return st.builds(
        deed,
        st.integers(0, 10**9).map(str),
        st.integers(0, last_day),
        st.sampled_from(PEOPLE),
        st.sampled_from([None, *PEOPLE]),
        st.integers(0, 60_000),
        class_=st.sampled_from(classes),
        light=st.booleans(),
        cluster=st.sampled_from([None, "household"]),
    )


def ledgers(*, penalties: bool = True, last_day: int = 400) -> st.SearchStrategy[list[PointEvent]]:
    """Return a strategy of ledgers whose ids are all different."""
    return st.lists(
        deeds(penalties=penalties, last_day=last_day), max_size=14, unique_by=lambda event: event.id
    )
