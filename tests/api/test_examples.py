"""The examples of ``docs/api.md`` run as they stand, and print what stands beneath them."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import playwright
import pytest

from app import create_app
from app.config import ROOT
from app.db import db
from app.mail.models import Letter
from app.worker import work_once
from tests.databases import settings_for

from .serving import Served, served

EXAMPLE = re.compile(r"^```(sh|python|js)\n(.*?)^```\n\n```text\n(.*?)^```$", re.DOTALL | re.MULTILINE)
NODE = Path(playwright.__file__).parent / "driver" / "node"
FENCES = re.compile(r"^```(\w+)$", re.MULTILINE)


def examples() -> list[tuple[str, str, str]]:
    """(language, code, what it prints), in the order of the page."""
    return [found.groups() for found in EXAMPLE.finditer((ROOT / "docs/api.md").read_text())]  # type: ignore[misc]


def run(language: str, code: str, site: Served, folder: Path) -> str:
    """What the code prints: by the shell with curl, by this Python, by the Node that came with Playwright.

    Raises:
        AssertionError: it failed.
    """
    settings = {"PATH": os.environ["PATH"], "DURE": site.address, "DURE_TOKEN": site.token, "LANG": "C.UTF-8"}
    if language == "sh":
        words = ["sh", "-eu", "-c", code]
    elif language == "python":
        words = [sys.executable, "-c", code]
    else:
        module = folder / "example.mjs"
        module.write_text(f"const {{ DURE, DURE_TOKEN }} = process.env;\n{code}")
        words = [str(NODE), str(module)]
    done = subprocess.run(
        words, env=settings, cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, f"{code}\n{done.stdout}{done.stderr}"
    return done.stdout


def is_as_written(printed: str, written: str) -> bool:
    """Whether it is what the page says; ``…`` on the page stands for anything."""
    return (
        re.fullmatch(".*".join(map(re.escape, written.strip().split("…"))), printed.strip(), re.DOTALL)
        is not None
    )


def letters_to(site: Served, *addresses: str) -> list[str]:
    """The texts of the letters to these addresses, once the worker has looked."""
    app = create_app(settings_for(site.database_url))
    with app.app_context():
        work_once(app)
        found = [
            letter.text
            for address in addresses
            for letter in db.session.query(Letter).filter_by(recipient=address)
        ]
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()
    return found


def test_no_example_is_left_out() -> None:
    fences = FENCES.findall((ROOT / "docs/api.md").read_text())
    assert {language for language, _code, _printed in examples()} == {"sh", "python", "js"}
    assert len(fences) == 2 * len(examples())


def test_the_examples_do_what_the_page_says(sqlite_template: Path, tmp_path: Path) -> None:
    assert shutil.which("curl"), "curl is missing: run the tests with 'make test'"
    with served(sqlite_template, tmp_path) as site:
        for language, code, written in examples():
            printed = run(language, code, site, tmp_path)
            assert is_as_written(printed, written), f"{code}\nprinted\n{printed}"
        letters = letters_to(site, "carol@example.org", "dave@example.org", "erin@example")
    assert ["/signatures/" in text for text in letters] == [True, False]
    assert "/pledges/" in letters[1]


@pytest.mark.parametrize(("printed", "fits"), [("a 1 b", True), ("a b", False), ("x a 1 b", False)])
def test_dots_stand_for_anything(printed: str, fits: bool) -> None:
    """The negative control."""
    assert is_as_written(printed, "a …1 b\n") is fits
