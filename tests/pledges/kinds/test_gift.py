"""What becomes of gifts: captured whole, given back in proportion, or thanked with a sponsor's bonus."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pledges.kinds.base import Impossible
from app.pledges.kinds.gift import KIND

amounts = st.lists(st.integers(1, 10**9), min_size=1, max_size=30)


def campaign(goal: int, given_: list[int], **more: Any) -> dict[str, Any]:
    pledges = [{"person": f"p{number}", "amount": amount} for number, amount in enumerate(given_)]
    return {"terms": {"goal": goal, "bonus_pool": 90_000}, "pledges": pledges} | more


@given(amounts, st.data())
def test_what_was_not_spent_goes_back_to_the_last_won_and_to_nobody_more_than_was_paid(
    sums: list[int], data: st.DataObject
) -> None:
    spent = data.draw(st.integers(0, sum(sums)))
    result = KIND.simulate(campaign(1, sums, spent=spent, rejected=True))
    assert sum(result["refunded"].values()) == sum(sums) - spent
    assert all(back <= result["captured"][person] for person, back in result["refunded"].items())
    assert result["bonus"] == {}


@given(amounts)
def test_short_of_the_goal_nobody_pays_and_the_whole_pool_is_shared(sums: list[int]) -> None:
    result = KIND.simulate(campaign(sum(sums) + 1, sums))
    assert (result["fired"], result["captured"], result["refunded"]) == (False, {}, {})
    assert sum(result["bonus"].values()) == 90_000


def test_a_bonus_goes_only_to_those_whose_cards_are_good() -> None:
    result = KIND.simulate(campaign(100, [10, 10, 10], declined=["p1"]))
    assert result["bonus"] == {"p0": 45_000, "p2": 45_000}
    assert result["held"] == 20


def test_two_gifts_of_one_person_are_counted_together() -> None:
    gifts = campaign(10, [])
    gifts["pledges"] = [{"person": "Alice", "amount": 5}, {"person": "Alice", "amount": 6}]
    assert KIND.simulate(gifts)["captured"] == {"Alice": 11}


@pytest.mark.parametrize(
    "change",
    [
        {"terms": {"goal": 0}},
        {"terms": {"goal": 10, "bonus_pool": -1}},
        {"spent": 31},
        {"rejected": 1},
        {"declined": ["p9"]},
        {"currency": "XYZ"},
        {"pledges": [{"person": "", "amount": 1}]},
    ],
)
def test_what_contradicts_itself_is_refused_in_a_sentence(change: dict[str, Any]) -> None:
    with pytest.raises(Impossible, match=r"\w"):
        KIND.simulate(campaign(30, [10, 20]) | change)
