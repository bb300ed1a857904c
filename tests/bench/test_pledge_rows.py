"""Reading conditional pledges: time order, exact cents, and every row accounted for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.pledge_rows import PledgeRow, Quarantined, parse_date, read_cents, read_rows

REAL = Path(__file__).parents[3] / "shared" / "data" / "mayday_pledges_stage1.csv"

SMALL = """\
row,dollars,timestamp,date,state,zip3
1,100,,5/13/14,MA,011
2,25,2014-05-12 23:00:44,5/12/14,NY,111
3,10.5,,,NY,111
4,5,,5/12/2014 9,NY,111
5,7,,5/12/14,NY,111
6,,2014-05-12 10:00:00,5/12/14,NY,111
7,3,,cash,TN,378
8,7,,#N/A,,
9,0,,5/12/14,NY,111
10,"$1,000.00",2014-05-11 08:00:00,5/11/14,VT,058
"""

SMALL_TOTAL = 100_00 + 25_00 + 10_50 + 5_00 + 7_00 + 1_000_00


def write(folder: Path, text: str) -> Path:
    path = folder / "pledges.csv"
    path.write_text(text, newline="")
    return path


def first_reaching(rows: list[PledgeRow], goal_cents: int) -> PledgeRow | None:
    total = 0
    for row in rows:
        total += row.cents
        if total >= goal_cents:
            return row
    return None


def sum_quarantined(quarantined: list[Quarantined]) -> int:
    dollars = [each.raw.split(",")[1] for each in quarantined]
    return sum(read_cents(amount) for amount in dollars if amount not in ("", "0"))


@pytest.mark.parametrize(
    "real", [False, True] if REAL.exists() else [False], ids=["extract", "real"][: 1 + REAL.exists()]
)
def test_replay_answers(tmp_path: Path, real: bool) -> None:
    path = REAL if real else write(tmp_path, SMALL)
    goal, rows, total = (100_000_000, 22_739, 212_851_188) if real else (1_020_00, 10, SMALL_TOTAL)
    reached = (3675 if real else 2), datetime(2014, 5, 12, 23, 0, 44, tzinfo=UTC)

    accepted, quarantined = read_rows(path)

    assert len(accepted) + len(quarantined) == rows
    assert sum(pledge.cents for pledge in accepted) == total
    assert sum_quarantined(quarantined) == 10_00
    crossing = first_reaching(accepted, goal)
    assert crossing is not None
    assert (crossing.row, crossing.at) == reached


def test_time_order_with_ties_in_file_order(tmp_path: Path) -> None:
    accepted, _ = read_rows(write(tmp_path, SMALL))

    assert [pledge.row for pledge in accepted] == [10, 4, 5, 2, 1, 3]
    assert accepted[1].at == accepted[2].at == datetime(2014, 5, 12, tzinfo=UTC)
    assert accepted[-1] == PledgeRow(3, 1050, None)


def test_quarantined_rows_say_why(tmp_path: Path) -> None:
    _, quarantined = read_rows(write(tmp_path, SMALL))

    assert quarantined == [
        Quarantined(6, "The amount is missing.", "6,,2014-05-12 10:00:00,5/12/14,NY,111"),
        Quarantined(7, "The date is no date.", "7,3,,cash,TN,378"),
        Quarantined(8, "The date is no date.", "8,7,,#N/A,,"),
        Quarantined(9, "The amount is not positive.", "9,0,,5/12/14,NY,111"),
    ]


def test_days_asked_for_are_inclusive_and_undated_rows_stay(tmp_path: Path) -> None:
    path = write(tmp_path, SMALL)

    accepted, quarantined = read_rows(path, since=date(2014, 5, 12), until=date(2014, 5, 12))

    assert [pledge.row for pledge in accepted] == [4, 5, 2, 3]
    outside = [(each.row, each.reason) for each in quarantined if "made" in each.reason]
    assert outside == [
        (1, "The pledge was made after 2014-05-12."),
        (10, "The pledge was made before 2014-05-12."),
    ]
    assert len(accepted) + len(quarantined) == 10


def test_columns_in_any_order_without_timestamp_and_row(tmp_path: Path) -> None:
    path = write(
        tmp_path, "\ufeffzip3, Date ,DOLLARS\r\n011,6/2/14,5\r\n\r\n012,6/1/14,10\r\n013,,1\r\n014\r\n"
    )

    accepted, quarantined = read_rows(path)

    assert [(pledge.row, pledge.cents) for pledge in accepted] == [(2, 1000), (1, 500), (3, 100)]
    assert quarantined == [Quarantined(4, "The amount is missing.", "014")]


def test_broken_timestamp_falls_back_to_the_date(tmp_path: Path) -> None:
    path = write(tmp_path, "dollars,timestamp,date\n1,soon,5/9/14\n2,2014-05-09T01:00:00+02:00,\n")

    accepted, _ = read_rows(path)

    assert [pledge.at for pledge in accepted] == [
        datetime(2014, 5, 8, 23, tzinfo=UTC),
        datetime(2014, 5, 9, tzinfo=UTC),
    ]


def test_bad_date_is_quarantined_even_beside_a_timestamp(tmp_path: Path) -> None:
    accepted, quarantined = read_rows(write(tmp_path, "dollars,timestamp,date\n1,2014-05-09 01:00:00,cash\n"))

    assert accepted == []
    assert [each.reason for each in quarantined] == ["The date is no date."]


@pytest.mark.parametrize("text", ["", "row,date\n1,5/9/14\n"])
def test_file_without_amounts_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ValueError, match="needs a column named dollars"):
        read_rows(write(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "cents"),
    [("1", 100), ("0.01", 1), ("10.5", 1050), ("10.50000", 1050), (".5", 50), ("5.", 500),
     ("$1,000.00", 100_000), ("1,234,567.89", 123_456_789), ("$ 20", 2000), ("2.13", 213)],
)  # fmt: skip
def test_amounts_are_exact(text: str, cents: int) -> None:
    assert read_cents(text) == cents


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "The amount is missing."),
        ("0", "The amount is not positive."),
        ("0.00", "The amount is not positive."),
        ("-5", "The amount is not positive."),
        ("$-5", "The amount is not positive."),
        ("-$5", "The amount is not positive."),
        ("1.005", "The amount is no whole number of cents."),
        ("1,00", "The amount is no number."),
        ("1e3", "The amount is no number."),
        ("$", "The amount is no number."),
        (".", "The amount is no number."),
        ("nan", "The amount is no number."),
        ("١٠", "The amount is no number."),
        ("9" * 5000, "The amount is no number."),
    ],
)
def test_what_is_no_amount(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        read_cents(text)


@pytest.mark.parametrize(
    "text", ["5/9/14", "05/09/2014", "5/9/2014 1", "5/9/2014 13:", "5/9/2014 1:07 PM", "2014-05-09"]
)
def test_dates(text: str) -> None:
    assert parse_date(text) == date(2014, 5, 9)


@pytest.mark.parametrize(
    "text", ["cash", "#N/A", "13/9/14", "2/30/14", "5/9", "5/9/14 noon", "5/9/014", "0/0/0000"]
)
def test_what_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match="The date is no date"):
        parse_date(text)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.binary(max_size=300))
def test_arbitrary_bytes_give_sorted_rows(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "pledges.csv"
    path.write_bytes(b"dollars,date\n1,5/9/14\n" + content)

    accepted, _ = read_rows(path)

    dated = [pledge.at for pledge in accepted if pledge.at is not None]
    assert dated == sorted(dated)
    assert all(pledge.cents > 0 for pledge in accepted)
