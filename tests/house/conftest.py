"""Walking the house: its routes, its files, its tables."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule

from app import create_app
from app.config import ROOT
from tests.databases import settings_for


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application whose database nobody asks."""
    return create_app(settings_for(f"sqlite:///{tmp_path_factory.mktemp('house') / 'dure.db'}", demo=True))


@pytest.fixture(scope="session")
def routes(house: Flask) -> list[Rule]:
    return list(house.url_map.iter_rules())


@pytest.fixture(scope="session")
def written_files() -> list[Path]:
    """Every text file of the repository that is written by hand."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    ).stdout.decode()
    files = [ROOT / name for name in listed.split("\0") if name]
    ours = [file for file in files if file.is_file() and "vendor" not in file.parts]
    return [file for file in ours if b"\0" not in file.read_bytes()[:2000]]
