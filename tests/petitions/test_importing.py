"""Importing archives: everything once, nothing by halves, historic tallies kept apart."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from app.db import db, run_tx
from app.petitions import importing
from app.petitions.archives import ArchivedPetition, BadLine, read_archives
from app.petitions.importing import Tally, import_archives, insert_new
from app.petitions.models import Petition, Signature, Threshold
from app.petitions.searching import SearchText, containing
from tests.petitions.archives.archive_samples import EXTRACTS, korean_line, write_lines

EVERY_EXTRACT = [
    EXTRACTS / name
    for name in (
        "cheongwadae.jsonl",
        "uk_list.jsonl",
        "uk_page_1.json",
        "uk_page_2.json",
        "white_house.jsonl",
    )
]


@pytest.fixture(autouse=True)
def _in_context(context: None) -> None:
    """Every test here runs inside the application's context."""


def all_petitions() -> list[Petition]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Petition).order_by(Petition.source, Petition.source_id)))


def found(query: str) -> list[str]:
    condition = containing(query)
    assert condition is not None
    return list(db.session.scalars(sa.select(Petition.title).where(condition)))


def test_every_record_becomes_an_archived_petition_as_it_was() -> None:
    records = {
        (record.source, record.source_id): record
        for record in read_archives(EVERY_EXTRACT)
        if isinstance(record, ArchivedPetition)
    }
    assert import_archives(EVERY_EXTRACT).imported == len(records)
    petitions = all_petitions()
    assert len(petitions) == len(records)
    for petition in petitions:
        record = records[petition.source, petition.source_id]
        assert (petition.title, petition.text, petition.addressee) == (
            record.title,
            record.text,
            record.addressee,
        )
        assert (petition.opened_at, petition.closed_at) == (record.opened_at, record.closed_at)
        assert petition.state == "archived"
        assert petition.archive is not None
        assert petition.archive["signatures"] == record.signatures
        assert petition.archive["source_state"] == record.source_state
        assert len(petition.archive["places"]) == len(record.places)


def test_historic_tallies_stay_apart_from_validated_signatures() -> None:
    import_archives(EVERY_EXTRACT)
    assert max(petition.archive["signatures"] for petition in all_petitions() if petition.archive) > 200_000
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Threshold)) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Signature)) == 0


def test_the_second_import_adds_nothing() -> None:
    first = import_archives(EVERY_EXTRACT)
    before = [(petition.id, petition.slug, petition.created_at) for petition in all_petitions()]
    again = import_archives(EVERY_EXTRACT)
    assert again == Tally(imported=0, already=first.imported + first.already, bad=0)
    assert [(petition.id, petition.slug, petition.created_at) for petition in all_petitions()] == before


def test_a_petition_twice_in_one_file_is_imported_once(tmp_path: Path) -> None:
    path = write_lines(tmp_path, korean_line(petition_idx="1"), korean_line(petition_idx="1", title="다시"))
    assert import_archives([path]) == Tally(imported=1, already=1, bad=0)


def test_the_same_number_of_two_platforms_is_two_petitions(tmp_path: Path) -> None:
    british = json.loads((EXTRACTS / "uk_list.jsonl").read_text().splitlines()[0])
    path = write_lines(tmp_path, korean_line(petition_idx=str(british["id"])))
    assert import_archives([path, EXTRACTS / "uk_list.jsonl"]).already == 0


def test_titles_that_repeat_get_slugs_of_their_own(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path,
        *(korean_line(petition_idx=str(number), title="신호등을 놓아 주세요") for number in range(5)),
    )
    import_archives([path])
    slugs = [petition.slug for petition in all_petitions()]
    assert "신호등을-놓아-주세요" in slugs
    assert len(set(slugs)) == 5


def test_a_title_of_signs_alone_and_a_reserved_word_get_usable_slugs(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path, korean_line(petition_idx="1", title="!?"), korean_line(petition_idx="2", title="New")
    )
    import_archives([path])
    slugs = [petition.slug for petition in all_petitions()]
    assert slugs[0] == "petition"
    assert slugs[1].startswith("new-")


def test_what_is_imported_is_found_by_two_syllables(tmp_path: Path) -> None:
    import_archives(
        [write_lines(tmp_path, korean_line(title="도서관 앞 신호등을 놓아 주세요", content="습지"))]
    )
    assert found("신호") == ["도서관 앞 신호등을 놓아 주세요"]
    assert found("습지") == ["도서관 앞 신호등을 놓아 주세요"]
    assert found("바다") == []


def test_bad_lines_are_told_and_the_rest_is_in(tmp_path: Path) -> None:
    path = write_lines(
        tmp_path, korean_line(petition_idx="1"), b"{broken", korean_line(petition_idx="2", title="")
    )
    told: list[BadLine] = []
    assert import_archives([path], report=told.append) == Tally(imported=1, already=0, bad=2)
    assert [(bad.file, bad.line) for bad in told] == [(str(path), 2), (str(path), 3)]


def test_a_batch_that_fails_leaves_no_petition_by_halves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 2)
    path = write_lines(tmp_path, *(korean_line(petition_idx=str(number)) for number in range(6)))
    index_new, calls = importing.index_new, []

    def fail_at_the_second(petitions: list[Petition]) -> None:
        calls.append(len(petitions))
        index_new(petitions)
        if len(calls) == 2:
            raise ConnectionAbortedError("the machine went away")

    monkeypatch.setattr(importing, "index_new", fail_at_the_second)
    with pytest.raises(ConnectionAbortedError):
        import_archives([path])
    assert len(all_petitions()) == 2
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SearchText)) == 2
    assert import_archives([path]) == Tally(imported=4, already=2, bad=0)


def test_two_imports_at_once_store_everything_once(app: Flask, tmp_path: Path) -> None:
    path = write_lines(
        tmp_path,
        *(korean_line(petition_idx=str(number), title=f"청원 {number % 7}") for number in range(350)),
    )
    barrier, tallies = threading.Barrier(3), []

    def bring_in() -> None:
        with app.app_context():
            barrier.wait()
            tallies.append(import_archives([path]))

    threads = [threading.Thread(target=bring_in) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(tally.imported for tally in tallies) == 350
    assert sum(tally.already for tally in tallies) == 700
    assert len(all_petitions()) == 350


def test_the_database_itself_refuses_a_second_copy(tmp_path: Path) -> None:
    """The look before the insert is politeness; the unique key is what holds."""
    record = next(read_archives([write_lines(tmp_path, korean_line())]))
    assert isinstance(record, ArchivedPetition)
    assert run_tx(lambda: insert_new([record])) == 1
    petition = importing.archived_petition(record, "another-slug", importing.clock.now())
    with pytest.raises(sa.exc.IntegrityError):
        run_tx(lambda: db.session.add(petition))


def test_progress_reaches_the_number_of_records(tmp_path: Path) -> None:
    path = write_lines(tmp_path, *(korean_line(petition_idx=str(number)) for number in range(250)), b"{")
    steps: list[int] = []
    import_archives([path], advance=steps.append)
    assert sum(steps) == 251
