from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.petitions.archives import count_records
from tests.petitions.archives.archive_samples import (
    EXTRACTS,
    files_with_counts,
    korean_line,
    read_petitions,
    write_lines,
)


@pytest.mark.parametrize(
    ("path", "petitions"), files_with_counts(("cheongwadae.jsonl", 3, "kr_petitions_sample.jsonl", 2000))
)
def test_whole_file_comes_through(path: Path, petitions: int) -> None:
    found = read_petitions(path)

    assert len(found) == count_records([path]) == petitions
    assert {(each.source, each.language, each.threshold) for each in found} == {
        ("cheongwadae", "ko", 200_000)
    }
    assert len({each.source_id for each in found}) == petitions
    assert all(each.text == "" for each in found if each.source_state == "브리핑")
    assert any(each.signatures >= 200_000 for each in found)


def test_petition_keeps_its_words_and_its_tally() -> None:
    traffic_light, wetland, again = read_petitions(EXTRACTS / "cheongwadae.jsonl")

    assert traffic_light.title == again.title == "도서관 앞에 신호등을 놓아 주세요"
    assert "<b>매일</b> 건넙니다. 😀" in traffic_light.text
    assert (traffic_light.source_id, traffic_light.signatures, again.signatures) == ("101", 41, 0)
    assert (traffic_light.addressee, traffic_light.category) == ("청와대", "교통/건축/국토")
    assert wetland.title.endswith("\u200b")
    assert (wetland.text, wetland.signatures, wetland.source_state) == ("", 251_872, "브리핑")


def test_days_are_days_in_seoul() -> None:
    petition = read_petitions(EXTRACTS / "cheongwadae.jsonl")[0]

    assert petition.opened_at == datetime(2017, 8, 24, 15, 0, 0, tzinfo=UTC)
    assert petition.closed_at == datetime(2017, 9, 24, 14, 59, 59, tzinfo=UTC)
    assert petition.opened_at.tzinfo is petition.closed_at.tzinfo is UTC


@pytest.mark.parametrize(
    "changes",
    [
        {"content": ""},
        {"num_agree": 0},
        {"content": "첫 줄\r\n둘째 줄"},
        {"content": "<script>alert(1)</script>"},
        {"title": "\u200b제목\u200b"},
        {"title": "👩‍👩‍👧 가족"},
        {"title": "가" * 1000},
        {"petition_idx": 7},
        {"begin": None, "end": None},
        {"category": None},
    ],
)
def test_odd_but_fine(tmp_path: Path, changes: dict[str, object]) -> None:
    (petition,) = read_petitions(write_lines(tmp_path, korean_line(**changes)))

    assert petition.title == changes.get("title", "제목")
    assert petition.text == changes.get("content", "본문")
    assert petition.source_id == "7"
