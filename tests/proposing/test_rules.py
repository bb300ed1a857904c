"""Counting: what anybody can do again with the published list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.proposing.rules import CHOICES, Result, quorum, read_sheet, recount, recount_sheet

ballots = st.lists(st.sampled_from(CHOICES), max_size=60)


@given(ballots, st.integers(1, 100), st.randoms(use_true_random=False))
def test_every_ballot_weighs_one_in_any_order(choices: list[str], percent: int, dice: object) -> None:
    shuffled = list(choices)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    counted = recount(choices, 60, percent)
    assert counted == recount(shuffled, 60, percent)
    assert counted.ballots == len(choices)
    assert counted.outcome == (
        "no_quorum"
        if len(choices) * 100 < 60 * percent
        else "accepted"
        if choices.count("yes") > choices.count("no")
        else "rejected"
    )


def test_quorum_is_rounded_up_and_never_nobody() -> None:
    assert [quorum(5, 50), quorum(4, 50), quorum(3, 1), quorum(300, 100)] == [3, 2, 1, 300]


def test_tie_rejects_and_abstaining_helps_the_quorum_alone() -> None:
    assert Result(2, 2, 9, 5).outcome == "rejected"
    assert Result(1, 0, 4, 5).outcome == "accepted"
    assert Result(1, 0, 3, 5).outcome == "no_quorum"


@pytest.mark.parametrize(
    ("choices", "sentence"), [(["maybe"], "no such choice: maybe"), (["yes"] * 4, "4 ballots of 3 members")]
)
def test_box_that_nobody_could_have_filled_is_not_counted(choices: list[str], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        recount(choices, 3, 50)


def test_published_sheet_is_counted_again() -> None:
    sheet = "\ufeffreceipt,ballot\r\nAAAA,yes\r\nBBBB,no\r\nCCCC,yes\r\n"
    assert read_sheet(sheet) == {"AAAA": "yes", "BBBB": "no", "CCCC": "yes"}
    assert recount_sheet(sheet, 5, 50) == Result(2, 1, 0, 3)


@pytest.mark.parametrize(
    "sheet", ["", "name,ballot\r\n", "receipt,ballot\r\nA\r\n", "receipt,ballot\r\nA,no\r\nA,no\r\n"]
)
def test_sheet_that_is_none_is_refused(sheet: str) -> None:
    with pytest.raises(ValueError, match="receipt"):
        read_sheet(sheet)
