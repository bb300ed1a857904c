"""Reading point events from a file, and recomputing everybody's score from it."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.points.replay import parse_events, read_events, scores_at

from .ledgers import VECTORS, VECTORS_PATH

GOOD: dict[str, Any] = {
    "id": "e1",
    "day": 3,
    "u": "민지",
    "v": "준호",
    "cls": "support",
    "mp": 1000,
    "light": True,
}


def write(folder: Path, document: object) -> Path:
    path = folder / "events.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


@pytest.mark.parametrize("day", [30, 60, 89, 90, 180, 270])
def test_the_published_file_gives_the_published_scores(day: int) -> None:
    scores = scores_at(read_events(VECTORS_PATH), day)
    expected = {person: days[str(day)] for person, days in VECTORS["expected_floor_mp"].items()}
    assert {person: scores[person] for person in expected} == expected


def test_the_published_fraud_as_rows_of_a_file(tmp_path: Path) -> None:
    case = VECTORS["fraud_case"]
    rows = [{"id": f"v{n}", "day": 75, "void": target} for n, target in enumerate(case["voids"])]
    loss = {"id": "loss", "day": case["penalty_day"], "u": "O", "cls": "penalty", "mp": case["penalty_mp"]}
    scores = scores_at(read_events(write(tmp_path, [*rows, loss, *VECTORS["events"]])), 89)
    assert {person: scores[person] for person in case["expected_day89"]} == case["expected_day89"]


def test_a_bare_list_and_an_object_with_events_read_the_same(tmp_path: Path) -> None:
    assert read_events(write(tmp_path, [GOOD])) == read_events(str(write(tmp_path, {"events": [GOOD]})))


def test_an_event_keeps_its_fields_and_its_reason() -> None:
    (event,) = parse_events([GOOD | {"note": "signs, rank 1"}])
    assert (event.id, event.day, event.person, event.counterparty) == ("e1", 3, "민지", "준호")
    assert (event.class_, event.mp, event.light, event.action) == ("support", 1000, True, "signs, rank 1")
    assert (event.voids, event.kin) == (None, "준호")


def test_a_counterparty_and_lightness_may_be_left_out() -> None:
    (event,) = parse_events([{key: GOOD[key] for key in ("id", "day", "u", "cls", "mp")}])
    assert (event.counterparty, event.light) == (None, False)


def test_a_void_is_worth_nothing_even_when_it_repeats_what_it_takes_back() -> None:
    repeated = GOOD | {"id": "v1", "void": "e1"}
    assert scores_at(parse_events([GOOD, repeated]), 9) == {}
    assert scores_at(parse_events([repeated]), 9) == {}


def test_a_void_needs_only_its_id_and_a_null_void_is_none() -> None:
    assert scores_at(parse_events([GOOD, {"id": "v1", "void": "e1"}]), 9) == {}
    assert scores_at(parse_events([GOOD | {"void": None}]), 9) == {"민지": 937}


def test_repeated_rows_count_once() -> None:
    assert scores_at(parse_events([GOOD] * 3), 9) == {"민지": 937}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"id": None}, '^event 2: "id" must be a text'),
        ({"id": ""}, '"id" must be a text that is not empty'),
        ({"id": 7}, '^event 2: "id" must be a text'),
        ({"day": None}, r"""^event 2 \('e2'\): "day" must be a whole number"""),
        ({"day": "3"}, '"day" must be a whole number'),
        ({"day": 3.0}, '"day" must be a whole number'),
        ({"day": True}, '"day" must be a whole number'),
        ({"day": 10**9}, '"day" must lie within'),
        ({"u": None}, '"u" must be a text'),
        ({"u": ""}, '"u" must be a text'),
        ({"v": 5}, '"v" must be a text or null'),
        ({"cls": "charm"}, '"cls" must be one of support, organise, care, penalty'),
        ({"cls": ["support"]}, '"cls" must be one of'),
        ({"mp": None}, '"mp" must be a whole number'),
        ({"mp": 1.5}, '"mp" must be a whole number'),
        ({"mp": float("nan")}, '"mp" must be a whole number'),
        ({"mp": -1}, '"mp" must not be negative'),
        ({"mp": -1, "cls": "penalty"}, '"mp" must not be negative'),
        ({"light": 1}, '"light" must be true or false'),
        ({"void": 4}, '"void" must be a text'),
        ({"void": ""}, '"void" must be a text'),
        ({"action": 4}, '"action" must be a text or null'),
    ],
)
def test_a_bad_event_is_named(tmp_path: Path, change: dict[str, Any], complaint: str) -> None:
    path = write(tmp_path, [GOOD, GOOD | {"id": "e2"} | change])
    with pytest.raises(ValueError, match=complaint):
        read_events(path)


@pytest.mark.parametrize("row", [None, 3, "e1", []])
def test_an_event_that_is_no_object_is_named(row: object) -> None:
    with pytest.raises(ValueError, match=r"^event 2: expected an object"):
        parse_events([GOOD, row])


@pytest.mark.parametrize("document", [None, 3, "events", {}, {"events": {}}])
def test_a_document_without_events_is_refused(document: object) -> None:
    with pytest.raises(ValueError, match="expected a list of events"):
        parse_events(document)


@pytest.mark.parametrize(
    "content", [b"", b"[", b"\xff\xfe\xff", b"[" * 200_000, b'[{"mp": ' + b"9" * 5000 + b"}]"]
)
def test_a_file_that_is_no_json_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "events.json"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="is not JSON"):
        read_events(path)


def test_no_events_mean_no_scores() -> None:
    assert scores_at(parse_events([]), 90) == {}
