"""The repository's own files: small, clean of machines and secrets."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.config import ROOT

FORBIDDEN = {
    "a path of somebody's machine": re.compile(r"(?<![\w.])/(?:home|root|Users|work|tmp|opt/py[\w-]*)/"),
    "a package registry's host": re.compile(r"https?://(?:[\w.-]*\.)?(?:pypi|pythonhosted|npmjs)\.\w+"),
    "a private key": re.compile("-----BEGIN " + r"[A-Z ]*PRIVATE KEY"),
    "a live payment key": re.compile(r"\b[rs]k_" + r"live_\w+"),
}
LONGEST = 400


def test_no_file_names_a_machine_or_holds_a_secret(written_files: list[Path]) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {what}: {match[0]}"
        for path in written_files
        for what, pattern in FORBIDDEN.items()
        if (match := pattern.search(path.read_text(errors="replace")))
    ]
    assert found == []


@pytest.mark.parametrize("text", ["cd /ho" + "me/minji/dure", "index https://pypi." + "org/simple"])
def test_a_machine_in_a_file_would_be_found(text: str) -> None:
    """The negative control."""
    assert any(pattern.search(text) for pattern in FORBIDDEN.values())


def test_modules_stay_small_enough_to_read_at_once(written_files: list[Path]) -> None:
    modules = [path for path in written_files if path.suffix == ".py" and "versions" not in path.parts]
    long = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in modules}
    assert {name: lines for name, lines in long.items() if lines > LONGEST} == {}
