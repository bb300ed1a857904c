"""A stranger who knows only the description tries a little of everything, and finds that it is true."""

from __future__ import annotations

import re
from pathlib import Path

from .exploring import explore

OPERATIONS = 12
"""All but the address of the description itself, which is where it begins."""


def test_a_stranger_finds_the_description_true(sqlite_template: Path, tmp_path: Path) -> None:
    """The same few questions every time; ``make explore`` asks more, and others each time."""
    done = explore(sqlite_template, tmp_path, "--max-examples=4", "--seed=20261123", seconds=300)
    assert done.returncode == 0, done.stdout + (tmp_path / "log").read_text()
    counted = re.search(r"Operations: +(\d+) selected / (\d+) total", done.stdout)
    assert counted is not None
    assert counted.groups() == (str(OPERATIONS), str(OPERATIONS)), done.stdout
    assert re.search(r"[1-9]\d\d generated", done.stdout), done.stdout
