"""Levels: the table, reliability, reach, and how a level is lost."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.points.levels import (
    LEVELS,
    Promise,
    Standing,
    count_promises,
    holdable_level,
    level,
    next_level,
    reach,
    reliability,
    standing_at,
)

from .ledgers import deed, void

SURE = Fraction(99, 100)
BOUNDS = [
    (1, 5000, 2, 0, Fraction(0)),
    (2, 50_000, 8, 0, Fraction(4, 5)),
    (3, 150_000, 20, 90, Fraction(9, 10)),
    (4, 300_000, 40, 180, Fraction(19, 20)),
]


@pytest.mark.parametrize(("rank", "mp", "kin", "span", "rho"), BOUNDS)
def test_each_bound_is_needed_and_enough(rank: int, mp: int, kin: int, span: int, rho: Fraction) -> None:
    assert level(Standing(mp, kin, span, rho)) == rank
    assert level(Standing(mp - 1, kin, span, rho)) == rank - 1
    assert level(Standing(mp, kin - 1, span, rho)) == rank - 1
    if span:
        assert level(Standing(mp, kin, span - 1, rho)) == rank - 1
    if rho:
        assert level(Standing(mp, kin, span, rho - Fraction(1, 1000))) == rank - 1


def test_nobody_falls_below_level_zero() -> None:
    assert level(Standing(-50_000, 0, 0, Fraction(0))) == 0


def test_a_detected_ring_has_one_counterparty_and_so_no_level() -> None:
    assert level(Standing(512_000, 1, 1000, SURE)) == 0


def test_reliability_starts_at_one_half() -> None:
    assert reliability(0, 0) == Fraction(1, 2)
    assert reliability(3, 0) == Fraction(4, 5)
    assert reliability(0, 1) == Fraction(1, 3)
    with pytest.raises(ValueError, match="counted from 0"):
        reliability(-1, 0)


def test_one_promise_per_counterparty_a_quarter_from_a_thousand_won() -> None:
    promises = [
        Promise("준호", 1, 5000, kept=True),
        Promise("준호", 89, 5000, kept=True),
        Promise("준호", 90, 5000, kept=True),
        Promise("Bob", 1, 1000, kept=True),
        Promise("Alice", 1, 999, kept=True),
    ]
    assert count_promises(promises) == (3, 0)


def test_one_broken_promise_breaks_the_quarter_in_any_order() -> None:
    promises = [Promise("준호", 1, 5000, kept=False), Promise("준호", 2, 5000, kept=True)]
    assert count_promises(promises) == count_promises(promises[::-1]) == (0, 1)


def test_reach_counts_clusters_and_days_of_what_stands() -> None:
    events = [
        deed("1", 3, "민지", "준호", 100),
        deed("2", 10, "민지", "Alice", 100, cluster="home"),
        deed("3", 40, "민지", "Bob", 100, cluster="home"),
        deed("4", 60, "민지", "Carol", 100),
        deed("5", 70, "민지", None, 100, class_="care"),
        deed("6", 80, "민지", "Dave", 100, class_="penalty"),
        deed("7", 90, "준호", "Eve", 100),
        void("v", "4"),
    ]
    assert reach(events, "민지", 200) == (2, 37)
    assert reach(events, "민지", 10) == (2, 7)
    assert reach(events, "민지", 2) == (0, 0)


def test_standing_gathers_score_reach_and_promises_of_the_day() -> None:
    events = [deed("1", 3, "민지", "준호", 15_000), deed("2", 10, "민지", "Bob", 15_000)]
    promises = [Promise("준호", 5, 5000, kept=True), Promise("Bob", 50, 5000, kept=False)]
    assert standing_at(events, "민지", 20, promises) == Standing(15_000, 2, 7, Fraction(2, 3))
    assert standing_at(events, "민지", 60, promises).reliability == Fraction(1, 2)


def test_a_level_is_reached_at_once() -> None:
    assert next_level(0, Standing(150_000, 20, 90, SURE)) == 3


def test_a_level_is_kept_down_to_nine_tenths() -> None:
    assert next_level(3, Standing(135_000, 20, 90, SURE), days_below=100) == 3


def test_a_level_is_lost_after_fourteen_days_below() -> None:
    low = Standing(134_999, 20, 90, SURE)
    assert [next_level(3, low, days) for days in (0, 13, 14)] == [3, 3, 2]


def test_a_fall_ends_at_the_highest_level_that_may_be_kept() -> None:
    assert next_level(4, Standing(46_000, 40, 180, SURE), days_below=14) == 2
    assert next_level(1, Standing(46_000, 40, 180, SURE), days_below=14) == 1


def test_reliability_far_below_its_bound_costs_the_level() -> None:
    shaky = Standing(200_000, 20, 90, Fraction(3, 4))
    assert next_level(3, shaky, days_below=14) == 2


@pytest.mark.parametrize(("days", "rank"), [(0, 0), (179, 0), (180, 4)])
def test_fraud_means_level_zero_for_180_days(days: int, rank: int) -> None:
    assert next_level(4, Standing(400_000, 50, 300, SURE), 0, days) == rank


@given(
    st.integers(0, 4),
    st.integers(-(10**5), 4 * 10**5),
    st.integers(0, 50),
    st.integers(0, 300),
    st.integers(0, 30),
)
def test_levels_are_steady(held: int, mp: int, kin: int, span: int, days: int) -> None:
    standing = Standing(mp, kin, span, SURE)
    after = next_level(held, standing, days)
    assert level(standing) <= after <= max(held, level(standing))
    assert holdable_level(standing, held) <= held < len(LEVELS)
    assert next_level(after, standing, days) == after
