"""What becomes of gifts: captured whole, given back in proportion, or thanked with a sponsor's bonus."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.pledges.kinds.base import BadPromise, Held, Impossible, Offer, Others, Promise
from app.pledges.kinds.gift import KIND, SENT_WITHIN, shared
from app.pledges.kinds.thanks import tiers_of
from tests.pledges.kinds.speech import PLAIN

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


def test_the_vector_of_a_bonus() -> None:
    """Goal 3,000,000; 180 × 10,000 at the deadline; a pool of 90,000: nobody pays, each gets 500."""
    gifts = campaign(3_000_000, [10_000] * 180)
    result = KIND.simulate(gifts)
    assert (result["fired"], result["held"], result["captured"]) == (False, 1_800_000, {})
    assert set(result["bonus"].values()) == {500}
    assert len(result["bonus"]) == 180


def test_the_vector_of_a_refund_in_proportion() -> None:
    """276 × 10,000, 1,000,000 spent, rejected: 1,760,000 back, 224 get 6,377 and 52 get 6,376."""
    result = KIND.simulate(campaign(2_760_000, [10_000] * 276, spent=1_000_000, rejected=True))
    back = list(result["refunded"].values())
    assert sum(back) == 1_760_000
    assert back == [6_377] * 224 + [6_376] * 52


@given(st.integers(0, 10**9), amounts)
def test_equal_gifts_differ_by_one_at_most_and_the_first_get_it(total: int, sums: list[int]) -> None:
    equal = [Held(str(place), f"p{place}", Promise(10)) for place in range(len(sums))]
    parts = list(shared(total, equal).values())
    assert sum(parts) == total
    assert parts == sorted(parts, reverse=True)
    assert max(parts) - min(parts) <= 1


WRITTEN = "30,000: a postcard\n\n 100000 = dinner with all of us "


def offer(text: str = WRITTEN) -> Offer:
    return Offer(3_000_000, "KRW", KIND.read_offer(3_000_000, "KRW", {"thanks": text}, PLAIN))


def test_thanks_are_offered_line_by_line() -> None:
    assert tiers_of(offer()) == [(30_000, "a postcard"), (100_000, "dinner with all of us")]
    assert KIND.read_offer(3_000_000, "KRW", {}, PLAIN) == {}


@pytest.mark.parametrize(
    "text",
    [
        "a postcard",
        "x: y",
        "0: y",
        "10: a\n10: b",
        f"10: {'x' * 81}",
        "10: a\u202eb",
        "10.5: a",
        "\n".join(f"{place}: x" for place in range(1, 12)),
    ],
)
def test_thanks_nobody_could_send_are_refused_beside_the_question(text: str) -> None:
    with pytest.raises(BadPromise) as bad:
        offer(text)
    assert bad.value.field == "thanks"


def test_thanks_are_asked_for_or_declined() -> None:
    asked = {"gift_thanks": "1", "gift_to": " 서울시 마포구 1 ", "gift_behalf": "우리 반"}
    promise = KIND.read(30_000, asked, offer(), PLAIN)
    KIND.check(promise, offer(), Others(), PLAIN)
    assert promise.terms == {"thanks": "a postcard", "to": "서울시 마포구 1", "behalf": "우리 반"}
    began = datetime(2026, 11, 30, tzinfo=UTC)
    [duty] = KIND.duties(promise, offer(), began)
    assert (duty.debtor, duty.name, duty.due) == ("organizer", "thanks", began + SENT_WITHIN)
    declined = KIND.read(30_000, {"gift_thanks": "0", "gift_to": "x"}, offer(), PLAIN)
    assert declined.terms == {}
    assert KIND.duties(declined, offer(), began) == ()


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"gift_thanks": "3", "gift_to": "x"}, "gift_thanks"),
        ({"gift_thanks": "-1", "gift_to": "x"}, "gift_thanks"),
        ({"gift_thanks": "2", "gift_to": "x"}, "gift_thanks"),
        ({"gift_thanks": "1"}, "gift_to"),
        ({"gift_thanks": "1", "gift_to": "x" * 201}, "gift_to"),
        ({"gift_behalf": "x" * 81}, "gift_behalf"),
        ({"gift_behalf": "a\nb"}, "gift_behalf"),
    ],
)
def test_thanks_that_do_not_fit_are_refused_beside_their_field(asked: dict[str, str], field: str) -> None:
    with pytest.raises(BadPromise) as bad:
        KIND.check(KIND.read(99_999, asked, offer(), PLAIN), offer(), Others(), PLAIN)
    assert bad.value.field == field


@pytest.mark.parametrize("terms", [{"x": 1}, {"thanks": "a postcard"}, {"thanks": "gold", "to": "x"}])
def test_terms_that_no_form_sends_are_refused(terms: dict[str, Any]) -> None:
    with pytest.raises(BadPromise):
        KIND.check(Promise(10**6, "KRW", terms), offer(), Others(), PLAIN)
