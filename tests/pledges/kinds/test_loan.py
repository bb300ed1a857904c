"""A loan: units, the schedule, who gets what of every instalment, and what a default costs whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.clock import SEOUL
from app.pledges.kinds import loan
from app.pledges.kinds.base import BadPromise, Conditions, Held, Impossible, Offer, Others, Promise
from app.pledges.kinds.loan import KIND
from app.pledges.kinds.repaying import Stake, Waterfall, due_days, give_up, pay, received_by, schedule
from tests.pledges.kinds.speech import PLAIN

WON = 10_000
TERMS = {"unit": WON, "cap": 5, "instalments": 12, "first_after": 1}
OFFER = Offer(3_000_000, "KRW", TERMS, datetime(2026, 12, 31, 14, 59, tzinfo=UTC))


def essay(*events: dict[str, Any], **terms: Any) -> dict[str, Any]:
    return KIND.simulate(
        {
            "kind": "loan",
            "currency": "KRW",
            "terms": {"unit": WON, "units": 300, "instalments": 12, "reserve": 0} | terms,
            "pledges": [{"person": f"p{number}", "units": 1} for number in range(300)],
            "events": list(events),
        }
    )


def groups(received: dict[str, int]) -> list[int]:
    """What units 0–99, 100–199 and 200–299 have received; each group the same."""
    values = list(received.values())
    assert all(len(set(values[start : start + 100])) == 1 for start in (0, 100, 200))
    return values[::100]


@pytest.mark.parametrize(
    ("instalments", "expected"),
    [
        (1, [834, 833, 833]),
        (2, [834 + 833, 833 + 834, 833 + 833]),
        (3, [2_500, 2_500, 2_500]),
        (12, [WON, WON, WON]),
    ],
)
def test_twelve_instalments_come_back_to_three_hundred_lenders(instalments: int, expected: list[int]) -> None:
    outcome = essay(*[{"repay": 250_000}] * instalments)
    assert outcome["fired"]
    assert outcome["schedule"] == [250_000] * 12
    assert groups(outcome["received"]) == expected
    assert set(outcome["written_off"].values()) == {0}


def test_the_borrower_stops_after_five_and_a_half() -> None:
    events: list[dict[str, Any]] = [*[{"repay": 250_000}] * 5, {"repay": 100_000}]
    assert groups(essay(*events, reserve=150_000)["received"]) == [4_500] * 3
    defaulted = essay(*events, {"default": True}, reserve=150_000)
    assert groups(defaulted["received"]) == [5_000] * 3
    assert (set(defaulted["written_off"].values()), defaulted["reserve_left"]) == ({5_000}, 0)
    recovered = essay(*events, {"default": True}, {"recover": 200_000}, reserve=150_000)
    assert groups(recovered["received"]) == [5_667, 5_667, 5_666]
    assert groups(recovered["written_off"]) == [4_333, 4_333, 4_334]


def test_recoveries_fill_the_lenders_first_and_the_reserve_after_them() -> None:
    outcome = essay(
        {"repay": 2_800_000}, {"default": True}, {"recover": 120_000}, {"repay": 80_000}, reserve=150_000
    )
    assert set(outcome["received"].values()) == {WON}
    assert set(outcome["written_off"].values()) == {0}
    assert outcome["reserve_left"] == 150_000


def test_too_few_units_lend_nothing() -> None:
    outcome = KIND.simulate(
        {
            "terms": {"unit": WON, "units": 3, "instalments": 3},
            "pledges": [{"person": "민지", "units": 2}, {"person": "준호", "units": 1}],
            "declined": ["준호"],
            "events": [],
        }
    )
    assert outcome == {
        "fired": False,
        "schedule": [],
        "received": {"민지": 0, "준호": 0},
        "written_off": {"민지": 0, "준호": 0},
        "reserve_left": 0,
    }


@pytest.mark.parametrize(
    "wrong",
    [
        {"terms": None},
        {"terms": {"unit": 0, "units": 3, "instalments": 1}},
        {"terms": {"unit": 10_000.5, "units": 3, "instalments": 1}},
        {"terms": {"unit": True, "units": 3, "instalments": 1}},
        {"terms": {"unit": 10**9, "units": 10**5, "instalments": 1}},
        {"terms": {"unit": 1, "units": 3, "instalments": 4}},
        {"terms": {"unit": 1, "units": 3, "instalments": 1, "reserve": -1}},
        {"terms": {"unit": 1, "units": 3, "instalments": 1, "cap": 2}},
        {"pledges": None},
        {"pledges": [{"person": "p", "units": 0}]},
        {"pledges": [{"person": "", "units": 1}]},
        {"pledges": ["p"]},
        {"declined": ["nobody"]},
        {"events": None},
        {"events": [{"repay": 31}]},
        {"events": [{"repay": 0}]},
        {"events": [{"repay": -1}]},
        {"events": [{"recover": 5}]},
        {"events": [{"default": True}, {"default": True}]},
        {"events": [{"repay": 30}, {"default": True}]},
        {"events": [{"repay": 3, "default": True}]},
        {"events": [{"forgive": 5}]},
    ],
)
def test_impossible_terms_are_refused_with_a_sentence(wrong: dict[str, Any]) -> None:
    fine: dict[str, Any] = {
        "terms": {"unit": 10, "units": 3, "instalments": 3},
        "pledges": [{"person": "p", "units": 3}],
        "events": [],
    }
    assert KIND.simulate(fine)["fired"]
    with pytest.raises(Impossible, match=r"\.$"):
        KIND.simulate(fine | wrong)


@st.composite
def stakes(draw: st.DrawFn) -> list[Stake]:
    sizes = draw(st.lists(st.integers(1, 40), min_size=1, max_size=12))
    firsts = [sum(sizes[:index]) for index in range(len(sizes))]
    return [Stake(str(index), *pair) for index, pair in enumerate(zip(firsts, sizes, strict=True))]


@settings(max_examples=100, deadline=None)
@given(stakes(), st.lists(st.integers(0, 10**6), max_size=8))
def test_every_split_is_exact_never_falls_and_treats_units_alike(
    lenders: list[Stake], payments: list[int]
) -> None:
    units = sum(stake.units for stake in lenders)
    total, before = 0, [0] * len(lenders)
    for payment in payments:
        total += payment
        now = [received_by(stake, total, units) for stake in lenders]
        assert sum(now) == total
        assert all(later >= earlier for later, earlier in zip(now, before, strict=True))
        single = [received_by(Stake("", number, 1), total, units) for number in range(units)]
        assert max(single) - min(single) <= 1
        assert single == sorted(single, reverse=True)
        before = now


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 1000), st.integers(0, 600), st.lists(st.integers(-1, 400), max_size=12))
def test_the_waterfall_never_makes_or_loses_money(lent: int, reserve: int, steps: list[int]) -> None:
    state = Waterfall(lent, reserve)
    for step in steps:
        before = state
        state = give_up(state) if step <= 0 else pay(state, min(step, state.owed)) if state.owed else state
        assert state.to_lenders >= before.to_lenders
        assert state.to_lenders + state.written_off <= state.lent
        assert state.paid + state.drawn == state.to_lenders + state.restored
        assert 0 <= state.restored <= state.drawn <= state.reserve
        if state.restored:
            assert state.to_lenders == state.lent
    if state.owed == 0:
        assert (state.to_lenders, state.written_off, state.reserve_left) == (lent, 0, reserve)


@settings(max_examples=100, deadline=None)
@given(
    st.integers(1, 30),
    st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(1, 9)), max_size=15),
)
def test_only_the_units_asked_for_are_charged_in_the_order_of_the_pledges(
    units: int, wanted: list[tuple[str, int]]
) -> None:
    offer = Offer(units * 7, "KRW", {"unit": 7})
    held = [
        Held(str(number), person, Promise(count * 7, "KRW")) for number, (person, count) in enumerate(wanted)
    ]
    outcome = KIND.settle(offer, held)
    assert outcome.enough == (sum(count for _, count in wanted) >= units)
    assert sum(outcome.charges.values()) == (units * 7 if outcome.enough else 0)
    full = [outcome.charges.get(pledge.id, 0) == pledge.promise.amount for pledge in held]
    assert full == sorted(full, reverse=True)
    for pledge in held:
        assert 0 <= outcome.charges.get(pledge.id, 0) <= KIND.cost(pledge.promise, offer)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 10**9), st.integers(1, 120))
def test_a_schedule_adds_up_and_its_instalments_differ_by_one_at_most(lent: int, number: int) -> None:
    amounts = schedule(lent, number)
    assert sum(amounts) == lent
    assert max(amounts) - min(amounts) <= 1
    assert amounts == sorted(amounts, reverse=True)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 5 * 366 * 24 * 60), st.integers(1, 60))
def test_instalments_fall_due_once_a_month_at_the_end_of_a_day_in_seoul(minutes: int, months: int) -> None:
    began = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    local = began.astimezone(SEOUL)
    days = [moment.astimezone(SEOUL) for moment in due_days(began, 24, months)]
    for number, due in enumerate(days):
        gone = (due.year - local.year) * 12 + due.month - local.month
        assert gone == months + number
        assert due.day == local.day or (due.day < local.day and (due + timedelta(days=1)).day == 1)
        assert (due.hour, due.minute, due.second) == (23, 59, 59)


def test_the_thirty_first_becomes_the_last_of_shorter_months() -> None:
    began = datetime(2027, 1, 30, 15, 30, tzinfo=UTC)
    days = [due.astimezone(SEOUL).date().isoformat() for due in due_days(began, 4, 1)]
    assert days == ["2027-02-28", "2027-03-31", "2027-04-30", "2027-05-31"]


def test_the_action_owes_its_instalments_to_the_crowd() -> None:
    duties = KIND.common_duties(OFFER, 3_000_000, datetime(2026, 12, 1, tzinfo=UTC))
    assert sum(duty.amount for duty in duties) == 3_000_000
    assert {(duty.debtor, duty.creditor, duty.measure) for duty in duties} == {
        ("organizer", "crowd", "money")
    }
    assert len({duty.name for duty in duties}) == 12


@pytest.mark.parametrize(
    ("amount", "currency", "own", "sentence"),
    [
        (10_001, "KRW", 0, "Lend whole units"),
        (0, "KRW", 0, "Lend whole units"),
        (-WON, "KRW", 0, "Lend whole units"),
        (60_000, "KRW", 0, "lends at most"),
        (20_000, "KRW", 40_000, "you lend"),
        (20_000, "USD", 0, "counts in KRW"),
    ],
)
def test_a_promise_is_whole_units_up_to_the_cap(amount: int, currency: str, own: int, sentence: str) -> None:
    with pytest.raises(BadPromise, match=sentence):
        KIND.check(Promise(amount, currency), OFFER, Others(own=own), PLAIN)
    KIND.check(Promise(10_000, "KRW"), OFFER, Others(own=40_000), PLAIN)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"unit": 0}, "unit"),
        ({"unit": "many"}, "unit"),
        ({"unit": 7_000}, "target"),
        ({"unit": 1}, "unit"),
        ({"cap": 0}, "cap"),
        ({"cap": 301}, "cap"),
        ({"instalments": 121}, "instalments"),
        ({"instalments": None}, "instalments"),
        ({"first_after": 61}, "first_after"),
    ],
)
def test_an_offer_that_cannot_be_is_refused_beside_its_field(change: dict[str, Any], field: str) -> None:
    assert KIND.read_offer(3_000_000, "KRW", TERMS, PLAIN) == TERMS
    with pytest.raises(BadPromise) as refused:
        KIND.read_offer(3_000_000, "KRW", TERMS | change, PLAIN)
    assert refused.value.field == field


def test_one_sentence_says_what_is_lent_when_and_how_it_comes_back() -> None:
    conditions = Conditions(300, OFFER, datetime(2026, 12, 31, 14, 59, tzinfo=UTC))
    for promise in (None, KIND.read(20_000, {}, OFFER, PLAIN)):
        sentence = KIND.explain(promise, conditions, PLAIN)
        assert "without interest" in sentence
        assert "12" in sentence
    assert KIND.read(20_000, {}, OFFER, PLAIN).terms == {"units": 2}


def test_the_kind_is_found_by_its_name() -> None:
    assert loan.KIND.measure({}) == "money"
    assert KIND.release == "disbursement"
