from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.petitions.archives import ArchivedPetition, BadLine, count_records, read_archives
from tests.petitions.archives.archive_samples import EXTRACTS, files_with_counts, read_petitions, write_lines


def sum_places(petition: ArchivedPetition, kind: str) -> int:
    return sum(place.signatures for place in petition.places if place.kind == kind)


@pytest.mark.parametrize(
    ("path", "petitions"),
    files_with_counts(
        ("uk_list.jsonl", 3, "uk_petitions_list.jsonl", 2964),
        ("uk_petition.json", 1, "uk_petitions_geo.jsonl.gz", 209),
        ("uk_page_1.json", 2, "uk_api_page_first.json", 50),
        ("uk_page_2.json", 2, "uk_api_page_last.json", 14),
    ),
)
def test_whole_file_comes_through(path: Path, petitions: int) -> None:
    found = read_petitions(path)

    assert len(found) == count_records([path]) == petitions
    assert {(each.source, each.language, each.threshold) for each in found} == {
        ("uk-parliament", "en", 100_000)
    }
    assert len({each.source_id for each in found}) == petitions
    assert all(each.rejection for each in found if each.source_state == "rejected")


@pytest.mark.parametrize(
    ("path", "petitions"), files_with_counts(("uk_petition.json", 1, "uk_petitions_geo.jsonl.gz", 209))
)
def test_places_add_up(path: Path, petitions: int) -> None:
    found = read_petitions(path)

    assert len(found) == petitions
    for each in found:
        british = sum(place.signatures for place in each.places if place[:2] == ("country", "GB"))
        assert sum_places(each, "country") == each.signatures
        assert sum_places(each, "region") == sum_places(each, "constituency") < british


def test_answered_petition() -> None:
    petition = read_petitions(EXTRACTS / "uk_list.jsonl")[0]

    assert petition.title == "Put a bench at every bus stop"
    assert petition.text == "We would like more benches.\n\nPeople rest on them.\r\nThey also talk."
    assert petition.category == "Department for Transport"
    assert petition.answer == "Benches are for councils to decide.\n\nCouncils know their streets."
    assert petition.answered_at == datetime(2020, 6, 1, 9, tzinfo=UTC)
    assert petition.opened_at == datetime(2020, 3, 3, 17, 3, 17, 327000, tzinfo=UTC)
    assert petition.closed_at == datetime(2020, 9, 3, 22, 59, 59, 999000, tzinfo=UTC)
    assert petition.source_url == "https://petition.parliament.uk/petitions/900001"
    assert (petition.rejection, petition.places) == (None, ())


def test_rejected_petitions_are_imported() -> None:
    _, rejected, opened_first = read_petitions(EXTRACTS / "uk_list.jsonl")

    assert rejected.rejection == "irrelevant: Parliament does not decide\r\nthe weather."
    assert (rejected.opened_at, rejected.closed_at, rejected.answer) == (None, None, None)
    assert (rejected.text, rejected.category) == ("We would like more benches.", "weather")
    assert (opened_first.rejection, opened_first.source_state) == ("duplicate", "rejected")
    assert opened_first.opened_at is not None


def test_single_petition_is_read_wrapped_or_bare(tmp_path: Path) -> None:
    wrapped = EXTRACTS / "uk_petition.json"
    bare = tmp_path / "bare.json"
    bare.write_text(json.dumps(json.loads(wrapped.read_text())["data"], indent=1))
    one_line = write_lines(tmp_path, json.dumps(json.loads(wrapped.read_text())).encode())

    assert read_petitions(wrapped) == read_petitions(bare) == read_petitions(one_line)
    (petition,) = read_petitions(bare)
    assert petition.places[0] == ("country", "GB", "United Kingdom", 9)
    assert petition.places[2] == ("region", "J", "South East", 8)
    assert petition.places[3] == ("constituency", "E14000530", "Aldershot", 5)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"signature_count": True}, "signature_count is not a whole number."),
        ({"opened_at": "soon"}, "opened_at is not a date."),
        ({"closed_at": "2020-02-30T00:00:00Z"}, "closed_at is not a date."),
        ({"closed_at": "0001-01-01T00:00:00+14:00"}, "closed_at lies outside the years 1900 to 2199."),
        ({"rejection": "spam"}, "rejection is not an object."),
        ({"departments": {}}, "departments is not a list."),
        ({"departments": ["DfT"]}, "departments holds something that is not an object."),
        ({"topics": "trees"}, "topics is not a list."),
        ({"signatures_by_country": [{"name": "X"}]}, "signature_count is missing."),
        ({"action": None}, "action is missing."),
    ],
)
def test_bad_attribute_is_named(tmp_path: Path, changes: dict[str, object], reason: str) -> None:
    petition = json.loads((EXTRACTS / "uk_list.jsonl").read_text().splitlines()[0])
    petition["attributes"].update(changes)
    path = write_lines(tmp_path, json.dumps(petition).encode())

    (bad,) = read_archives([path])

    assert isinstance(bad, BadLine)
    assert bad.reason == reason


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"id": "https:evil"}, "id is not a number."),
        ({"id": None}, "id is missing."),
        ({"attributes": None}, "attributes is missing."),
        ({"attributes": []}, "attributes is not an object."),
    ],
)
def test_bad_petition_after_a_good_one(tmp_path: Path, changes: dict[str, object], reason: str) -> None:
    good = (EXTRACTS / "uk_list.jsonl").read_text().splitlines()[0]
    path = write_lines(tmp_path, good.encode(), json.dumps({**json.loads(good), **changes}).encode())

    kept, bad = read_archives([path])

    assert isinstance(kept, ArchivedPetition)
    assert isinstance(bad, BadLine)
    assert (bad.line, bad.reason) == (2, reason)
