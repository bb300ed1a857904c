"""The open data: what the pages say, as tables; nobody's name in it."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from app.actions.auditing import audit
from app.actions.public_books import read_books
from app.db import lock, run_tx
from app.feeds.opendata import rows
from app.feeds.opendata.packing import EVERYTHING
from app.feeds.opendata.tables import TABLES
from app.feeds.opendata.writing import export
from app.petitions.answering import record_answer
from app.petitions.importing import insert_new
from app.petitions.models import Petition
from app.petitions.reading import read_petition
from app.petitions.signing import sign_as
from app.petitions.updating import publish_update
from tests.feeds.exported import described, read_csv, read_json
from tests.feeds.imported import archived
from tests.organizing.desk import days_ahead, underway
from tests.world import ADDRESSES, World

SHAPES = {
    "integer": re.compile(r"-?\d+"),
    "date": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "yearmonth": re.compile(r"\d{4}-\d{2}"),
    "datetime": re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z"),
    "string": re.compile(r"(?s).*"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


def sign_from(world: World, petition: Petition, region: str, *names: str, hidden: bool = False) -> None:
    for name in names:
        person = world.person(name)
        run_tx(lambda person=person: sign_as(petition, person, region=region, hide_name=hidden))  # type: ignore[misc]


def as_cells(row: dict[str, Any]) -> dict[str, str]:
    return {name: "" if value is None else str(value) for name, value in row.items()}


def test_every_table_says_the_same_in_both_kinds_and_as_its_schema_says(world: World, folder: Path) -> None:
    promised = days_ahead(90)
    petition, _steps = underway(world, due=[promised])
    run_tx(lambda: record_answer(petition.id, '네,\n"곧" 하겠습니다.'))
    run_tx(lambda: insert_new([archived()]))
    export(folder)
    resources = described(folder)
    for table in TABLES:
        sheet, whole = read_csv(folder, table.name), read_json(folder, table.name)
        schema = resources[f"{table.name}.csv"]["schema"]
        assert [field["name"] for field in schema["fields"]] == list(table.names)
        assert all(field["description"] for field in schema["fields"])
        assert [
            {name: "" if value is None else str(value) for name, value in row.items()} for row in whole
        ] == sheet
        assert resources[f"{table.name}.csv"]["rows"] == resources[f"{table.name}.json"]["rows"] == len(whole)
        for row in sheet:
            assert all(not row[c.name] or SHAPES[c.kind].fullmatch(row[c.name]) for c in table.columns), row
        if table.key:
            keys = [tuple(row[name] for name in table.key) for row in whole]
            assert len(set(keys)) == len(keys)
    assert {row["petition"] for row in read_json(folder, "thresholds")} <= {
        row["petition"] for row in read_json(folder, "petitions")
    }
    assert [row["due_on"] for row in read_json(folder, "milestones")] == [promised.isoformat(), None]
    assert (folder / "petitions.csv").read_bytes().startswith(b"\xef\xbb\xbfpetition,url,")


def test_sums_and_sizes_are_those_of_the_files(world: World, folder: Path) -> None:
    world.petition()
    export(folder)
    sums = dict(reversed(line.split("  ")) for line in (folder / "SHA256SUMS").read_text().splitlines())
    assert sums.keys() == {file.name for file in folder.iterdir()} - {"SHA256SUMS"}
    for name, digest in sums.items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    for path, resource in described(folder).items():
        assert resource["hash"] == f"sha256:{sums[path]}"
        assert resource["bytes"] == (folder / path).stat().st_size
    with ZipFile(folder / EVERYTHING) as archive:
        assert archive.testzip() is None
        for entry in archive.namelist():
            assert archive.read(entry) == (folder / Path(entry).name).read_bytes()
        assert {Path(entry).name for entry in archive.namelist()} == sums.keys() - {EVERYTHING}
    assert "CC BY 4.0" in (folder / "LICENSE.txt").read_text()


def test_totals_are_those_of_the_pages(world: World, folder: Path) -> None:
    petition, _steps = underway(world)
    other = world.petition(title="다른 청원", currency="USD")
    world.pledge(other, "alice", 700)
    sign_from(world, other, "KR-11", "alice", "junho")
    export(folder)
    books = read_json(folder, "books")
    for currency, totals in read_books().totals.items():
        for name in ("pledged", "held", "captured", "refunded", "paid_out", "in_escrow"):
            summed = sum(row[name] for row in books if row["currency"] == currency)
            assert summed == getattr(totals, name), (currency, name)
    assert sum(row["captured"] for row in books) == 30_000
    turnover = audit().totals
    for row in read_json(folder, "journals"):
        turnover[row["currency"]][row["cause"]] -= row["amount"]
    assert {amount for causes in turnover.values() for amount in causes.values()} == {0}
    for each in (petition, other):
        view = read_petition(each.slug)
        assert view is not None
        days = [row for row in read_json(folder, "signatures_by_day") if row["petition"] == each.slug]
        assert sum(row["signatures"] for row in days) == view.validated > 0
        thresholds = [row for row in read_json(folder, "thresholds") if row["petition"] == each.slug]
        assert [(row["kind"], row["target"], row["tally"]) for row in thresholds] == [
            (t.kind, t.target, t.tally) for t in view.thresholds
        ]
    [action] = read_json(folder, "actions")
    assert (action["petition"], action["state"], action["goal"]) == (petition.slug, "underway", 30_000)
    assert [row["share"] for row in read_json(folder, "milestones")] == [40, 60]


def test_a_region_with_few_signers_is_not_named(world: World, folder: Path) -> None:
    petition = world.petition()
    sign_from(world, petition, "KR-11", *(f"seoul{number}" for number in range(5)))
    sign_from(world, petition, "KR-49", *(f"jeju{number}" for number in range(4)))
    sign_from(world, petition, "IS", "alone")
    export(folder)
    counted = {row["region"]: row["signatures"] for row in read_json(folder, "signatures_by_region")}
    assert counted == {"KR-11": 5, "other": 5}


def test_regions_are_counted_in_fives_and_few_others_not_at_all(world: World, folder: Path) -> None:
    petition = world.petition()
    sign_from(world, petition, "KR-11", *(f"seoul{number}" for number in range(9)))
    export(folder)
    counted = {row["region"]: row["signatures"] for row in read_json(folder, "signatures_by_region")}
    assert counted == {"KR-11": 5}


def test_nobody_is_in_it(world: World, folder: Path) -> None:
    petition, _steps = underway(world)
    sign_from(world, petition, "KR-11", "Zinnia", hidden=True)
    sign_from(world, petition, "KR-11", "Quokka")
    world.pledge(world.petition(title="둘째"), "Wombat", 900)
    export(folder)
    names = [
        "zinnia",
        "quokka",
        "wombat",
        "example.org",
        *(name for pair in ADDRESSES.values() for name in pair),
    ]
    for file in folder.iterdir():
        text = file.read_bytes().decode("utf-8", "replace").casefold()
        assert [name for name in names if name.casefold() in text] == [], file.name
    kept = {row["petition"] for row in read_json(folder, "petitions")}
    assert petition.slug in kept, "the search above has something to search"


def test_what_is_out_of_sight_has_sums_and_no_name(world: World, folder: Path) -> None:
    petition, _steps = underway(world)
    run_tx(lambda: setattr(lock(Petition, petition.id), "state", "removed"))
    world.petition(title="아직 비밀", state="moderation")
    export(folder)
    for table in TABLES:
        if table.name not in ("books", "journals"):
            assert read_json(folder, table.name) == [], table.name
    [line] = read_json(folder, "books")
    assert (line["petition"], line["captured"]) == (None, 30_000)
    assert petition.title not in (folder / "books.csv").read_text()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "＝1", " =1"])
def test_no_cell_computes(world: World, folder: Path, text: str) -> None:
    petition = world.petition(title=text)
    organizer_id = petition.organizer_id
    assert organizer_id is not None
    run_tx(lambda: publish_update(petition.id, organizer_id, title=text, text=text, idempotency_key="a"))
    export(folder)
    for table in ("petitions", "updates"):
        assert read_csv(folder, table)[0]["title"] == f"'{text}"
        assert read_json(folder, table)[0]["title"] == text


def test_it_is_the_same_in_small_batches(world: World, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        world.sign(world.petition(title=f"청원 {number}"), "minji", "junho")
    run_tx(lambda: insert_new([archived(source_id=str(number)) for number in range(4)]))
    export(folder)
    monkeypatch.setattr(rows, "BATCH", 2)
    again = folder.with_name("again")
    export(again)
    assert len(read_json(again, "petitions")) == 9
    for table in TABLES:
        assert read_json(again, table.name) == read_json(folder, table.name), table.name


def test_one_moment_for_all_tables(world: World, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody signs in the middle of it: every table is from before."""
    petition = world.petition()
    world.sign(petition, "minji")
    world.person("junho")
    before = rows.signature_rows
    signed = []

    def sign_meanwhile(petitions: object) -> object:
        if not signed:
            signed.append(sign_beside(world, petition))
        return before(petitions)  # type: ignore[arg-type]

    monkeypatch.setattr(rows, "signature_rows", sign_meanwhile)
    export(folder)
    assert signed == [2]
    [threshold] = [row for row in read_json(folder, "thresholds") if row["measure"] == "signatures"]
    assert threshold["tally"] == 1
    assert [row["signatures"] for row in read_json(folder, "signatures_by_day")] == [1]
    assert world.fresh(petition).signatures.tally == 2


def sign_beside(world: World, petition: Petition) -> int:
    """Sign from another thread, as another request would; how many have signed then."""
    from threading import Thread

    told: list[int] = []

    def sign() -> None:
        with world.app.app_context():
            person = world.person("junho")
            run_tx(lambda: sign_as(petition, person, region="KR-11"))
            told.append(world.fresh(petition).signatures.tally)

    thread = Thread(target=sign)
    thread.start()
    thread.join()
    return told[0]


def test_it_needs_a_new_folder(world: World, folder: Path) -> None:
    folder.mkdir()
    with pytest.raises(FileExistsError):
        export(folder)
