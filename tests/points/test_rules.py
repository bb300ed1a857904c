"""What one deed is worth: the published tables, and what must hold for every amount."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.points.rules import (
    PointEvent,
    broken_pledge_loss,
    capture_half,
    delivery_half,
    early_bonus,
    effort_increment,
    effort_mp,
    hours_as_won,
    organizer_delivery_mp,
    quarter_of,
    split_over_plan,
    supporter_delivery_mp,
    third_party_bonus,
)

from .ledgers import VECTORS

WON = st.integers(0, 2_000_000)
PLANS = st.lists(st.integers(0, 100), min_size=1, max_size=6).filter(any)


@pytest.mark.parametrize(("won", "mp"), [(int(won), mp) for won, mp in VECTORS["f"].items()])
def test_effort_matches_the_published_table(won: int, mp: int) -> None:
    assert effort_mp(won) == mp


@pytest.mark.parametrize(
    ("won", "mp"), [(0, 0), (1, 31), (399_959, 19_998), (400_000, 20_000), (10**15, 20_000)]
)
def test_effort_at_its_edges(won: int, mp: int) -> None:
    assert effort_mp(won) == mp


@given(st.lists(WON, max_size=8))
def test_p4_splitting_an_effort_gains_nothing(parts: list[int]) -> None:
    earned = sum(effort_increment(sum(parts[:place]), part) for place, part in enumerate(parts))
    assert earned == effort_mp(sum(parts))


@given(WON, WON)
def test_p5_effort_is_concave_to_one_mp(middle: int, step: int) -> None:
    step = min(step, middle)
    assert effort_mp(middle - step) + effort_mp(middle + step) <= 2 * effort_mp(middle) + 1


@pytest.mark.parametrize(
    "refused", [lambda: effort_mp(-1), lambda: effort_increment(5, -1), lambda: hours_as_won(-1)]
)
def test_negative_efforts_are_refused(refused: object) -> None:
    assert callable(refused)
    with pytest.raises(ValueError, match="never negative"):
        refused()


def test_one_hour_of_work_counts_as_ten_thousand_won() -> None:
    assert [hours_as_won(minutes) for minutes in (0, 7, 60, 90)] == [0, 1166, 10_000, 15_000]
    assert effort_mp(hours_as_won(60)) == effort_mp(10_000) == 3162


@pytest.mark.parametrize(("rank", "mp"), [(int(rank), mp) for rank, mp in VECTORS["early"].items()])
def test_early_bonus_matches_the_published_table(rank: int, mp: int) -> None:
    assert early_bonus(rank, VECTORS["constants"]["T"]) == mp


@given(st.integers(1, 3000), st.integers(1, 3000))
def test_early_bonus_falls_with_rank_and_ends_at_the_target(rank: int, target: int) -> None:
    assert 0 <= early_bonus(rank + 1, target) <= early_bonus(rank, target) <= 4000
    assert early_bonus(target + rank, target) == 0
    assert early_bonus(1, target) == 4000


@pytest.mark.parametrize(("rank", "target"), [(0, 100), (-1, 100), (1, 0)])
def test_early_bonus_counts_from_one(rank: int, target: int) -> None:
    with pytest.raises(ValueError, match="count from 1"):
        early_bonus(rank, target)


def test_an_odd_effort_splits_into_two_halves_without_loss() -> None:
    assert (capture_half(7071), delivery_half(7071)) == (3535, 3536)


def test_shares_are_rounded_down_and_the_last_milestone_takes_the_remainder() -> None:
    assert split_over_plan(3536, [30, 30, 40]) == [1060, 1060, 1416]
    assert split_over_plan(100, [1, 1, 1]) == [33, 33, 34]
    assert split_over_plan(7, [100]) == [7]


@given(WON, PLANS)
def test_p8_after_delivery_pledger_and_organizer_gain_equally(won: int, plan: list[int]) -> None:
    effort = effort_mp(won)
    pledger = capture_half(effort) + sum(supporter_delivery_mp(effort, plan))
    organizer = sum(organizer_delivery_mp(effort, plan))
    assert pledger == organizer == effort


@given(st.integers(0, 20_000), PLANS)
def test_every_part_of_a_plan_is_its_share_to_one_mp_a_milestone(total: int, plan: list[int]) -> None:
    parts = split_over_plan(total, plan)
    assert len(parts) == len(plan)
    for part, share in zip(parts[:-1], plan[:-1], strict=True):
        assert 0 <= total * share - part * sum(plan) < sum(plan)
    assert 0 <= parts[-1] * sum(plan) - total * plan[-1] < len(plan) * sum(plan)


@pytest.mark.parametrize(("total", "plan"), [(10, []), (10, [0, 0]), (10, [3, -1]), (-1, [1])])
def test_plans_that_cannot_be_split_are_refused(total: int, plan: list[int]) -> None:
    with pytest.raises(ValueError, match="a plan needs shares"):
        split_over_plan(total, plan)


def test_the_other_prices_follow_the_effort() -> None:
    assert broken_pledge_loss(effort_mp(50_000)) == 14_142
    assert third_party_bonus(effort_mp(100_000)) == 2500


def test_quarters_last_ninety_days() -> None:
    assert [quarter_of(day) for day in (0, 89, 90, 179, 180)] == [0, 0, 1, 1, 2]


def test_the_cluster_of_a_counterparty_is_itself_unless_named() -> None:
    assert PointEvent("1", 0, "민지", "준호", "sign", "support", 1).kin == "준호"
    assert PointEvent("1", 0, "민지", "준호", "sign", "support", 1, cluster="home").kin == "home"
    assert PointEvent("1", 0, "민지", None, "review", "care", 1, cluster="home").kin is None


def test_a_negative_amount_is_refused() -> None:
    with pytest.raises(ValueError, match="'e7': mp must not be negative"):
        PointEvent("e7", 0, "민지", "준호", "sign", "support", -1)
