"""What a person is told to be missing for the next level."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.points.levels import Standing
from app.points.standing import PersonStanding

ENOUGH = Standing(mp=400_000, counterparties=50, span_days=200, reliability=Fraction(99, 100))


def lacks(level: int, **has: object) -> tuple[str, int] | None:
    reached = Standing(**({field: getattr(ENOUGH, field) for field in ENOUGH.__dataclass_fields__} | has))
    return PersonStanding(points=0, level=level, reached=reached).next_lacks


@pytest.mark.parametrize(
    ("level", "has", "expected"),
    [
        (0, {"mp": 4_999, "counterparties": 0}, ("points", 5)),
        (0, {"counterparties": 1}, ("people", 2)),
        (1, {"mp": 80_000, "reliability": Fraction(1, 2)}, ("kept", 80)),
        (2, {"span_days": 89}, ("days", 90)),
        (3, {}, None),
        (4, {"mp": 0}, None),
    ],
)
def test_the_first_bound_that_is_not_met_is_named(
    level: int, has: dict[str, object], expected: tuple[str, int] | None
) -> None:
    assert lacks(level, **has) == expected
