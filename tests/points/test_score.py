"""The score: the published vectors, the rules one by one, and the properties P1 to P7."""

import random
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.points.replay import parse_events
from app.points.rules import EARNING_CLASSES, EarningClass, PointEvent
from app.points.score import diminish, score, scores_at, shown

from .ledgers import PEOPLE, VECTORS, deed, deeds, ledgers, void

EVENTS = parse_events(VECTORS)
DAYS = st.integers(0, 900)
EXPECTED = [
    (person, int(day), mp)
    for person, days in VECTORS["expected_floor_mp"].items()
    for day, mp in days.items()
]


def frauds() -> list[PointEvent]:
    case = VECTORS["fraud_case"]
    voids = [void(f"v{number}", target, 75) for number, target in enumerate(case["voids"])]
    loss = deed("fraud", case["penalty_day"], "O", None, case["penalty_mp"], class_="penalty")
    return [*EVENTS, *voids, loss]


@pytest.mark.parametrize(("person", "day", "mp"), EXPECTED)
def test_published_scores(person: str, day: int, mp: int) -> None:
    assert shown(score(EVENTS, person, day)) == mp


def test_published_fraud_case() -> None:
    scores = scores_at(frauds(), 89)
    expected = VECTORS["fraud_case"]["expected_day89"]
    assert {person: scores[person] for person in expected} == expected
    assert score(frauds(), "O", 89) < 0


def test_one_counterparty_gives_less_and_less_in_a_quarter() -> None:
    together = [deed("1", 1, "민지", "준호", 15_000), deed("2", 80, "민지", "준호", 15_000)]
    apart = [deed("1", 1, "민지", "준호", 15_000), deed("2", 80, "민지", "Bob", 15_000)]
    assert score(together, "민지", 89) == 10_000
    assert score(apart, "민지", 89) == 15_000


def test_a_new_quarter_starts_afresh_and_the_old_one_decays_from_its_end() -> None:
    events = [deed("1", 0, "민지", "준호", 15_000), deed("2", 90, "민지", "준호", 15_000)]
    assert [score(events, "민지", day) for day in (0, 89, 90, 270)] == [7500, 7500, 15_000, 3750 + 5303]


def test_a_cluster_counts_as_one_counterparty() -> None:
    household = [
        deed("1", 1, "민지", "준호", 15_000, cluster="home"),
        deed("2", 1, "민지", "Bob", 15_000, cluster="home"),
    ]
    assert score(household, "민지", 1) == 10_000


def test_what_has_no_counterparty_is_added_undiminished() -> None:
    assert score([deed("1", 1, "민지", None, 12_345, class_="care")], "민지", 1) == 12_345


def test_what_one_does_for_oneself_counts_nothing() -> None:
    assert scores_at([deed("1", 1, "민지", "민지", 9000)], 1) == {}


@pytest.mark.parametrize(("class_", "expected"), [("support", 10_000), ("organise", 40_000), ("care", 5000)])
def test_light_deeds_of_one_day_share_a_cap(class_: EarningClass, expected: int) -> None:
    one_day = [deed(str(n), 1, "민지", None, 1000, class_=class_, light=True) for n in range(40)]
    two_days = [replace(event, day=n % 2) for n, event in enumerate(one_day)]
    assert score(one_day, "민지", 1) == expected
    assert score(two_days, "민지", 1) == min(2 * expected, 40_000)


def test_heavy_deeds_do_not_share_the_daily_cap() -> None:
    assert score([deed(str(n), 1, "민지", None, 1000) for n in range(40)], "민지", 1) == 40_000


def test_classes_and_quarters_are_capped() -> None:
    lavish = [deed(c, 1, "민지", None, 10**9, class_=c) for c in EARNING_CLASSES]
    assert [score([event], "민지", 1) for event in lavish] == [80_000, 80_000, 40_000]
    assert score(lavish, "민지", 1) == 150_000


def test_penalties_halve_in_a_year_and_are_shown_as_zero() -> None:
    events = [deed("1", 10, "민지", None, 8000, class_="penalty")]
    assert [score(events, "민지", day) for day in (9, 10, 370, 730)] == [0, -8000, -4000, -2000]
    assert scores_at(events, 10) == {"민지": 0}


def test_the_day_asked_for_counts_and_the_next_does_not() -> None:
    events = [deed("1", 30, "민지", None, 500, class_="care")]
    assert scores_at(events, 29) == {}
    assert scores_at(events, 30) == {"민지": 500}


def test_days_out_of_range_are_refused() -> None:
    with pytest.raises(ValueError, match="must lie within"):
        score([], "민지", 10**7)


def test_different_events_under_one_id_resolve_the_same_in_any_order() -> None:
    genuine = deed("1", 5, "민지", None, 700, class_="care")
    copies = [
        genuine,
        deed("1", 5, "민지", None, 90_000, class_="care"),
        deed("1", 6, "민지", None, 1, class_="care"),
        deed("1", 5, "준호", None, 700, class_="support"),
        void("1", "2", 7),
    ]
    for order in permutations(copies):
        assert scores_at(order, 9) == {"민지": 700}


def test_a_void_counts_whatever_its_day() -> None:
    events = [deed("1", 5, "민지", None, 700), deed("2", 5, "민지", None, 30)]
    assert scores_at([*events, void("v", "1", day=9999)], 5) == {"민지": 30}


def test_a_voided_void_never_happened() -> None:
    events = [deed("1", 5, "민지", None, 700), void("a", "1"), void("b", "a"), void("c", "b")]
    assert [scores_at(events[: size + 1], 5) for size in range(4)] == [
        {"민지": 700},
        {},
        {"민지": 700},
        {},
    ]


def test_two_voids_of_one_event_hold_until_both_are_taken_back() -> None:
    events = [deed("1", 5, "민지", None, 700), void("a", "1"), void("b", "1"), void("c", "a")]
    assert scores_at(events, 5) == {}
    assert scores_at([*events, void("d", "b")], 5) == {"민지": 700}


def test_circles_of_voids_and_voids_of_nothing_leave_scores_alone() -> None:
    circle = [void("a", "b"), void("b", "a"), void("c", "c"), void("d", "c"), void("e", "missing")]
    assert scores_at([deed("1", 5, "민지", None, 700), *circle], 5) == {"민지": 700}


def test_a_long_chain_of_voids_is_no_trouble() -> None:
    chain = [void(str(number), str(number - 1)) for number in range(1, 5001)]
    assert scores_at([deed("0", 5, "민지", None, 700), *chain], 5) == {"민지": 700}


@given(ledgers(), st.randoms(use_true_random=False), st.data(), DAYS)
@settings(max_examples=60)
def test_p1_order_and_duplicates_do_not_matter(
    events: list[PointEvent], dice: random.Random, data: st.DataObject, day: int
) -> None:
    ids = [event.id for event in events] or ["nothing"]
    voids = data.draw(st.lists(st.sampled_from(ids), max_size=4))
    ledger = [*events, *(void(f"v{n}", target, n) for n, target in enumerate(voids))]
    shuffled = ledger + data.draw(st.lists(st.sampled_from(ledger), max_size=8) if ledger else st.just([]))
    dice.shuffle(shuffled)
    assert scores_at(shuffled, day) == scores_at(ledger, day)


@given(ledgers(), deeds(penalties=False), DAYS)
@settings(max_examples=100)
def test_p2_an_earning_event_never_lowers_anyone(
    events: list[PointEvent], more: PointEvent, day: int
) -> None:
    fresh = replace(more, id="fresh")
    for person in PEOPLE:
        assert score([*events, fresh], person, day) >= score(events, person, day)


@given(st.integers(1, 12), st.integers(0, 10**6))
@settings(max_examples=40)
def test_p3_scores_stay_bounded(quarters: int, spare_mp: int) -> None:
    events = [
        deed(f"{c}{quarter}", 90 * quarter, "민지", None, 80_000 + spare_mp, class_=c)
        for c in EARNING_CLASSES
        for quarter in range(quarters)
    ]
    assert score(events, "민지", 90 * quarters) < 512_132
    assert score(events, "민지", 90 * (quarters - 1)) < 150_000 + 512_132


def test_p3_is_approached() -> None:
    events = [
        deed(f"{c}{q}", 90 * q, "민지", None, 10**6, class_=c) for c in EARNING_CLASSES for q in range(40)
    ]
    assert 512_130 <= score(events, "민지", 3600) < 512_132


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from([5000, 15_000]))
def test_p5_diminishing_is_concave_to_one_mp(middle: int, step: int, k: int) -> None:
    step = min(step, middle)
    assert diminish(middle - step, k) + diminish(middle + step, k) <= 2 * diminish(middle, k) + 1


RINGS = st.lists(
    st.tuples(
        st.integers(0, 719),
        st.sampled_from(EARNING_CLASSES),
        st.integers(1, 10**9),
        st.booleans(),
        st.integers(1, 60),
    ),
    max_size=30,
)


@given(RINGS)
@settings(max_examples=60)
def test_p6_a_detected_ring_earns_little(moves: list[tuple[int, EarningClass, int, bool, int]]) -> None:
    events = [
        deed(str(n), day, "ring0", f"ring{to}", mp, class_=class_, light=light, cluster="ring")
        for n, (day, class_, mp, light, to) in enumerate(moves)
    ]
    for quarter in range(8):
        own = [event for event in events if event.day // 90 == quarter]
        assert score(own, "ring0", 90 * quarter + 89) < 35_000
    assert score(events, "ring0", 720) < 119_500


def test_p6_is_approached_and_needs_the_cluster() -> None:
    def ring(cluster: str | None) -> list[PointEvent]:
        return [
            deed(f"{c}{quarter}{to}", 90 * quarter, "ring0", f"ring{to}", 10**8, class_=c, cluster=cluster)
            for c in EARNING_CLASSES
            for quarter in range(40)
            for to in (1, 2, 3)
        ]

    assert 119_400 < score(ring("ring"), "ring0", 3600) < 119_500
    assert score(ring(None), "ring0", 3600) > 300_000


@given(ledgers(), st.data(), DAYS)
@settings(max_examples=80)
def test_p7_a_voided_event_never_happened(events: list[PointEvent], data: st.DataObject, day: int) -> None:
    doomed = data.draw(
        st.lists(st.sampled_from(events), unique_by=lambda event: event.id) if events else st.just([])
    )
    voids = [void(f"v{number}", event.id, day + number) for number, event in enumerate(doomed)]
    rest = [event for event in events if event not in doomed]
    assert scores_at([*voids, *events], day) == scores_at(rest, day)
