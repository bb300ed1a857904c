"""Pages of one API query are read along their `next` links, and each petition once."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import pytest

from app.petitions.archives import ArchivedPetition, read_archives
from tests.petitions.archives.archive_samples import EXTRACTS, REAL, read_petitions

BASE = "https://petition.parliament.uk/petitions.json?"
SAMPLE = json.loads((EXTRACTS / "uk_list.jsonl").read_text().splitlines()[0])


def write_page(folder: Path, number: int, pages: int, ids: list[int], **links: str | None) -> Path:
    """A page of the query `q=park`; addresses spell their parameters in differing orders, as the API does."""
    path = folder / f"{number}.json"
    page = {
        "self": f"{BASE}q=park&page={number}",
        "first": f"{BASE}q=park",
        "last": f"{BASE}page={pages}&q=park",
        "next": f"{BASE}page={number + 1}&q=park" if number < pages else None,
        "prev": f"{BASE}page={number - 1}&q=park" if number > 1 else None,
        **links,
    }
    path.write_text(json.dumps({"links": page, "data": [{**SAMPLE, "id": each} for each in ids]}))
    return path


def read_ids(*paths: Path) -> list[str]:
    return [petition.source_id for petition in read_petitions(*paths)]


def test_petition_on_two_pages_comes_once() -> None:
    pages = [EXTRACTS / "uk_page_2.json", EXTRACTS / "uk_page_1.json"]

    assert read_ids(*pages) == ["900011", "900012", "900013"]


@pytest.mark.parametrize("order", list(itertools.permutations([0, 1, 2])))
def test_next_links_decide_the_order(tmp_path: Path, order: tuple[int, ...]) -> None:
    pages = [write_page(tmp_path, number, 3, [number * 10, number * 10 + 1]) for number in (1, 2, 3)]
    notes: list[str] = []

    found = list(read_archives([pages[at] for at in order], notes.append))

    ids = [each.source_id for each in found if isinstance(each, ArchivedPetition)]
    assert ids == ["10", "11", "20", "21", "30", "31"]
    assert notes == []


def test_missing_next_page_is_a_note_and_no_error(tmp_path: Path) -> None:
    first, last = write_page(tmp_path, 1, 3, [1]), write_page(tmp_path, 3, 3, [3])
    notes: list[str] = []

    found = list(read_archives([first, last], notes.append))

    assert [each.source_id for each in found if isinstance(each, ArchivedPetition)] == ["1", "3"]
    assert notes == [f"{first}: the next page was not given: {BASE}page=2&q=park"]


def test_pages_without_self_are_known_by_first_and_last(tmp_path: Path) -> None:
    first = write_page(tmp_path, 1, 3, [1], self=None)
    middle = write_page(tmp_path, 2, 3, [2])
    last = write_page(tmp_path, 3, 3, [3], self=None)
    notes: list[str] = []

    found = list(read_archives([last, middle, first], notes.append))

    assert [each.source_id for each in found if isinstance(each, ArchivedPetition)] == ["1", "2", "3"]
    assert notes == []


def test_pages_that_point_in_a_circle_end(tmp_path: Path) -> None:
    one = write_page(tmp_path, 1, 2, [1])
    two = write_page(tmp_path, 2, 2, [2], next=f"{BASE}page=1&q=park")

    assert sorted(read_ids(two, one)) == ["1", "2"]


def test_same_page_given_twice_and_other_files_between(tmp_path: Path) -> None:
    one, two = write_page(tmp_path, 1, 2, [1]), write_page(tmp_path, 2, 2, [2])
    between = EXTRACTS / "white_house.jsonl"

    sources = [petition.source for petition in read_petitions(two, between, one, one)]

    assert sources == ["uk-parliament"] * 2 + ["white-house"] * 2


def test_empty_page_is_an_archive_without_petitions(tmp_path: Path) -> None:
    assert read_ids(write_page(tmp_path, 1, 1, [])) == []


def test_links_of_any_shape_are_harmless(tmp_path: Path) -> None:
    path = write_page(tmp_path, 1, 1, [1], self="http://[broken", next="http://[also")
    notes: list[str] = []

    assert len(list(read_archives([path], notes.append))) == 1
    assert notes == [f"{path}: the next page was not given: http://[also"]


if REAL.exists():

    def test_real_first_and_last_page() -> None:
        notes: list[str] = []

        found = list(
            read_archives([REAL / "uk_api_page_last.json", REAL / "uk_api_page_first.json"], notes.append)
        )

        assert len(found) == 64
        assert len(notes) == 1
        assert "page=2" in notes[0]
