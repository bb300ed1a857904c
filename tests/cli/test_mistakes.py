"""What an operator can mend is told in a sentence, with exit status 2 and nothing on stdout."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import environment, run_process


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"DURE_PORT": "eighty"}, "DURE_PORT cannot be used"),
        ({"DURE_LIMITS": "maybe"}, "DURE_LIMITS cannot be used"),
        ({"DURE_ENV": "production", "DURE_DEMO": "1"}, "production refuses it"),
        ({"DURE_ENV": "production", "DURE_SECRET_KEY": "short"}, "Set DURE_SECRET_KEY"),
        ({"DURE_ENV": "production", "DURE_BASE_URL": "http://dure.example"}, "Set DURE_BASE_URL"),
    ],
)
@pytest.mark.parametrize("word", ["books", "serve"])
def test_settings_that_cannot_be_used_are_named(
    tmp_path: Path, word: str, changes: dict[str, str], sentence: str
) -> None:
    done = run_process(word, env=environment(f"sqlite:///{tmp_path / 'dure.db'}", **changes))
    assert (done.returncode, done.stdout) == (2, "")
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("url", ["sqlite:///{folder}/empty.db", "postgresql://nobody@127.0.0.1:1/none"])
def test_a_database_that_is_not_ready_is_named(tmp_path: Path, url: str) -> None:
    done = run_process("demo", env=environment(url.format(folder=tmp_path)))
    assert (done.returncode, done.stdout) == (2, "")
    assert "dure db upgrade" in done.stderr
    assert "Traceback" not in done.stderr
