"""What importing is made of: the summary line, and the file of records left out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.petitions.archives import BadLine
from app.petitions.importing import RejectFile, summarise


@pytest.mark.parametrize(
    ("text", "summary"),
    [
        ("", ""),
        ("짧은 글", "짧은 글"),
        ("한 줄\r\n두  줄", "한 줄 두 줄"),
        ("<p>굵은 <b>글</b> &amp; 끝</p>", "굵은 글 & 끝"),
        ("a < b and b > c", "a < b and b > c"),
        ("낱말 " * 100, ("낱말 " * 66).strip() + "…"),
        ("긴" * 500, "긴" * 199 + "…"),
    ],
)
def test_the_summary_is_one_plain_line_cut_at_a_word(text: str, summary: str) -> None:
    assert summarise(text) == summary
    assert len(summarise(text)) <= 201


def test_rejects_are_kept_as_lines_that_can_be_read_again(tmp_path: Path) -> None:
    bad = BadLine("archive.jsonl", 7, "Not JSON.", '{"title": "\\xff 신호등"')
    with RejectFile(tmp_path / "var") as rejects:
        assert rejects.path is None
        rejects.keep(bad)
        rejects.keep(bad)
    assert rejects.path is not None
    kept = [json.loads(line) for line in rejects.path.read_text().splitlines()]
    assert kept == [{"file": "archive.jsonl", "line": 7, "reason": "Not JSON.", "raw": bad.raw}] * 2


def test_without_bad_lines_no_file_is_left(tmp_path: Path) -> None:
    with RejectFile(tmp_path / "var"):
        pass
    assert list(tmp_path.iterdir()) == []
