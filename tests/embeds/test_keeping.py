"""Widgets answered from memory: only what is for everybody, only while its headers allow it."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

import pytest
from werkzeug.test import Client

from app.embeds.keeping import LONGEST_QUERY, SHOWS, KeptAnswers

USUAL = {
    "Cache-Control": "public, max-age=15",
    "ETag": 'W/"a"',
    "Vary": "Accept-Language",
    "Content-Type": "a/b",
}


class Behind:
    """An application that counts how often it is asked."""

    def __init__(self, **changes: str) -> None:
        self.headers = {name: value for name, value in (USUAL | changes).items() if value}
        self.status = "200 OK"
        self.asked = 0
        self.noted: list[str] = []

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked += 1
        environ[SHOWS] = "petition"
        start_response(self.status, list(self.headers.items()))
        return [b"widget ", str(self.asked).encode()]

    def before(self, seconds: float = 15, most: int = 10) -> tuple[KeptAnswers, Client]:
        kept = KeptAnswers(self, seconds, lambda petition, _environ: self.noted.append(petition), most)
        return kept, Client(kept)


def test_the_second_reader_is_answered_from_memory() -> None:
    behind = Behind()
    _, client = behind.before()
    first, second = client.get("/embed/v1/a"), client.get("/embed/v1/a")
    assert (first.data, second.data, behind.asked) == (b"widget 1", b"widget 1", 1)
    assert behind.noted == ["petition", "petition"]
    told = {name: value for name, value in second.headers.items() if name != "Age"}
    assert told == dict(first.headers)


def test_its_age_counts_from_the_read(monkeypatch: pytest.MonkeyPatch) -> None:
    behind = Behind(Age="4")
    _, client = behind.before()
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now)
    client.get("/embed/v1/a")
    monkeypatch.setattr(time, "monotonic", lambda: now + 10.5)
    assert client.get("/embed/v1/a").headers["Age"] == "14"
    monkeypatch.setattr(time, "monotonic", lambda: now + 11)
    client.get("/embed/v1/a")
    assert behind.asked == 2


def test_nothing_is_kept_longer_than_we_like(monkeypatch: pytest.MonkeyPatch) -> None:
    behind = Behind(**{"Cache-Control": "public, max-age=60"})
    _, client = behind.before(seconds=15)
    client.get("/embed/v1/a.svg")
    later = time.monotonic() + 15
    monkeypatch.setattr(time, "monotonic", lambda: later)
    client.get("/embed/v1/a.svg")
    assert behind.asked == 2


def test_whoever_has_the_same_copy_is_told_so() -> None:
    behind = Behind()
    _, client = behind.before()
    client.get("/embed/v1/a")
    again = client.get("/embed/v1/a", headers={"If-None-Match": 'W/"a"'})
    assert (again.status_code, again.data, behind.asked) == (304, b"", 1)
    assert again.headers["ETag"] == 'W/"a"'
    assert "Content-Type" not in again.headers
    other = client.get("/embed/v1/a", headers={"If-None-Match": 'W/"b"'})
    assert (other.status_code, other.data, behind.asked) == (200, b"widget 1", 1)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ('W/"a-985"', 304),
        ('W/"a-1000"', 304),
        ('W/"a-984"', 200),
        ('W/"a-1001"', 200),
        ('W/"b-995"', 200),
        ('W/"a-"', 200),
        ('W/"a-9²"', 200),
        ('W/"a-٩٩٥"', 200),
        (f'W/"a-{"1" * 4400}"', 200),
        ("*", 200),
    ],
)
def test_a_copy_from_another_process_stays_while_it_is_young(
    monkeypatch: pytest.MonkeyPatch, asked: str, status: int
) -> None:
    behind = Behind(ETag='W/"a-998"')
    _, client = behind.before()
    client.get("/embed/v1/a")
    monkeypatch.setattr(time, "time", lambda: 1000.9)
    answer = client.get("/embed/v1/a", headers={"If-None-Match": asked})
    assert answer.status_code == status
    if status == 304:
        assert answer.headers["ETag"] == asked
        assert answer.headers["Age"] == str(1000 - int(asked[5:-1]))


@pytest.mark.parametrize(
    "changes",
    [
        {"Cache-Control": "private, no-store"},
        {"Cache-Control": "public, no-cache"},
        {"Cache-Control": ""},
        {"Set-Cookie": "a=b"},
        {"Vary": "Accept-Language, Cookie"},
        {"Age": "15"},
    ],
)
def test_what_is_not_for_everybody_or_too_old_is_asked_for_again(changes: dict[str, str]) -> None:
    behind = Behind(**changes)
    kept, client = behind.before()
    assert [client.get("/embed/v1/a").data for _ in range(2)] == [b"widget 1", b"widget 2"]
    assert not kept.kept


@pytest.mark.parametrize("status", ["304 NOT MODIFIED", "302 FOUND", "500 INTERNAL SERVER ERROR"])
def test_only_answers_to_everybody_are_kept(status: str) -> None:
    behind = Behind()
    behind.status = status
    kept, client = behind.before()
    client.get("/embed/v1/a")
    assert not kept.kept


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/embed/v1/b", {}),
        ("GET", "/embed/v1/a?theme=dark", {}),
        ("GET", "/embed/v1/a", {"Accept-Language": "en"}),
        ("POST", "/embed/v1/a", {}),
        ("HEAD", "/embed/v1/a", {}),
    ],
)
def test_another_question_has_another_answer(method: str, path: str, headers: dict[str, str]) -> None:
    behind = Behind()
    _, client = behind.before()
    client.get("/embed/v1/a", headers={"Accept-Language": "ko"})
    client.open(path, method=method, headers=headers)
    assert behind.asked == 2


def test_other_addresses_pass_by() -> None:
    behind = Behind()
    kept, client = behind.before()
    client.get("/petitions/a")
    assert not kept.kept
    assert behind.noted == []


def test_made_up_addresses_fill_no_memory() -> None:
    behind = Behind()
    kept, client = behind.before(most=10)
    for number in range(50):
        client.get(f"/embed/v1/a?color=1f6b{number}")
    client.get(f"/embed/v1/a?n={'x' * LONGEST_QUERY}")
    assert [key[1] for key in kept.kept] == [f"color=1f6b{number}" for number in range(40, 50)]


def test_what_is_asked_for_is_not_forgotten() -> None:
    behind = Behind()
    kept, client = behind.before(most=10)
    client.get("/embed/v1/a")
    for number in range(10, 50):
        client.get(f"/embed/v1/a?color=1f6b{number}")
        assert client.get("/embed/v1/a").data == b"widget 1"
    assert len(kept.kept) == 10


@pytest.mark.parametrize(
    ("query", "usual"),
    [
        ("via=news.example", ""),
        ("n=1&theme=auto&color=red&lang=xx&since=1", ""),
        ("theme=dark&theme=light", "theme=dark"),
        ("via=a.example&color=%231F6B4A&lang=en&theme=dark", "theme=dark&color=1f6b4a&lang=en"),
        (f"since={'0a' * 12}&lang=ko", f"lang=ko&since={'0a' * 12}"),
    ],
)
def test_an_address_is_known_by_what_is_understood_of_it(query: str, usual: str) -> None:
    behind = Behind()
    kept, client = behind.before()
    client.get(f"/embed/v1/a?{usual}")
    assert client.get(f"/embed/v1/a?{query}").data == b"widget 1"
    assert [key[1] for key in kept.kept] == [usual]
