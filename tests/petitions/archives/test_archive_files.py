"""Files are known by what they hold, and a file that cannot be read is one bad line."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from app.petitions.archives import ArchivedPetition, BadLine, count_records, files, read_archives
from tests.petitions.archives.archive_samples import EXTRACTS, korean_line, read_petitions, write_lines

ALL_EXTRACTS = sorted(path for path in EXTRACTS.iterdir() if path.suffix != ".md")


@pytest.mark.parametrize("extract", ALL_EXTRACTS, ids=lambda path: path.name)
@pytest.mark.parametrize("zipped", [False, True], ids=["plain", "gzip"])
def test_name_says_nothing(tmp_path: Path, extract: Path, zipped: bool) -> None:
    renamed = tmp_path / "holiday.txt"
    content = extract.read_bytes()
    renamed.write_bytes(gzip.compress(content) if zipped else content)

    assert read_petitions(renamed) == read_petitions(extract)
    assert count_records([renamed]) == count_records([extract]) > 0


def test_files_come_in_the_order_given() -> None:
    paths = [EXTRACTS / "white_house.jsonl", EXTRACTS / "cheongwadae.jsonl", EXTRACTS / "uk_list.jsonl"]

    sources = [petition.source for petition in read_petitions(*paths)]

    assert sources == ["white-house"] * 2 + ["cheongwadae"] * 3 + ["uk-parliament"] * 3


def test_one_file_may_hold_two_archives(tmp_path: Path) -> None:
    american = (EXTRACTS / "white_house.jsonl").read_bytes().splitlines()[0]

    found = read_petitions(write_lines(tmp_path, korean_line(), american))

    assert [petition.source for petition in found] == ["cheongwadae", "white-house"]


def test_json_array_names_the_line_of_each_element(tmp_path: Path) -> None:
    path = tmp_path / "array.json"
    path.write_bytes(b"[\n" + korean_line() + b",\n" + korean_line(num_agree=-1) + b",\n5\n]\n")

    petition, negative, number = read_archives([path])

    assert isinstance(petition, ArchivedPetition)
    assert isinstance(negative, BadLine)
    assert (negative.line, negative.reason) == (3, "num_agree is negative.")
    assert negative.raw == korean_line(num_agree=-1).decode()
    assert number == BadLine(str(path), 4, "Not a JSON object.", "5")


def test_bytes_that_are_no_utf8_spoil_one_element_of_a_document(tmp_path: Path) -> None:
    page = (EXTRACTS / "uk_page_1.json").read_bytes().replace(b"Fewer park", b"Fewer \xff park")
    path = tmp_path / "page.json"
    path.write_bytes(page)

    good, bad = read_archives([path])

    assert isinstance(good, ArchivedPetition)
    assert isinstance(bad, BadLine)
    assert bad.line == 37
    assert bad.reason.startswith("Not UTF-8 at byte ")
    assert "Fewer \\xff park" in bad.raw


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"", "it is empty"),
        (b"\n \n", "it is empty"),
        (b"row,dollars\n1,5\n", "no line holds a petition"),
        (b'{"name": "Alice"}\n', "no line holds a petition"),
        (b'{"rounds": 3,\n"data": [{"id": 1}]}', "it holds no petition"),
        (b"[1, 2]", "it holds no petition"),
        (b'{"data": [\n{"id": 1}', "not JSON: Expecting ',' delimiter at line 2, column 10"),
        (b"[" * 100_000, "not JSON that can be read"),
        (b"\x89PNG\r\n\x1a\n\0\0", "no line holds a petition"),
    ],
)
def test_unknown_file_is_one_bad_line(tmp_path: Path, content: bytes, complaint: str) -> None:
    path = tmp_path / "unknown"
    path.write_bytes(content)

    reason = f"Not a petition archive this importer knows: {complaint}."
    assert list(read_archives([path])) == [BadLine(str(path), 1, reason, "")]
    assert count_records([path]) == 1


def test_missing_file_and_folder_do_not_stop_the_others(tmp_path: Path) -> None:
    missing, good = tmp_path / "missing.jsonl", EXTRACTS / "white_house.jsonl"

    first, second, *rest = read_archives([missing, tmp_path, good])

    assert first == BadLine(str(missing), 1, "The file does not exist.", "")
    assert second == BadLine(str(tmp_path), 1, "This is a folder, not a file.", "")
    assert len(rest) == 2


def test_gzip_cut_short_keeps_its_whole_lines(tmp_path: Path) -> None:
    lines = b"".join(korean_line(petition_idx=str(n), content=str(n**9) * 9) + b"\n" for n in range(1, 3000))
    path = tmp_path / "cut.gz"
    path.write_bytes(gzip.compress(lines)[:-9])

    *petitions, bad = read_archives([path])

    assert all(isinstance(petition, ArchivedPetition) for petition in petitions)
    assert 2900 < len(petitions) < 3000
    assert isinstance(bad, BadLine)
    assert bad.reason == "The gzip file is cut short; what follows is lost."
    assert bad.line == len(petitions) + 1
    assert count_records([path]) == len(petitions) + 1


def test_damaged_gzip_is_one_bad_line(tmp_path: Path) -> None:
    path = tmp_path / "damaged.gz"
    path.write_bytes(b"\x1f\x8b" + b"\xff" * 30)

    assert list(read_archives([path])) == [
        BadLine(str(path), 1, "The gzip file is damaged; what follows is lost.", "")
    ]


def test_a_document_too_large_to_hold_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST_DOCUMENT", 100)
    path = tmp_path / "large.json"
    path.write_text(json.dumps([1] * 200, indent=1))

    (bad,) = read_archives([path])

    assert isinstance(bad, BadLine)
    assert bad.reason.endswith("it is too large for a single JSON document.")


def test_lines_are_streamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST_DOCUMENT", 0)
    path = write_lines(tmp_path, *[korean_line()] * 50)

    assert len(read_petitions(path)) == 50
