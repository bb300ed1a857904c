"""Running the command ``dure``: inside the test on its application, or as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import ScriptInfo

from app.cli import dure
from app.config import ROOT
from tests.databases import KEY

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    """``run("import", path)`` on the test's database; stdout and stderr apart."""

    def run_inside(*words: object) -> Result:
        info = ScriptInfo(create_app=lambda: app, load_dotenv_defaults=False)
        return CliRunner().invoke(dure, [str(word) for word in words], obj=info, prog_name="dure")

    return run_inside


def environment(database_url: str, **changes: str) -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("DURE_")}
    return ours | {"DURE_DATABASE_URL": database_url, "DURE_SECRET_KEY": KEY} | changes


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "app.cli", *words]


def run_process(*words: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*words), cwd=ROOT, env=env, capture_output=True, text=True, check=False, timeout=60
    )
