"""When to try again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.hooks.retrying import LONGEST_REST, pause_after, rest_after

PAUSES = (5, 300, 1800)


def test_each_failure_waits_longer_and_the_last_is_the_end() -> None:
    waits = [pause_after(attempts, PAUSES, 0) for attempts in range(1, 5)]
    assert waits == [timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30), None]


@given(st.integers(1, 3), st.floats(0, 1, exclude_max=True))
def test_chance_draws_a_pause_out_by_a_fifth_at_most(attempts: int, chance: float) -> None:
    pause = pause_after(attempts, PAUSES, chance)
    assert pause is not None
    assert PAUSES[attempts - 1] <= pause.total_seconds() <= PAUSES[attempts - 1] * 1.2


@pytest.mark.parametrize(("failures", "seconds"), [(1, 5), (2, 10), (3, 20), (7, 300), (1000, 300)])
def test_an_endpoint_that_fails_rests_twice_as_long_each_time(failures: int, seconds: int) -> None:
    assert rest_after(failures) == timedelta(seconds=seconds) <= LONGEST_REST
