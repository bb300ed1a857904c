"""What everybody reads is read by one thread while the others wait."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.web import caching
from app.web.caching import Snapshots

THREADS = 24


def all_at_once(work: Callable[[], object]) -> list[object]:
    """What ``work`` gives to each of many threads that begin together."""
    start = threading.Barrier(THREADS)

    def begin(_: int) -> object:
        start.wait()
        return work()

    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(begin, range(THREADS)))


def slowly(reads: list[int]) -> Callable[[], int]:
    def read() -> int:
        reads.append(1)
        time.sleep(0.05)
        return len(reads)

    return read


def test_a_crowd_costs_one_read_at_first_and_one_when_it_is_old() -> None:
    reads: list[int] = []
    snapshots = Snapshots(30)
    assert all_at_once(lambda: snapshots.get("key", slowly(reads))) == [1] * THREADS
    read_at, value = snapshots.kept["key"]
    snapshots.kept["key"] = (read_at - 31, value)
    assert all_at_once(lambda: snapshots.get("key", slowly(reads))) == [2] * THREADS


def test_without_waiting_everybody_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control."""
    monkeypatch.setattr(caching, "PATIENCE", 0)
    reads: list[int] = []
    snapshots = Snapshots(30)
    all_at_once(lambda: snapshots.get("key", slowly(reads)))
    assert len(reads) > 1


def test_different_keys_do_not_wait_for_each_other() -> None:
    snapshots = Snapshots(30)
    both = threading.Barrier(2, timeout=5)
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda key: snapshots.get(key, both.wait), ("one", "other")))


def test_two_reads_that_need_each_other_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caching, "PATIENCE", 0.1)
    snapshots = Snapshots(30)
    both = threading.Barrier(2, timeout=5)

    def read(own: str, other: str) -> str:
        both.wait()
        return own + snapshots.get(other, lambda: other)

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(snapshots.get, "a", lambda: read("a", "b"))
        second = threads.submit(snapshots.get, "b", lambda: read("b", "a"))
        assert {first.result(5)[0], second.result(5)[0]} == {"a", "b"}


def test_a_read_that_fails_is_tried_by_the_next() -> None:
    snapshots = Snapshots(30)
    with pytest.raises(ZeroDivisionError):
        snapshots.get("key", lambda: 1 // 0)
    assert snapshots.get("key", lambda: 7) == 7
    assert snapshots.turns == {}


def test_nothing_is_kept_for_no_time() -> None:
    reads: list[int] = []
    snapshots = Snapshots(0)
    assert [snapshots.get("key", slowly(reads)) for _ in range(3)] == [1, 2, 3]
    assert snapshots.kept == {}
