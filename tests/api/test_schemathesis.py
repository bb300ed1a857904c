"""A stranger who knows nothing but the description tries everything, and finds that it is true."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from .serving import served

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")
OPERATIONS = 12
"""All but the address of the description itself, which is where it begins."""


def test_a_stranger_finds_the_description_true(sqlite_template: Path, tmp_path: Path) -> None:
    """Every check of schemathesis, with and without the token, on a server of its own."""
    with served(sqlite_template, tmp_path) as site:
        done = subprocess.run(
            [
                str(Path(sys.executable).with_name("schemathesis")),
                f"--config-file={CONFIGURATION}",
                "--no-color",
                "run",
                f"{site.address}/api/v1/openapi.json",
                f"--header=Authorization: Bearer {site.token}",
                "--max-examples=4",
                "--seed=20261123",
            ],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
    assert done.returncode == 0, done.stdout + (tmp_path / "log").read_text()
    counted = re.search(r"Operations: +(\d+) selected / (\d+) total", done.stdout)
    assert counted is not None
    assert counted.groups() == (str(OPERATIONS), str(OPERATIONS)), done.stdout
    assert re.search(r"[1-9]\d\d generated", done.stdout), done.stdout
