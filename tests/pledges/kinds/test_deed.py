"""A deed: I will, if N others do; the deadline's day counts, success is stamped once, no money moves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.pledges import kinds
from app.pledges.kinds.base import BadPromise, Conditions, Contribution, Impossible, Offer, Others, Promise
from app.pledges.kinds.others import Move, end_of_day, stamp

from .speech import PLAIN

DEADLINE = "2026-12-31T23:59:59+09:00"
LAST_DAY = datetime.fromisoformat("2026-12-31T00:00:00+09:00")
MONDAY = datetime(2026, 11, 30, tzinfo=UTC)


DEED = kinds.find("deed")
assert DEED is not None
HOURS = Offer(200, "KRW", {"what": "hours", "deed": "Clear the stream", "within": 30})
PEOPLE = Offer(11, "KRW", {"what": "people", "deed": "Clear the stream", "within": 30, "hours_each": 3})
THINGS = Offer(20, "KRW", {"what": "things", "deed": "Run a repair café", "within": 30, "back": 14})


def tried(*pledges: dict[str, Any], others: int = 10) -> dict[str, Any]:
    return DEED.simulate({"terms": {"others": others, "deadline": DEADLINE}, "pledges": list(pledges)})


def promisers(number: int, at: str = "2026-12-01T09:00:00+09:00") -> list[dict[str, Any]]:
    return [{"person": f"p{index}", "at": at} for index in range(number)]


def test_the_promiser_and_nine_others_are_not_enough() -> None:
    assert tried(*promisers(10)) == {"fired": False, "at": None}


def test_the_tenth_other_a_minute_before_the_end_of_the_last_day_is_enough() -> None:
    tenth = {"person": "last", "at": "2026-12-31T23:59:00+09:00"}
    assert tried(*promisers(10), tenth) == {"fired": True, "at": "2026-12-31T23:59:00+09:00"}


@pytest.mark.parametrize(
    ("at", "fired"),
    [
        ("2026-12-31T23:59:59.999999+09:00", True),
        ("2027-01-01T00:00:00+09:00", False),
        ("2026-12-31T14:59:59Z", True),
        ("2026-12-31T15:00:00Z", False),
        ("2026-12-31T23:59:59", True),
    ],
)
def test_the_whole_day_of_the_deadline_counts_where_it_was_set(at: str, fired: bool) -> None:
    found = tried(*promisers(10), {"person": "last", "at": at})
    assert found == {"fired": fired, "at": at if fired else None}


def test_a_deadline_at_noon_or_a_day_alone_means_the_whole_day() -> None:
    late = [
        {"person": "Alice", "at": "2026-12-31T08:00:00+09:00"},
        {"person": "Bob", "at": "2026-12-31T22:00"},
    ]
    for deadline in ("2026-12-31T12:00:00+09:00", "2026-12-31"):
        found = DEED.simulate({"terms": {"others": 1, "deadline": deadline}, "pledges": late})
        assert found == {"fired": True, "at": "2026-12-31T22:00"}


def test_the_same_person_twice_is_one_person() -> None:
    assert not tried(*promisers(10), *promisers(10))["fired"]


def test_who_takes_it_back_in_time_does_not_count_and_afterwards_is_only_flagged() -> None:
    before = {"person": "Alice", "at": "2026-12-01", "withdrawn_at": "2026-12-02"}
    assert not tried(before, {"person": "Bob", "at": "2026-12-03"}, others=1)["fired"]
    after = {"person": "Alice", "at": "2026-12-01", "withdrawn_at": "2026-12-04"}
    assert tried(after, {"person": "Bob", "at": "2026-12-03"}, others=1) == {
        "fired": True,
        "at": "2026-12-03",
        "flagged": ["Alice"],
    }


def test_inside_the_verification_window_whoever_takes_it_back_undoes_it() -> None:
    alice = {"person": "Alice", "at": "2026-12-01", "withdrawn_at": "2026-12-03T23:59"}
    bob, carol = {"person": "Bob", "at": "2026-12-03"}, {"person": "Carol", "at": "2026-12-10"}
    assert tried(alice, bob, others=1) == {"fired": False, "at": None}
    assert tried(alice, bob, carol, others=1) == {"fired": True, "at": "2026-12-10"}
    assert tried(alice, bob, promisers(1, "2026-12-03T12:00")[0], others=1) == {
        "fired": True,
        "at": "2026-12-03",
    }, "enough still stood, so it never came undone"
    at_once = {"terms": {"others": 1, "deadline": DEADLINE, "window": 0}, "pledges": [alice, bob]}
    assert DEED.simulate(at_once) == {"fired": True, "at": "2026-12-03", "flagged": ["Alice"]}


@pytest.mark.parametrize(
    ("terms", "pledges"),
    [
        (None, []),
        ({"others": 0, "deadline": DEADLINE}, []),
        ({"others": -1, "deadline": DEADLINE}, []),
        ({"others": True, "deadline": DEADLINE}, []),
        ({"others": "10", "deadline": DEADLINE}, []),
        ({"others": 10}, []),
        ({"others": 10, "deadline": "tomorrow"}, []),
        ({"others": 10, "deadline": DEADLINE, "window": -1}, []),
        ({"others": 10, "deadline": DEADLINE, "window": "a day"}, []),
        ({"others": 10, "deadline": DEADLINE}, None),
        ({"others": 10, "deadline": DEADLINE}, "Alice"),
        ({"others": 10, "deadline": DEADLINE}, ["Alice"]),
        ({"others": 10, "deadline": DEADLINE}, [{"person": 7, "at": DEADLINE}]),
        ({"others": 10, "deadline": DEADLINE}, [{"person": "Alice", "at": None}]),
        (
            {"others": 10, "deadline": DEADLINE},
            [{"person": "A", "at": "2026-12-02", "withdrawn_at": "2026-12-01"}],
        ),
    ],
)
def test_impossible_terms_are_refused_with_a_sentence(terms: Any, pledges: Any) -> None:
    with pytest.raises(Impossible, match=r"[a-z]+.*\."):
        DEED.simulate({"terms": terms, "pledges": pledges})


moves = st.lists(
    st.builds(
        Move,
        at=st.integers(-2, 4).map(lambda day: LAST_DAY + timedelta(days=day, hours=12)),
        person=st.sampled_from("ABCDE"),
        adds=st.sampled_from([True, True, False]),
    ),
    max_size=12,
)


@settings(max_examples=100)
@given(st.integers(1, 4), moves, st.randoms())
def test_success_is_stamped_once_in_any_order_and_later_moves_change_nothing(
    others: int, made: list[Move], chance: Any
) -> None:
    shuffled = list(made)
    chance.shuffle(shuffled)
    found = stamp(others, LAST_DAY, made)
    again = stamp(others, LAST_DAY, shuffled)
    assert (found and found.at) == (again and again.at)
    if found is not None:
        assert found.at <= end_of_day(LAST_DAY)
        early = [move for move in made if move.at <= found.at]
        alone = stamp(others, LAST_DAY, early)
        assert alone is not None
        assert alone.at == found.at
        assert len({move.person for move in early if move.adds}) >= others + 1


@settings(max_examples=50)
@given(st.integers(1, 4), moves)
def test_one_more_promise_in_time_never_undoes_or_delays_success(others: int, made: list[Move]) -> None:
    found = stamp(others, LAST_DAY, made)
    more = stamp(others, LAST_DAY, [*made, Move(LAST_DAY - timedelta(days=9), "Z", adds=True)])
    if found is not None:
        assert more is not None
        assert more.at <= found.at


@given(st.integers(1, 200))
def test_hours_count_as_hours_and_cost_nothing(hours: int) -> None:
    promise = DEED.read(hours, {}, HOURS, PLAIN)
    DEED.check(promise, HOURS, Others(), PLAIN)
    assert DEED.contribution(promise, HOURS) == Contribution("hours", hours)
    assert DEED.cost(promise, HOURS) == 0
    assert not DEED.needs_method


def test_in_person_everybody_counts_once_and_only_for_themselves() -> None:
    promise = DEED.read(1, {"skill": "chain saw"}, PEOPLE, PLAIN)
    assert promise.terms == {"what": "people", "skill": "chain saw"}
    assert DEED.contribution(promise, PEOPLE) == Contribution("units", 1)
    DEED.check(promise, PEOPLE, Others(), PLAIN)
    for refused, others, field in (
        (promise, Others(own=1), "kind"),
        (Promise(2, None, promise.terms), Others(), "amount"),
    ):
        with pytest.raises(BadPromise) as bad:
            DEED.check(refused, PEOPLE, others, PLAIN)
        assert bad.value.field == field


def test_a_thing_is_lent_until_a_day_or_given_away() -> None:
    lent = DEED.read(1, {"thing": " a  ladder ", "lent": "lend", "back": "7"}, THINGS, PLAIN)
    assert lent.terms == {"what": "things", "thing": "a ladder", "lent": True, "back": 7}
    assert DEED.read(2, {"thing": "paint"}, THINGS, PLAIN).terms["back"] == 14
    given_away = DEED.read(2, {"thing": "paint", "lent": "give"}, THINGS, PLAIN)
    assert "back" not in given_away.terms
    assert [duty.name for duty in DEED.duties(given_away, THINGS, MONDAY)] == ["deed"]
    deed, back = DEED.duties(lent, THINGS, MONDAY)
    assert (deed.debtor, deed.creditor, deed.amount) == ("pledger", "organizer", 1)
    assert deed.due.isoformat() == "2026-12-30T23:59:59+09:00"
    assert (back.name, back.debtor, back.creditor) == ("return", "organizer", "pledger")
    assert back.due.isoformat() == "2026-12-07T23:59:59+09:00"


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"thing": ""}, "thing"),
        ({"thing": "x" * 121}, "thing"),
        ({"thing": "a\u0000b"}, "thing"),
        ({"thing": "ladder", "lent": "sell"}, "lent"),
        ({"thing": "ladder", "back": "15"}, "back"),
        ({"thing": "ladder", "back": "0"}, "back"),
        ({"thing": "ladder", "back": "1.5"}, "back"),
        ({"thing": "ladder", "back": "٣"}, "back"),
    ],
)
def test_a_thing_badly_described_is_refused_beside_its_field(fields: dict[str, str], wrong: str) -> None:
    with pytest.raises(BadPromise) as bad:
        DEED.read(1, fields, THINGS, PLAIN)
    assert bad.value.field == wrong


@pytest.mark.parametrize(
    ("promise", "offer", "others"),
    [
        (Promise(0, None, {"what": "hours"}), HOURS, Others()),
        (Promise(-3, None, {"what": "hours"}), HOURS, Others()),
        (Promise(201, None, {"what": "hours"}), HOURS, Others()),
        (Promise(10, None, {"what": "hours"}), HOURS, Others(own=195)),
        (Promise(51, None, {"what": "things"}), THINGS, Others()),
        (Promise(1, None, {"what": "things"}), HOURS, Others()),
    ],
)
def test_nothing_too_much_or_something_else_is_refused(
    promise: Promise, offer: Offer, others: Others
) -> None:
    with pytest.raises(BadPromise) as bad:
        DEED.check(promise, offer, others, PLAIN)
    assert bad.value.sentence


def test_an_organizer_says_what_by_when_and_what_comes_back() -> None:
    asked = {
        "what": "things",
        "deed": " Run a  repair café ",
        "within": 10,
        "back": 14,
        "skills": "soldering\n\nsewing\nsewing",
    }
    assert DEED.read_offer(20, "KRW", asked, PLAIN) == {
        "what": "things",
        "deed": "Run a repair café",
        "within": 10,
        "back": 14,
        "skills": ["soldering", "sewing"],
    }
    people = {"what": "people", "deed": "Clear the stream", "within": 10, "hours_each": 3, "back": 14}
    assert DEED.read_offer(11, "KRW", people, PLAIN) == {
        "what": "people",
        "deed": "Clear the stream",
        "within": 10,
        "hours_each": 3,
    }


@pytest.mark.parametrize(
    ("target", "changes", "wrong"),
    [
        (20, {"what": "money"}, "what"),
        (20, {"deed": ""}, "deed"),
        (20, {"deed": "x" * 121}, "deed"),
        (20, {"within": 0}, "within"),
        (20, {"within": 366}, "within"),
        (20, {"within": None}, "within"),
        (20, {"what": "things"}, "back"),
        (20, {"what": "people", "hours_each": 25}, "hours_each"),
        (1, {"what": "people"}, "target"),
        (0, {}, "target"),
        (1_000_001, {}, "target"),
        (20, {"skills": "\n".join(f"skill {number}" for number in range(21))}, "skills"),
    ],
)
def test_an_impossible_offer_is_refused_beside_its_field(
    target: int, changes: dict[str, Any], wrong: str
) -> None:
    with pytest.raises(BadPromise) as bad:
        DEED.read_offer(target, "KRW", {"what": "hours", "deed": "Dig", "within": 30} | changes, PLAIN)
    assert bad.value.field == wrong
    assert bad.value.sentence


def test_the_sentence_says_what_when_and_that_it_costs_nothing() -> None:
    def said(promise: Promise | None, offer: Offer) -> str:
        return DEED.explain(promise, Conditions(1_000, offer, MONDAY), PLAIN)

    assert said(None, PEOPLE) == said(Promise(1, None, {"what": "people"}), PEOPLE)
    assert said(None, PEOPLE) == (
        "You do it only if 10 others do and 1,000 people sign by 30 November 2026. "
        "Until then you can take it back at any time; it costs no money."
    )
    assert said(Promise(3, None, {"what": "hours"}), HOURS).startswith(
        "You work 3 hours only if 1,000 people sign and 200 hours are promised by 30 November 2026."
    )
    assert said(None, HOURS).startswith("You work only if ")
    assert said(None, THINGS).startswith("You bring it only if 1,000 people sign and 20 things are promised")
    lent = Promise(1, None, {"what": "things", "thing": "a ladder"})
    assert said(lent, THINGS).startswith("You bring “a ladder” only if ")


def test_a_promise_in_a_few_words() -> None:
    words = [
        DEED.describe(promise, PLAIN)
        for promise in (
            Promise(1, None, {"what": "hours"}),
            Promise(4, None, {"what": "hours"}),
            Promise(1, None, {"what": "people"}),
            Promise(1, None, {"what": "things", "thing": "a ladder"}),
            Promise(3, None, {"what": "things", "thing": "paint"}),
        )
    ]
    assert words == ["1 hour", "4 hours", "in person", "a ladder", "paint (3)"]
