"""Replaying a small file of conditional pledges, as an operator would: one command, one line of JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from app.config import ROOT

WITH_TIMESTAMPS = """\
row,dollars,timestamp,date,state
1,100,,5/13/14,MA
2,25,2014-05-12 23:00:44,5/12/14,NY
3,10.5,,,NY
4,5,,5/12/2014 9,NY
5,,2014-05-12 10:00:00,5/12/14,NY
6,0,,5/12/14,NY
7,3,,cash,TN
8,40,2014-05-11 08:00:00,5/11/14,VT
"""
WITHOUT_TIMESTAMPS = """\
date,dollars,row
5/13/14,100,1
5/12/14,25,2
,10.5,3
5/12/2014 9,5,4
5/11/14,40,8
5/11/14,-1,9
"""


def replay(folder: Path, text: str, *options: str, goal: str = "70") -> tuple[dict[str, Any], str]:
    """The last line of stdout, which must be the only one, and what was said beside it."""
    path = folder / "pledges.csv"
    path.write_text(text)
    done = subprocess.run(
        [
            *(sys.executable, "-m", "bench.replay", "pledges", str(path)),
            *("--goal", goal, "--currency", "USD", *options),
        ],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if not name.startswith("DURE_")},
        capture_output=True,
        text=True,
        timeout=300,
        check=True,
    )
    (line,) = done.stdout.splitlines()
    return json.loads(line), done.stderr


def test_the_goal_is_reached_once_and_everything_after_it_counts(tmp_path: Path) -> None:
    result, said = replay(tmp_path, WITH_TIMESTAMPS)
    assert result == {
        "rows": 8,
        "accepted": 5,
        "quarantined": 3,
        "total_minor": 180_50,
        "reached_row": 2,
        "reached_at": "2014-05-12T23:00:44Z",
        "fired": True,
        "held_minor": 180_50,
        "captured_minor": 180_50,
    }
    assert "row 5: The amount is missing." in said
    assert "row 6: The amount is not positive." in said
    assert "row 7: The date is no date." in said


def test_days_outside_are_quarantined_and_a_row_without_a_time_is_outside_of_nothing(tmp_path: Path) -> None:
    result, said = replay(tmp_path, WITH_TIMESTAMPS, "--from", "2014-05-12", "--until", "2014-05-12")
    assert result == {
        "rows": 8,
        "accepted": 3,
        "quarantined": 5,
        "total_minor": 40_50,
        "reached_row": None,
        "reached_at": None,
        "fired": False,
        "held_minor": 0,
        "captured_minor": 0,
    }
    assert "row 8: The pledge was made before 2014-05-12." in said
    assert "row 1: The pledge was made after 2014-05-12." in said


def test_a_file_without_timestamps_goes_by_its_days(tmp_path: Path) -> None:
    result, _said = replay(tmp_path, WITHOUT_TIMESTAMPS)
    assert (result["rows"], result["accepted"], result["quarantined"]) == (6, 5, 1)
    assert (result["reached_row"], result["reached_at"]) == (4, "2014-05-12T00:00:00Z")
    assert result["held_minor"] == result["captured_minor"] == result["total_minor"] == 180_50


@pytest.mark.parametrize(("goal", "reached_row"), [("70.01", 1), ("40", 8), ("180.50", 3)])
def test_the_row_that_reaches_the_goal_is_exact_to_the_cent(
    tmp_path: Path, goal: str, reached_row: int
) -> None:
    result, _said = replay(tmp_path, WITH_TIMESTAMPS, goal=goal)
    assert (result["reached_row"], result["fired"]) == (reached_row, True)
