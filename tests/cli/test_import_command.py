"""``dure import``: the result on stdout, everything else on stderr."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.petitions import importing
from tests.cli.conftest import Run
from tests.petitions.archives.archive_samples import EXTRACTS, korean_line, write_lines


@pytest.fixture(autouse=True)
def rejects_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "var"
    monkeypatch.setattr(importing.RejectFile.__init__, "__defaults__", (folder,))
    return folder


def test_the_only_line_on_stdout_is_the_result(run: Run) -> None:
    first = run("import", EXTRACTS / "cheongwadae.jsonl", EXTRACTS / "white_house.jsonl")
    assert first.exit_code == 0
    assert json.loads(first.stdout) == {"imported": 5, "already": 0, "bad": 0}
    again = run("import", EXTRACTS / "cheongwadae.jsonl")
    assert json.loads(again.stdout) == {"imported": 0, "already": 3, "bad": 0}


def test_bad_lines_are_named_and_kept_and_the_rest_goes_in(
    run: Run, tmp_path: Path, rejects_folder: Path
) -> None:
    path = write_lines(
        tmp_path, korean_line(petition_idx="1"), b"{broken", b"\xff", korean_line(petition_idx="2")
    )
    done = run("import", path)
    assert done.exit_code == 0
    assert json.loads(done.stdout) == {"imported": 2, "already": 0, "bad": 2}
    told = [line for line in done.stderr.splitlines() if line.startswith(str(path))]
    assert [line.split(": ", 1)[0] for line in told] == [f"{path}:2", f"{path}:3"]
    kept = [json.loads(line) for file in rejects_folder.iterdir() for line in file.read_text().splitlines()]
    assert [(row["line"], row["raw"]) for row in kept] == [(2, "{broken"), (3, "\\xff")]
    assert str(next(rejects_folder.iterdir())) in done.stderr


def test_progress_is_told_on_stderr(run: Run, tmp_path: Path) -> None:
    path = write_lines(tmp_path, *(korean_line(petition_idx=str(number)) for number in range(300)))
    done = run("import", path)
    assert "Importing: 100 of 300" in done.stderr
    assert "Importing: 300 of 300" in done.stderr


def test_a_file_that_is_not_there_stops_before_anything_is_stored(run: Run, tmp_path: Path) -> None:
    done = run("import", EXTRACTS / "cheongwadae.jsonl", tmp_path / "missing.jsonl")
    assert done.exit_code == 2
    assert "missing.jsonl" in done.stderr
    assert done.stdout == ""
    assert json.loads(run("import", EXTRACTS / "cheongwadae.jsonl").stdout)["imported"] == 3
