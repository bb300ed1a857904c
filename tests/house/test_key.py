"""The key of a checkout: one for all commands, there in whole or not at all."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from app.config import generated_key


def test_whoever_comes_first_makes_the_key_of_all(tmp_path: Path) -> None:
    path = tmp_path / "var" / "secret_key"
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _number: generated_key(path), range(64)))
    assert len(keys) == 1
    assert len(keys.pop()) >= 32
    assert path.stat().st_mode & 0o077 == 0
    assert list(path.parent.iterdir()) == [path]
