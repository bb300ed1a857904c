"""The floor of a decayed sum is exact, also where floating point would slip."""

from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.points.decay import floor_of_decayed


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        ([], 0),
        ([(7, 0)], 7),
        ([(7, 360)], 3),
        ([(-7, 360)], -4),
        ([(8, 720)], 2),
        ([(10_000, 180), (-10_000, 180)], 0),
        ([(10_000, 180), (10_000, 180), (-10_000, 180), (-10_000, 180), (3, 0)], 3),
        ([(10**30, 1), (-(10**30), 1), (5, 360 * 1000), (-1, 360 * 1000)], 0),
        ([(-1, 360 * 1000 + 1)], -1),
        ([(5477, 180)], 3872),
    ],
)
def test_known_sums(terms: list[tuple[int, int]], expected: int) -> None:
    assert floor_of_decayed(terms) == expected


def test_a_sum_just_under_a_whole_number_is_not_rounded_up() -> None:
    scale = 10**40
    below = -floor_of_decayed([(-scale, 1)]) - 1
    assert floor_of_decayed([(scale, 1), (-below, 0)]) == 0
    assert floor_of_decayed([(scale, 1), (-below - 1, 0)]) == -1


@given(st.lists(st.tuples(st.integers(-(10**6), 10**6), st.integers(0, 4000)), max_size=6))
def test_the_floor_is_the_one_of_the_real_sum(terms: list[tuple[int, int]]) -> None:
    real = sum(amount * 2.0 ** (-age / 360) for amount, age in terms)
    exact = floor_of_decayed(terms)
    assert exact in {floor(real - 1e-6), floor(real + 1e-6)}


@given(st.integers(1, 10**60), st.integers(0, 2000))
def test_the_floor_satisfies_its_definition_in_whole_numbers(amount: int, age: int) -> None:
    result = floor_of_decayed([(amount, age)])
    assert result**360 << age <= amount**360 < (result + 1) ** 360 << age
