"""Subscriptions: what a crowd is worth, what each pays, when it is charged, and small sums carried on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.clock import SEOUL
from app.money import LARGEST
from app.pledges.kinds import months
from app.pledges.kinds.base import BadPromise, Conditions, Contribution, Impossible, Offer, Others, Promise
from app.pledges.kinds.recurring import KIND, crowd_value, units_owed, worth_charging

from .speech import PLAIN

FRIDAY = datetime(2026, 12, 4, 23, 59, tzinfo=SEOUL)
FIXED = Offer(500_000, "KRW", {"mode": "fixed"})
CROWD = Offer(300, "KRW", {"mode": "crowdmatched", "unit": 10})
caps = st.lists(st.none() | st.integers(0, 30), max_size=30)


def simulate(terms: Mapping[str, Any], *pledges: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    named = [{"person": f"p{number}"} | dict(pledge) for number, pledge in enumerate(pledges, start=1)]
    return KIND.simulate({"kind": "recurring", "terms": terms, "pledges": named} | more)


def crowd(*sizes: int | None, unit: int = 1, **more: Any) -> dict[str, Any]:
    return simulate({"mode": "crowdmatched", "unit": unit}, *({"cap": size} for size in sizes), **more)


# the value of a crowd


def test_caps_of_5_5_4_2_1_are_worth_3_and_three_pay_3() -> None:
    assert crowd(5, 5, 4, 2, 1) == {"value": 3, "charged": {"p1": 3, "p2": 3, "p3": 3}}


def test_a_thousand_without_a_cap_at_1_won_make_a_million() -> None:
    result = crowd(*[None] * 1000)
    assert result["value"] == 1000
    assert sum(result["charged"].values()) == 1_000_000


@given(caps)
def test_the_value_is_the_largest_that_enough_people_go_along_with(sizes: list[int | None]) -> None:
    def willing(k: int) -> int:
        return sum(cap is None or cap >= k for cap in sizes)

    assert crowd_value(sizes) == max(k for k in range(len(sizes) + 1) if willing(k) >= k)


@given(caps, st.integers(1, 1000))
def test_nobody_pays_above_the_cap_and_those_who_pay_pay_alike(sizes: list[int | None], unit: int) -> None:
    value = crowd_value(sizes)
    owed = [units_owed(cap, value) for cap in sizes]
    assert all(cap is None or paid <= cap for cap, paid in zip(sizes, owed, strict=True))
    assert set(owed) <= {0, value}
    assert sum(crowd(*sizes, unit=unit)["charged"].values()) == sum(owed) * unit


@given(caps, st.none() | st.integers(0, 30))
def test_another_patron_never_makes_the_crowd_worth_less(sizes: list[int | None], cap: int | None) -> None:
    before = crowd_value(sizes)
    assert before <= crowd_value([*sizes, cap]) <= before + 1


@given(caps, st.randoms(use_true_random=False))
def test_the_order_of_patrons_is_of_no_account(sizes: list[int | None], random: Any) -> None:
    mixed = list(sizes)
    random.shuffle(mixed)
    assert crowd_value(mixed) == crowd_value(sizes)


# small sums


@given(st.integers(0, 10_000), st.integers(0, 1000))
def test_a_sum_is_charged_once_the_fee_is_under_a_tenth_of_it(owed: int, fee: int) -> None:
    assert worth_charging(owed, fee) == (owed > 0 and fee / owed < 0.1)


@given(st.integers(1, 5000), st.integers(0, 300), st.integers(1, 48))
def test_what_is_charged_and_what_is_carried_are_all_the_months(owed: int, fee: int, count: int) -> None:
    carried = charged = 0
    for _month in range(count):
        carried += owed
        if worth_charging(carried, fee):
            charged, carried = charged + carried, 0
    result = simulate({"mode": "fixed"}, {"amount": owed}, months=count, fee=fee)
    assert result["charged"].get("p1", 0) == charged
    assert result["carried"].get("p1", 0) == carried
    assert charged + carried == count * owed


def test_own_amounts_are_charged_each_month_and_failing_cards_are_not() -> None:
    result = simulate(
        {"mode": "fixed"}, {"amount": 10_000}, {"amount": 3_000}, {"amount": 5_000}, months=3, declined=["p2"]
    )
    assert result == {"value": 15_000, "charged": {"p1": 30_000, "p3": 15_000}}


@pytest.mark.parametrize(
    "wrong",
    [
        {"terms": None},
        {"terms": {"mode": "weekly"}},
        {"terms": {"mode": "crowdmatched", "unit": 0}},
        {"terms": {"mode": "crowdmatched", "unit": True}},
        {"months": 0},
        {"months": 1.5},
        {"fee": -1},
        {"pledges": {}},
        {"pledges": ["p1"]},
        {"pledges": [{"cap": 1}]},
        {"pledges": [{"person": "p1", "cap": -1}]},
        {"pledges": [{"person": "p1", "cap": "3"}]},
        {"pledges": [{"person": "p1"}, {"person": "p1"}]},
        {"declined": ["p9"]},
        {"declined": [["p1"]]},
        {"terms": {"mode": "fixed"}, "pledges": [{"person": "p1"}]},
        {"terms": {"mode": "fixed"}, "pledges": [{"person": "p1", "amount": LARGEST + 1}]},
    ],
)
def test_impossible_terms_are_refused_with_a_sentence(wrong: dict[str, Any]) -> None:
    given_terms = {"terms": {"mode": "crowdmatched", "unit": 1}, "pledges": [{"person": "p1", "cap": 1}]}
    with pytest.raises(Impossible, match=r"\.$"):
        KIND.simulate(given_terms | wrong)


# what is offered and promised


@given(st.integers(1, LARGEST))
def test_an_amount_of_ones_own_counts_whole_and_holds_nothing(amount: int) -> None:
    promise = KIND.read(amount, {}, FIXED, PLAIN)
    KIND.check(promise, FIXED, Others(), PLAIN)
    assert KIND.contribution(promise, FIXED) == Contribution("money", amount)
    assert KIND.cost(promise, FIXED) == 0
    assert KIND.settle(FIXED, []).enough


@given(st.integers(10, LARGEST))
def test_a_limit_counts_as_one_patron_and_is_never_rounded_up(most: int) -> None:
    promise = KIND.read(most, {}, CROWD, PLAIN)
    KIND.check(promise, CROWD, Others(), PLAIN)
    assert KIND.contribution(promise, CROWD) == Contribution("units", 1)
    assert KIND.cost(promise, CROWD) == 0
    assert most - 10 < promise.terms["cap"] * 10 == promise.terms["most"] <= most


@pytest.mark.parametrize(
    ("promise", "offer", "others", "field"),
    [
        (Promise(0, "KRW"), FIXED, Others(), "amount"),
        (Promise(LARGEST + 1, "KRW"), FIXED, Others(), "amount"),
        (Promise(1000, "USD"), FIXED, Others(), "amount"),
        (Promise(1000, "KRW", {"cap": 1}), FIXED, Others(), "kind"),
        (Promise(1000, "KRW"), FIXED, Others(own=500), "kind"),
        (Promise(1, "KRW", {"cap": 0, "most": 0}), CROWD, Others(), "amount"),
        (Promise(1, "KRW"), CROWD, Others(), "amount"),
        (Promise(2, "KRW", {"cap": 9, "most": 90}), CROWD, Others(), "amount"),
        (Promise(1, "KRW", {"cap": LARGEST, "most": LARGEST * 10}), CROWD, Others(), "amount"),
        (Promise(1, "KRW", {"cap": 9, "most": 90}), CROWD, Others(own=1), "kind"),
    ],
)
def test_promises_that_cannot_be_kept_are_refused(
    promise: Promise, offer: Offer, others: Others, field: str
) -> None:
    with pytest.raises(BadPromise) as refused:
        KIND.check(promise, offer, others, PLAIN)
    assert refused.value.field == field
    assert refused.value.sentence.endswith(".")


def test_an_organizer_chooses_between_own_amounts_and_the_crowd() -> None:
    assert KIND.read_offer(500_000, "KRW", {}, PLAIN) == {"mode": "fixed"}
    crowdmatched = KIND.read_offer(300, "KRW", {"mode": "crowdmatched", "unit": 10}, PLAIN)
    assert crowdmatched == CROWD.terms
    assert (KIND.measure(FIXED.terms), KIND.measure(crowdmatched)) == ("money", "units")


@pytest.mark.parametrize(
    ("answers", "field"),
    [
        ({"mode": "weekly"}, "mode"),
        ({"mode": "crowdmatched"}, "unit"),
        ({"mode": "crowdmatched", "unit": 0}, "unit"),
        ({"mode": "crowdmatched", "unit": LARGEST}, "unit"),
    ],
)
def test_an_offer_that_makes_no_sense_is_refused(answers: dict[str, Any], field: str) -> None:
    with pytest.raises(BadPromise) as refused:
        KIND.read_offer(300, "KRW", answers, PLAIN)
    assert refused.value.field == field


def test_the_sentence_says_what_is_paid_when_and_what_if_not() -> None:
    assert KIND.explain(Promise(5_000, "KRW"), Conditions(1_000, FIXED, FRIDAY), PLAIN) == (
        "You pay KRW 5,000 every month, from the first of the month after 1,000 people have signed and "
        "KRW 500,000 a month is pledged; if that has not happened by 04 December 2026, you pay nothing. "
        "You can pause or cancel at any time."
    )
    promise = KIND.read(5_005, {}, CROWD, PLAIN)
    sentence = KIND.explain(promise, Conditions(1_000, CROWD, FRIDAY), PLAIN)
    assert "KRW 10 a month for each person who takes part, at most KRW 5,000," in sentence
    assert "300 take part" in sentence
    assert KIND.describe(promise, PLAIN) == "at most KRW 5,000 a month"
    assert "never more than the limit" in KIND.explain(None, Conditions(1_000, CROWD, FRIDAY), PLAIN)


# months


@given(st.integers(0, 2**32).map(lambda second: datetime.fromtimestamp(second, UTC)))
def test_every_moment_is_in_one_month_of_seoul(at: datetime) -> None:
    month = months.month_of(at)
    assert months.starts_at(month) <= at < months.starts_at(month + 1)
    assert months.written(month) == f"{at.astimezone(SEOUL):%Y-%m}"
    assert months.first_month(at) == month + 1
    assert months.told_at(months.told_month(at)) <= at < months.told_at(months.told_month(at) + 1)


@settings(max_examples=20)
@given(st.integers(1, 47), st.sampled_from([timedelta(0), timedelta(hours=9)]))
def test_whatever_the_hours_of_looking_no_month_is_met_twice_or_skipped(hours: int, shift: timedelta) -> None:
    """Over four years, with a month of 29 days among them, looked at every few hours on either clock."""
    at, end = datetime(2027, 1, 31, 14, 59, tzinfo=UTC) + shift, datetime(2031, 3, 15, tzinfo=UTC)
    met = [months.month_of(at)]
    while (at := at + timedelta(hours=hours)) < end:
        if months.month_of(at) != met[-1]:
            met.append(months.month_of(at))
    assert met == list(range(met[0], months.month_of(end) + 1))


@pytest.mark.parametrize("year", [2027, 2028])
def test_set_up_in_the_last_minute_of_any_month_the_first_charge_is_one_minute_later(year: int) -> None:
    for month in range(year * 12, year * 12 + 12):
        last_minute = months.starts_at(month + 1) - timedelta(minutes=1)
        assert months.first_month(last_minute) == month + 1
        assert months.first_month(last_minute + timedelta(minutes=1)) == month + 2


def test_a_charge_that_fails_on_the_1st_is_tried_on_the_3rd_5th_10th_15th_and_20th() -> None:
    first = months.starts_at(2027 * 12 + 1)
    at, days = first, []
    for failures in range(1, 6):
        found = months.next_try(first, failures, at)
        assert found is not None
        days.append(found.astimezone(SEOUL).day)
        at = found
    assert days == [3, 5, 10, 15, 20]
    assert months.next_try(first, 6, at) is None
    assert months.last_try(2027 * 12 + 1) == datetime(2027, 2, 21, tzinfo=SEOUL)


@given(st.integers(1, 5), st.integers(0, 40), st.integers(0, 40))
def test_tries_that_were_late_never_crowd_together(failures: int, late: int, later: int) -> None:
    first = months.starts_at(2027 * 12) + timedelta(days=late)
    at = first + timedelta(days=later)
    found = months.next_try(first, failures, at)
    assert found is not None
    assert found - at >= timedelta(days=1)
