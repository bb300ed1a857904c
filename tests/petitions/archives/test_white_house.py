from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.petitions.archives import BadLine, count_records, read_archives
from tests.petitions.archives.archive_samples import EXTRACTS, files_with_counts, read_petitions, write_lines


@pytest.mark.parametrize(
    ("path", "petitions"), files_with_counts(("white_house.jsonl", 2, "wtp_petitions.jsonl", 1937))
)
def test_whole_file_comes_through(path: Path, petitions: int) -> None:
    found = read_petitions(path)

    assert len(found) == count_records([path]) == petitions
    assert {each.source for each in found} == {"white-house"}
    assert {each.threshold for each in found} <= {5_000, 25_000, 100_000}
    assert all(each.answered_at and each.answer for each in found if each.source_state == "responded")
    assert all(each.opened_at and each.closed_at and each.opened_at < each.closed_at for each in found)


def test_responded_petition() -> None:
    petition = read_petitions(EXTRACTS / "white_house.jsonl")[0]

    assert petition.text == "\r\nShade cools the roadxand the drivers.\r\n"
    assert petition.opened_at == datetime(2011, 9, 22, 13, 16, 27, tzinfo=UTC)
    assert petition.answered_at == datetime(2012, 1, 4, 19, 0, 33, tzinfo=UTC)
    assert petition.answer == "https://petitions.whitehouse.gov/response/trees"
    assert petition.source_url == "https://petitions.whitehouse.gov/petition/plant-tree/a1"
    assert (petition.category, petition.signatures, petition.threshold) == ("Environment", 6120, 5000)


def test_open_petition_has_no_answer() -> None:
    petition = read_petitions(EXTRACTS / "white_house.jsonl")[1]

    assert (petition.answered_at, petition.answer, petition.category) == (None, None, None)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"created": "yesterday"}, "created is not a date."),
        ({"created": True}, "created is not a date."),
        ({"created": 1e9}, "created is not a date."),
        ({"created": -5}, "created is not a date."),
        ({"deadline": 10**30}, "deadline is not a date."),
        ({"deadline": 999_999_999_999}, "deadline is not a date."),
        ({"url": "javascript:alert(1)"}, "url is not a web address."),
        ({"response": {"url": 5}}, "url is not text."),
        ({"signatureThreshold": "5000"}, "signatureThreshold is not a whole number."),
    ],
)
def test_bad_field_is_named(tmp_path: Path, changes: dict[str, object], reason: str) -> None:
    petition = json.loads((EXTRACTS / "white_house.jsonl").read_text().splitlines()[0])
    path = write_lines(tmp_path, json.dumps({**petition, **changes}).encode())

    (bad,) = read_archives([path])

    assert isinstance(bad, BadLine)
    assert bad.reason == reason
