"""Shares of a co-operative: the cap, the founders, and a surplus split to the last won."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.money import LARGEST
from app.pledges import kinds
from app.pledges.kinds.base import (
    BadPromise,
    Conditions,
    Contribution,
    Held,
    Impossible,
    Offer,
    Others,
    Promise,
)
from app.pledges.kinds.cooperative import Rules, rules_of, split_surplus
from app.pledges.kinds.share import KIND
from tests.pledges.test_kinds import PLAIN

MONDAY = datetime(2026, 11, 30, tzinfo=UTC)
TERMS = {"unit": 50_000, "total_units": 40, "founders": 5, "cap_percent": 30}
OFFER = Offer(40, "KRW", TERMS, MONDAY)
GIVEN = {"unit": 50_000, "founders": 5, "cap_percent": 30, "year_ends": "12"}
THE_FORTY = [("민지", 12), ("준호", 10), ("Alice", 8), ("Bob", 6), ("한솔", 4)]


def trial(**changes: Any) -> dict[str, Any]:
    return {
        "kind": "share",
        "currency": "KRW",
        "terms": TERMS,
        "pledges": [{"person": person, "units": units} for person, units in THE_FORTY],
        "surplus": 1_000_000,
        "patronage_percent": 60,
        "use": {"민지": 25, "준호": 30, "Alice": 20, "Bob": 15, "한솔": 10},
        "reserve_percent": 10,
        "dividend_cap_percent": 10,
    } | changes


def hold(*wanted: tuple[str, int]) -> list[Held]:
    return [Held(str(n), person, Promise(units)) for n, (person, units) in enumerate(wanted)]


def test_surplus_of_a_million_over_forty_units() -> None:
    assert KIND.simulate(trial()) == {
        "fired": True,
        "refused": [],
        "reserve": 100_000,
        "patronage": {"민지": 135_000, "준호": 162_000, "Alice": 108_000, "Bob": 81_000, "한솔": 54_000},
        "dividend": {"민지": 60_000, "준호": 50_000, "Alice": 40_000, "Bob": 30_000, "한솔": 20_000},
        "retained": 160_000,
    }


def test_thirteenth_of_forty_units_is_refused() -> None:
    with pytest.raises(BadPromise) as refusal:
        KIND.check(Promise(1), OFFER, Others(own=12), PLAIN)
    assert refusal.value.field == "amount"
    assert refusal.value.sentence == (
        "One member may hold at most 12 of the 40 shares (30%); you have pledged 12."
    )
    with pytest.raises(BadPromise, match="at most 12 of the 40"):
        KIND.check(Promise(13), OFFER, Others(), PLAIN)
    KIND.check(Promise(12), OFFER, Others(), PLAIN)


def test_thirteenth_unit_is_refused_in_a_trial_too() -> None:
    again = [*trial()["pledges"], {"person": "민지", "units": 1}]
    assert KIND.simulate(trial(pledges=again))["refused"] == ["민지"]
    assert KIND.simulate(trial(pledges=again))["dividend"]["민지"] == 60_000


def test_settlement_holds_the_cap_again_for_two_pledges_of_one_person() -> None:
    settlement = KIND.settle(
        OFFER, hold(("민지", 12), ("준호", 9), ("민지", 1), ("A", 7), ("B", 7), ("C", 5))
    )
    assert settlement.charges == {
        "0": 600_000, "1": 450_000, "2": 0, "3": 350_000, "4": 350_000, "5": 250_000,
    }  # fmt: skip
    assert settlement.terms["2"] == {"got": 0}
    assert settlement.enough


def test_units_beyond_the_last_one_are_not_issued() -> None:
    settlement = KIND.settle(OFFER, hold(*THE_FORTY[:4], ("한솔", 3), ("Eve", 2), ("Mallory", 2)))
    assert [settlement.terms[str(n)]["got"] for n in range(7)] == [12, 10, 8, 6, 3, 1, 0]


def test_four_founders_are_not_enough_however_much_they_pay() -> None:
    four = hold(("민지", 12), ("준호", 12), ("Alice", 12), ("Bob", 4))
    assert not KIND.settle(OFFER, four).enough
    assert KIND.settle(OFFER, hold(("민지", 12), ("준호", 12), ("Alice", 12), ("Bob", 3), ("한솔", 1))).enough
    fewer = [{"person": person, "units": 10} for person in ("민지", "준호", "Alice", "Bob")]
    answer = KIND.simulate(trial(pledges=fewer, use={}))
    assert answer == {
        "fired": False, "refused": [], "reserve": 0, "patronage": {}, "dividend": {}, "retained": 0,
    }  # fmt: skip


def test_declined_card_of_a_founder_leaves_nothing_begun() -> None:
    assert not KIND.simulate(trial(declined=["Bob"]))["fired"]


def test_reserve_stops_at_three_times_what_is_paid_in() -> None:
    rules, units, use = Rules(50_000, 40), {"민지": 40}, {"민지": Fraction(1)}
    first = split_surplus(100_000_000, units, use, rules, patronage_percent=100)
    assert first.reserve == 6_000_000
    later = split_surplus(1_000_000, units, use, rules, patronage_percent=100, reserved=5_950_000)
    assert later.reserve == 50_000
    full = split_surplus(1_000_000, units, use, rules, patronage_percent=100, reserved=6_000_000)
    assert (full.reserve, full.patronage) == (0, {"민지": 1_000_000})


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"terms": TERMS | {"founders": 4}}, "founders must be"),
        ({"terms": TERMS | {"cap_percent": 31}}, "at most 30"),
        ({"terms": TERMS | {"total_units": 3}}, "fewer units than founders"),
        ({"terms": TERMS | {"unit": 0}}, "unit must be"),
        ({"terms": TERMS | {"unit": 1.5}}, "unit must be"),
        ({"terms": TERMS | {"target": 41}}, "more units than there are"),
        ({"terms": TERMS | {"unit": LARGEST}}, "together cost more"),
        ({"terms": TERMS | {"total_units": 5, "cap_percent": 10}}, "nobody could become a member"),
        ({"terms": None}, "terms must say"),
        ({"pledges": {}}, "pledges must be"),
        ({"pledges": [{"person": "", "units": 1}]}, "needs a name"),
        ({"pledges": [{"person": "민지", "units": True}]}, "units must be"),
        ({"surplus": -1}, "surplus must be"),
        ({"patronage_percent": 49}, "between 50 and 100"),
        ({"reserve_percent": 9}, "reserve_percent must be"),
        ({"reserve_percent": 101}, "at most 100"),
        ({"dividend_cap_percent": 11}, "at most 10"),
        ({"use": {"민지": 60, "준호": 41}}, "more than 100"),
        ({"use": {"Eve": 10}}, "not among the pledges"),
        ({"use": {"민지": float("nan")}}, "between 0 and 100"),
        ({"use": []}, "use must be"),
        ({"declined": "민지"}, "must be a list"),
    ],
)
def test_impossible_terms_are_refused_with_a_sentence(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Impossible, match=sentence):
        KIND.simulate(trial(**changes))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("unit", 0),
        ("unit", LARGEST),
        ("total_units", 39),
        ("total_units", 10**7),
        ("founders", 4),
        ("founders", 41),
        ("cap_percent", 0),
        ("cap_percent", 31),
        ("cap_percent", 1),
        ("reserve_percent", 9),
        ("dividend_cap_percent", 11),
        ("quorum_percent", 0),
        ("year_ends", 13),
    ],
)
def test_offer_that_the_law_forbids_is_refused_beside_its_field(field: str, value: int) -> None:
    with pytest.raises(BadPromise) as refusal:
        KIND.read_offer(40, "KRW", GIVEN | {field: value}, PLAIN)
    assert refusal.value.field == field


def test_offer_keeps_what_was_agreed() -> None:
    terms = KIND.read_offer(40, "KRW", GIVEN, PLAIN)
    assert rules_of(terms) == Rules(unit=50_000, total_units=40)
    assert {question.name for question in KIND.questions(PLAIN)} == set(terms)


def test_share_says_what_is_paid_when_and_what_if_not() -> None:
    conditions = Conditions(100, OFFER, MONDAY)
    assert KIND.explain(Promise(3), conditions, PLAIN) == (
        "You pay KRW 150,000 for 3 shares only if 100 people sign and at least 5 members take 40 shares "
        "together by 30 November 2026. Until then you can take it back at any time."
    )
    assert "KRW 50,000 a share" in KIND.explain(None, conditions, PLAIN)
    assert KIND.describe(Promise(1), PLAIN) == "1 share"
    assert kinds.find("share") is KIND
    assert KIND.contribution(Promise(3), OFFER) == Contribution("units", 3)


rules = st.builds(
    Rules,
    unit=st.integers(1, 10**6),
    total_units=st.integers(5, 300),
    cap_percent=st.integers(20, 30),
    reserve_percent=st.integers(10, 60),
    dividend_cap_percent=st.integers(0, 10),
)
people = st.sampled_from("abcdefgh")


@given(rules, st.lists(st.tuples(people, st.integers(1, 120)), max_size=30), st.integers(1, 300))
@settings(max_examples=100)
def test_nobody_pays_more_than_was_shown_or_holds_more_than_the_cap(
    rules: Rules, wanted: list[tuple[str, int]], target: int
) -> None:
    offer = Offer(min(target, rules.total_units), "KRW", vars(rules))
    held = hold(*wanted)
    settlement = KIND.settle(offer, held)
    owned: Counter[str] = Counter()
    for pledge in held:
        got = settlement.terms[pledge.id]["got"]
        assert settlement.charges[pledge.id] == got * rules.unit <= KIND.cost(pledge.promise, offer)
        owned[pledge.person] += got
    assert all(units <= rules.cap for units in owned.values())
    assert owned.total() <= rules.total_units
    founders = sum(1 for units in owned.values() if units)
    assert settlement.enough == (owned.total() >= offer.target and founders >= rules.founders)


@given(
    rules,
    st.dictionaries(people, st.integers(1, 50), min_size=1),
    st.lists(st.integers(0, 1000), min_size=8, max_size=8),
    st.tuples(st.integers(0, 10**9), st.integers(0, 10**8)),
    st.integers(50, 100),
)
@settings(max_examples=100)
def test_every_surplus_is_split_exactly_and_within_the_law(
    rules: Rules, units: dict[str, int], shares: list[int], sums: tuple[int, int], percent: int
) -> None:
    surplus, reserved = sums
    whole = sum(shares) or 1
    use = {person: Fraction(share, whole) for person, share in zip("abcdefgh", shares, strict=True)}
    split = split_surplus(surplus, units, use, rules, patronage_percent=percent, reserved=reserved)
    patronage, dividend = sum(split.patronage.values()), sum(split.dividend.values())
    equity = rules.unit * sum(units.values())
    assert split.reserve + patronage + dividend + split.retained == surplus
    assert split.retained >= 0
    assert 10 * split.reserve >= surplus or split.reserve == max(0, 3 * equity - reserved)
    assert dividend <= patronage, "at least half of what is distributed follows the use"
    assert 100 * dividend <= rules.dividend_cap_percent * equity
    assert sum(split.parts().values()) == split.distributed == patronage + dividend
    per_unit = {person: Fraction(split.dividend.get(person, 0), held) for person, held in units.items()}
    assert max(per_unit.values()) - min(per_unit.values()) <= 1
