"""Kept or broken: both sides are asked, silence lets the word that was said hold, moderators end quarrels."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.doing.judging import GRACE, Said, Verdict, judge, may_object, whole_hours

DUE = datetime(2026, 12, 10, 14, 59, 59, tzinfo=UTC)
DAY = timedelta(days=1)


def said(kept: bool, amount: int = 4, days: int = 0) -> Said:
    return Said(kept, amount if kept else 0, DUE + days * DAY)


def judged(now: datetime, **words: Said) -> Verdict:
    return judge(promised=4, due=DUE, now=now, **words)


def test_when_both_say_so_it_holds_at_once() -> None:
    assert judged(DUE, person=said(True), organizer=said(True)) == Verdict("kept", 4)
    assert judged(DUE, person=said(False), organizer=said(False)) == Verdict("broken")


def test_the_smaller_number_of_hours_counts_and_never_more_than_promised() -> None:
    assert judged(DUE, person=said(True, 4), organizer=said(True, 3)) == Verdict("kept", 3)
    assert judged(DUE, person=said(True, 9), organizer=said(True, 9)) == Verdict("kept", 4)


@pytest.mark.parametrize("side", ["person", "organizer"])
@pytest.mark.parametrize("kept", [True, False])
def test_one_word_holds_after_seven_silent_days(side: str, kept: bool) -> None:
    word = {side: said(kept)}
    early = judged(DUE + GRACE - timedelta(microseconds=1), **word)
    assert early == Verdict("open", 4 if kept else 0, DUE + GRACE)
    assert judged(DUE + GRACE, **word) == Verdict("kept" if kept else "broken", 4 if kept else 0)


def test_a_no_before_the_due_day_leaves_time_until_seven_days_after_it() -> None:
    early = {"organizer": said(False, days=-20)}
    assert judged(DUE + 6 * DAY, **early).state == "open"
    assert judged(DUE + 7 * DAY, **early).state == "broken"


def test_a_yes_before_the_due_day_holds_seven_days_later() -> None:
    assert judged(DUE - 13 * DAY, person=said(True, days=-20)).state == "kept"


def test_when_nobody_speaks_it_is_broken_seven_days_after_it_was_due() -> None:
    assert judged(DUE + 6 * DAY) == Verdict("open", 0, DUE + GRACE)
    assert judged(DUE + 7 * DAY) == Verdict("broken")


def test_a_quarrel_waits_for_a_moderator_however_long() -> None:
    quarrel = {"person": said(True), "organizer": said(False)}
    assert judged(DUE + 400 * DAY, **quarrel) == Verdict("disputed")
    assert judged(DUE, **quarrel, moderator=said(True, 2)) == Verdict("kept", 2)
    assert judged(DUE, **quarrel, moderator=said(False)) == Verdict("broken")


words = st.none() | st.builds(said, st.booleans(), st.integers(0, 9), st.integers(-30, 30))


@settings(max_examples=100)
@given(words, words, st.integers(-30, 90), st.integers(0, 90))
def test_what_is_settled_stays_settled_while_nobody_speaks_again(
    person: Said | None, organizer: Said | None, days: int, later: int
) -> None:
    heard = {"promised": 4, "due": DUE, "person": person, "organizer": organizer}
    now = judge(now=DUE + days * DAY, **heard)  # type: ignore[arg-type]
    then = judge(now=DUE + (days + later) * DAY, **heard)  # type: ignore[arg-type]
    assert 0 <= now.amount <= 4
    if now.settled or now.state == "disputed":
        assert then == now
    elif then.settled:
        assert now.silence_ends is not None
        assert now.silence_ends <= DUE + (days + later) * DAY


def test_thirty_days_to_object_and_hours_to_the_nearest() -> None:
    assert may_object(DUE, DUE + 29 * DAY)
    assert not may_object(DUE, DUE + 30 * DAY)
    assert [whole_hours(minutes) for minutes in (0, 10, 89, 90, 150, 180)] == [0, 1, 1, 2, 3, 3]
