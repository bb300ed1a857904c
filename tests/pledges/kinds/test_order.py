"""A group order: one price on what is held, whole cases, shared freight, and what a made-up crowd pays."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.clock import SEOUL
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
from app.pledges.kinds.order import KIND, dearest, fewest
from app.pledges.kinds.prices import allot, next_tier, price_at
from tests.pledges.kinds.speech import PLAIN

TIERS = [[1, 12_000], [50, 11_000], [100, 10_000]]
BEGAN = datetime(2026, 12, 1, tzinfo=UTC)
ANSWERS: dict[str, Any] = {
    "item": "Tangerines, a box of 5 kg",
    "trade": "direct",
    "origin": "Seogwipo, Jeju: Kim's grove",
    "tiers": "1: 12,000\n50-99: 11000원\n100+ 10000",
    "pickups": "Seongsu library, Saturday 10–12\nMangwon market, Sunday 14–16",
    "delivery": "2026-12-20",
}


def offer_with(target: int = 50, **answers: Any) -> Offer:
    return Offer(target, "KRW", KIND.read_offer(target, "KRW", ANSWERS | answers, PLAIN))


def tried(pledges: list[dict[str, Any]], **given_: Any) -> dict[str, Any]:
    terms = {"tiers": TIERS, "case": None, "landed_cost": 0} | given_.pop("terms", {})
    return KIND.simulate({"kind": "order", "currency": "KRW", "terms": terms, "pledges": pledges, **given_})


CROWD = [{"person": f"p{number}", "quantity": 1} for number in range(104)]
FIVE = [
    {"person": person, "min": least, "max": most}
    for person, least, most in [("a", 3, 5), ("b", 2, 2), ("c", 4, 6), ("d", 1, 3), ("e", 2, 4)]
]


def test_the_price_follows_what_is_really_held() -> None:
    whole = tried(CROWD)
    assert (whole["fired"], whole["price"], sum(whole["captured"].values())) == (True, 10_000, 1_040_000)
    failed = tried(CROWD, declined=["p1", "p20", "p40", "p60", "p80", "p103"])
    assert (failed["price"], sum(failed["captured"].values())) == (11_000, 1_078_000)
    assert sum(failed["quantity"].values()) == 98
    assert set(failed["released"].values()) == {0, 1_000}
    assert failed["captured"]["p1"] == failed["released"]["p1"] == 0


def test_cases_take_the_largest_whole_number_that_is_wanted() -> None:
    outcome = tried(FIVE, terms={"case": 10})
    assert outcome["quantity"] == {"a": 5, "b": 2, "c": 6, "d": 3, "e": 4}
    assert sum(outcome["captured"].values()) == 20 * 12_000


def test_less_than_one_case_lets_everybody_go() -> None:
    wants = [{"person": "a", "min": 5, "max": 9}, {"person": "b", "min": 2, "max": 8}]
    outcome = tried(wants, terms={"case": 20})
    assert not outcome["fired"]
    assert outcome["price"] is None
    assert outcome["captured"] == outcome["quantity"] == {"a": 0, "b": 0}
    assert outcome["released"] == {"a": 9 * 12_000, "b": 8 * 12_000}


def test_cases_that_cannot_cover_what_is_needed_let_everybody_go() -> None:
    assert allot([(6, 7), (6, 7)], 10) == [0, 0]
    assert allot([(5, 7), (5, 7)], 10) == [5, 5]


def test_spare_units_go_round_one_by_one_in_the_order_of_pledges() -> None:
    assert allot([(3, 5), (2, 2), (4, 6), (1, 3), (2, 4)], 7) == [4, 2, 5, 1, 2]
    assert allot([(1, 9), (1, 2), (1, 9)], 8) == [7, 2, 7]
    assert allot([(1, 9), (1, 2), (1, 9)], 15) == [7, 2, 6]


wants = st.lists(st.tuples(st.integers(1, 30), st.integers(0, 30)), min_size=1, max_size=12).map(
    lambda pairs: [(least, least + more) for least, more in pairs]
)
cases = st.none() | st.integers(1, 40)


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(wants, cases)
def test_units_are_given_as_if_one_by_one(asked: list[tuple[int, int]], case: int | None) -> None:
    got = allot(asked, case)
    needed, wanted_ = sum(least for least, _ in asked), sum(most for _, most in asked)
    total = wanted_ - wanted_ % (case or 1)
    if total < needed:
        assert got == [0] * len(asked)
        return
    slow, spare = [least for least, _ in asked], total - needed
    while spare:
        for place, (_, most) in enumerate(asked):
            if spare and slow[place] < most:
                slow[place] += 1
                spare -= 1
    assert got == slow


def make_table(leasts: set[int], step: int) -> list[list[int]]:
    return [[least, 3_000 - number * step] for number, least in enumerate(sorted(leasts))]


tables = st.builds(make_table, st.sets(st.integers(1, 60), min_size=1, max_size=4), st.integers(1, 700))


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(wants, cases, tables, st.integers(0, 10**6), st.data())
def test_nobody_pays_above_what_was_shown_and_sums_are_exact(
    asked: list[tuple[int, int]], case: int | None, table: list[list[int]], landed: int, data: Any
) -> None:
    goal = table[0][0] + data.draw(st.integers(0, 40))
    offer = Offer(goal, "KRW", {"tiers": table, "case": case, "freight": landed, "duty": 7})
    declined = data.draw(st.sets(st.integers(0, len(asked) - 1)))
    held = [
        Held(str(number), f"p{number}", Promise(least, "KRW", {"min": least, "max": most}))
        for number, (least, most) in enumerate(asked)
        if number not in declined
    ]
    settled = KIND.settle(offer, held)
    if not settled.enough:
        assert not any(settled.charges.values())
        return
    got = {pledge.id: settled.terms[pledge.id]["got"] for pledge in held}
    quantity = sum(got.values())
    price = price_at(table, quantity)
    assert price is not None
    assert quantity >= fewest(offer)
    assert quantity % (case or 1) == 0
    assert sum(settled.charges.values()) == quantity * price + landed + 7
    for pledge in held:
        terms = settled.terms[pledge.id]
        assert settled.charges[pledge.id] == got[pledge.id] * price + terms["landed"]
        assert settled.charges[pledge.id] <= KIND.cost(pledge.promise, offer)
        assert pledge.promise.terms["min"] <= got[pledge.id] <= pledge.promise.terms["max"]
        assert got[pledge.id] * ((landed + 7) // quantity) <= terms["landed"]
        assert terms["landed"] <= got[pledge.id] * -(-(landed + 7) // quantity)


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(tables, st.integers(1, 200))
def test_the_price_never_rises_with_the_quantity(table: list[list[int]], quantity: int) -> None:
    price, more = price_at(table, quantity), price_at(table, quantity + 1)
    assert more is None or price is None or more <= price
    better = next_tier(table, quantity)
    assert better is None or (better[0] > quantity and price_at(table, better[0]) == better[1])


def test_freight_and_duty_are_shared_by_units() -> None:
    pledges = [{"person": "a", "quantity": 2}, {"person": "b", "quantity": 1}]
    outcome = tried(pledges, terms={"tiers": [[3, 1_000]], "landed_cost": 100})
    assert outcome["captured"] == {"a": 2_000 + 67, "b": 1_000 + 33}
    assert outcome["released"] == {"a": 2 * 34 - 67, "b": 34 - 33}


def test_what_is_held_is_the_highest_price_with_the_dearest_share() -> None:
    offer = offer_with(50, trade="import", freight=90_000, duty=10_001, case=12)
    assert fewest(offer) == 60
    assert dearest(offer) == 12_000 + 1_667
    assert KIND.cost(Promise(2, "KRW", {"min": 2, "max": 5}), offer) == 5 * 13_667


def test_the_threshold_counts_what_is_sure() -> None:
    offer = offer_with(50, case=12)
    promise = KIND.read(2, {"order_most": "5", "order_pickup": "2"}, offer, PLAIN)
    assert promise == Promise(2, "KRW", {"min": 2, "max": 5, "pickup": 2})
    assert KIND.contribution(promise, offer) == Contribution("units", 2)
    sure_49 = [Held("a", "a", Promise(49, "KRW", {"min": 49, "max": 99}))]
    assert not KIND.settle(offer, sure_49).enough


def test_an_offer_is_read_as_an_organizer_writes_it() -> None:
    assert offer_with().terms == {
        "item": "Tangerines, a box of 5 kg",
        "trade": "direct",
        "origin": "Seogwipo, Jeju: Kim's grove",
        "tiers": TIERS,
        "case": None,
        "freight": 0,
        "duty": 0,
        "limit": None,
        "pickups": ["Seongsu library, Saturday 10–12", "Mangwon market, Sunday 14–16"],
        "delivery": "2026-12-20",
    }


@pytest.mark.parametrize(
    ("field", "answers"),
    [
        ("item", {"item": "  "}),
        ("item", {"item": "x" * 121}),
        ("trade", {"trade": "theft"}),
        ("origin", {"origin": ""}),
        ("tiers", {"tiers": ""}),
        ("tiers", {"tiers": "cheap"}),
        ("tiers", {"tiers": "1: 12000\n1: 11000"}),
        ("tiers", {"tiers": "1: 12000\n50: 12000"}),
        ("tiers", {"tiers": "0: 12000"}),
        ("tiers", {"tiers": "51: 12000"}),
        ("tiers", {"tiers": "1: -5"}),
        ("tiers", {"tiers": "1: 0.5"}),
        ("tiers", {"tiers": "\n".join(f"{n}: {20_000 - n}" for n in range(1, 15))}),
        ("case", {"case": 0}),
        ("limit", {"limit": 10_000}),
        ("duty", {"duty": 500}),
        ("pickups", {"pickups": " \n"}),
        ("pickups", {"pickups": "\n".join(map(str, range(21)))}),
        ("delivery", {"delivery": "soon"}),
    ],
)
def test_an_offer_that_makes_no_sense_is_refused_beside_its_question(
    field: str, answers: dict[str, Any]
) -> None:
    with pytest.raises(BadPromise) as refused:
        offer_with(50, **answers)
    assert refused.value.field == field
    assert field in {question.name for question in KIND.questions(PLAIN)}


@pytest.mark.parametrize(
    ("field", "amount", "sent", "own"),
    [
        ("order_pickup", 2, {}, 0),
        ("order_pickup", 2, {"order_pickup": "3"}, 0),
        ("order_most", 2, {"order_pickup": "1", "order_most": "many"}, 0),
        ("order_most", 2, {"order_pickup": "1", "order_most": "1"}, 0),
        ("order_most", 2, {"order_pickup": "1", "order_most": "7"}, 0),
        ("amount", 7, {"order_pickup": "1"}, 0),
        ("amount", 4, {"order_pickup": "1"}, 3),
    ],
)
def test_a_promise_that_makes_no_sense_is_refused_beside_its_field(
    field: str, amount: int, sent: dict[str, str], own: int
) -> None:
    offer = offer_with(50, case=12, limit=6)
    others = Others(own, [{"min": own, "max": own}] if own else [])
    with pytest.raises(BadPromise) as refused:
        KIND.check(KIND.read(amount, sent, offer, PLAIN), offer, others, PLAIN)
    assert refused.value.field == field


@given(
    limit=st.integers(1, 12),
    case=st.sampled_from([None, 2, 3, 5]),
    orders=st.lists(st.tuples(st.integers(1, 8), st.integers(0, 8)), max_size=8),
)
def test_no_filled_case_gives_one_person_more_than_the_limit(
    limit: int, case: int | None, orders: list[tuple[int, int]]
) -> None:
    offer = Offer(1, "KRW", {"tiers": TIERS, "case": case, "limit": limit})
    accepted: list[Promise] = []
    for least, more in orders:
        terms = {"min": least, "max": least + more} if case else {"quantity": least}
        promise = Promise(least, "KRW", terms)
        own = Others(sum(each.amount for each in accepted), [each.terms for each in accepted])
        with suppress(BadPromise):
            KIND.check(promise, offer, own, PLAIN)
            accepted.append(promise)
    settled = KIND.settle(offer, [Held(str(n), "minji", each) for n, each in enumerate(accepted)])
    assert sum(terms["got"] for terms in settled.terms.values()) <= limit


def test_a_second_order_counts_beside_the_most_of_the_first() -> None:
    offer = Offer(1, "KRW", {"tiers": TIERS, "case": 3, "limit": 5})
    first = Others(1, [{"min": 1, "max": 4}])
    KIND.check(Promise(1, "KRW", {"min": 1, "max": 1}), offer, first, PLAIN)
    with pytest.raises(BadPromise) as refused:
        KIND.check(Promise(1, "KRW", {"min": 1, "max": 2}), offer, first, PLAIN)
    assert refused.value.field == "order_most"


def test_without_cases_there_is_one_quantity_and_a_lone_pick_up_point_needs_no_choice() -> None:
    offer = offer_with(50, pickups="Seongsu library")
    promise = KIND.read(3, {"order_most": "9"}, offer, PLAIN)
    KIND.check(promise, offer, Others(), PLAIN)
    assert promise.terms == {"quantity": 3, "pickup": 1}
    ranged = Promise(3, "KRW", {"min": 3, "max": 9, "pickup": 1})
    with pytest.raises(BadPromise):
        KIND.check(ranged, offer, Others(), PLAIN)
    with pytest.raises(BadPromise):
        KIND.check(Promise(0, "KRW", {"quantity": 0, "pickup": 1}), offer, Others(), PLAIN)


def test_the_organizer_owes_each_buyer_the_units_by_the_day() -> None:
    offer = offer_with()
    (owed,) = KIND.duties(Promise(3, "KRW", {"min": 3, "max": 5, "got": 4}), offer, BEGAN)
    assert (owed.debtor, owed.creditor, owed.measure, owed.amount) == ("organizer", "pledger", "units", 4)
    assert owed.due == datetime(2026, 12, 20, 23, 59, 59, tzinfo=SEOUL)
    late = datetime(2026, 12, 25, tzinfo=UTC)
    assert KIND.duties(Promise(3, "KRW"), offer, late)[0].due == late + timedelta(days=14)


def test_the_sentence_names_the_most_it_costs_both_targets_and_the_day() -> None:
    offer = offer_with(50)
    when = Conditions(1_000, offer, datetime(2026, 11, 30, tzinfo=UTC))
    assert KIND.explain(Promise(3, "KRW", {"quantity": 3}), when, PLAIN) == (
        "You pay at most KRW 36,000 for 3 units, and less when more is ordered, only if 1,000 people sign "
        "and 50 units are ordered by 30 November 2026. Until then you can take it back at any time."
    )
    assert "at most KRW 12,000 a unit" in KIND.explain(None, when, PLAIN)
    assert KIND.describe(Promise(1, "KRW", {"min": 1, "max": 4}), PLAIN) == "1 to 4 units"
    assert KIND.describe(Promise(1, "KRW", {"quantity": 1}), PLAIN) == "1 unit"


@pytest.mark.parametrize(
    "broken",
    [
        {"terms": {"tiers": []}},
        {"terms": {"tiers": [[1]]}},
        {"terms": {"tiers": [[1, 12_000], [1, 11_000]]}},
        {"terms": {"tiers": [[1, 12_000], [5, 13_000]]}},
        {"terms": {"tiers": [[1, 0.5]]}},
        {"terms": {"case": 0}},
        {"terms": {"case": True}},
        {"terms": {"landed_cost": -1}},
        {"terms": {"goal": 0}},
        {"terms": None},
        {"pledges": None},
        {"pledges": [{"quantity": 1}]},
        {"pledges": [{"person": "a"}]},
        {"pledges": [{"person": "a", "quantity": 0}]},
        {"pledges": [{"person": "a", "quantity": 1, "min": 1, "max": 2}]},
        {"pledges": [{"person": "a", "min": 3, "max": 2}]},
        {"declined": ["stranger"]},
        {"declined": "p1"},
    ],
)
def test_impossible_terms_are_refused_with_a_sentence(broken: dict[str, Any]) -> None:
    given_: dict[str, Any] = {"terms": {"tiers": TIERS}, "pledges": CROWD} | broken
    if isinstance(broken.get("terms"), dict):
        given_["terms"] = {"tiers": TIERS} | broken["terms"]
    with pytest.raises(Impossible) as refused:
        KIND.simulate(given_)
    assert str(refused.value).endswith(".")


def test_the_day_of_delivery_comes_after_the_deadline() -> None:
    terms = offer_with().terms
    KIND.check_deadline(terms, datetime(2026, 12, 20, 14, 0, tzinfo=UTC), PLAIN)
    with pytest.raises(BadPromise) as refused:
        KIND.check_deadline(terms, datetime(2026, 12, 20, 15, 0, tzinfo=UTC), PLAIN)
    assert refused.value.field == "delivery"
