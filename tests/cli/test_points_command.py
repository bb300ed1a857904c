"""``dure points``: anybody recomputes the scores from a file."""

from __future__ import annotations

import json
from pathlib import Path

from app.points.replay import read_events, scores_at
from tests.cli.conftest import environment, run_process

VECTORS = Path(__file__).parents[1] / "vectors" / "reputation_v1.json"
NO_DATABASE = "postgresql://nobody@127.0.0.1:1/none"


def test_it_prints_every_score_and_needs_no_database() -> None:
    done = run_process("points", str(VECTORS), "--at", "100", env=environment(NO_DATABASE))
    assert done.returncode == 0
    assert done.stderr == ""
    assert json.loads(done.stdout) == scores_at(read_events(VECTORS), 100)


def test_a_bad_event_is_named_and_nothing_is_printed(tmp_path: Path) -> None:
    path = tmp_path / "events.json"
    path.write_text('[{"id": "e1", "day": "Monday", "u": "A", "cls": "give", "mp": 1}]')
    done = run_process("points", str(path), "--at", "1", env=environment(NO_DATABASE))
    assert done.returncode == 2
    assert "event 1 ('e1')" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    done = run_process("points", str(tmp_path / "none.json"), "--at", "1", env=environment(NO_DATABASE))
    assert (done.returncode, done.stdout) == (2, "")
    assert "cannot be read" in done.stderr
