"""``make run`` and ``make test`` on somebody's machine: every obstacle is a sentence that says what to do."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.config import ROOT
from deploy.local import debian, environment, run, system_packages


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that stands for ``.venv``, with something where its Python would be."""
    folder = tmp_path / "venv"
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").touch()
    monkeypatch.setattr(environment, "VENV", folder)
    monkeypatch.setattr(environment, "PYTHON", folder / "bin" / "python")
    monkeypatch.setattr(environment, "STAMP", folder / "dure-ready.json")
    return folder


def test_a_port_in_use_is_named_with_the_way_out(taken_port: int) -> None:
    with pytest.raises(SystemExit, match=rf"Port {taken_port} is in use: .*DURE_PORT=\d+ make run"):
        run.refuse_taken_port("127.0.0.1", taken_port)


def test_a_free_port_is_no_trouble(taken_port: int) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    run.refuse_taken_port("127.0.0.1", free)


@pytest.mark.parametrize("typed", ["http", "-1", "0", "65536", "８０００"])
def test_what_is_no_port_is_refused(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    monkeypatch.setenv("DURE_PORT", typed)
    with pytest.raises(SystemExit, match="which is no port"):
        run.chosen_port()


@pytest.mark.parametrize(("typed", "port"), [("", 8000), ("8001", 8001)])
def test_the_port_is_8000_unless_said_otherwise(
    monkeypatch: pytest.MonkeyPatch, typed: str, port: int
) -> None:
    monkeypatch.setenv("DURE_PORT", typed)
    assert run.chosen_port() == port


def test_a_finished_environment_is_left_alone(venv: Path) -> None:
    (venv / "dure-ready.json").write_text(json.dumps(environment.expected_stamp("run")))
    assert environment.is_finished("run")
    assert not environment.is_finished("dev")


def test_an_environment_for_development_serves_running_too(venv: Path) -> None:
    (venv / "dure-ready.json").write_text(json.dumps(environment.expected_stamp("dev")))
    assert environment.is_finished("run")


@pytest.mark.parametrize(
    "change",
    [{"project": "another"}, {"root": "elsewhere"}, {"kind": "neither"}],
    ids=lambda change: next(iter(change)),
)
def test_whatever_changes_the_answer_unfinishes_it(venv: Path, change: dict[str, str]) -> None:
    (venv / "dure-ready.json").write_text(json.dumps(environment.expected_stamp("run") | change))
    assert not environment.is_finished("run")


@pytest.mark.parametrize("content", ["", "{", "[]"])
def test_a_half_made_environment_is_seen(venv: Path, content: str) -> None:
    (venv / "dure-ready.json").write_text(content)
    assert not environment.is_finished("run")
    assert not environment.works()


def test_without_root_the_packages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(SystemExit, match="apt-get install chromium redis-server"):
        debian.fetch(["chromium", "redis-server"], "Testing Dure")


def test_every_package_the_tests_need_is_looked_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(system_packages.shutil, "which", lambda _name: None)
    monkeypatch.setattr(system_packages, "has_postgres", lambda: False)
    assert {"chromium", "redis-server"} <= set(system_packages.missing())


def make_python(folder: Path, name: str, version: str) -> None:
    """A program that answers as a Python of this version would."""
    is_new_enough = "true" if tuple(map(int, version.split("."))) >= (3, 11) else "false"
    (folder / name).write_text(
        f"""#!/bin/sh
case "$2" in
    *"version_info <"*) {is_new_enough} ;;
    *print*) echo {version} ;;
    *) echo "ran {version}: $*" ;;
esac
"""
    )
    (folder / name).chmod(0o755)


def start_with(folder: Path) -> subprocess.CompletedProcess[str]:
    for tool in ("dirname", "sh"):
        (folder / tool).symlink_to(f"/usr/bin/{tool}")
    return subprocess.run(
        [ROOT / "deploy" / "local" / "python", "-m", "something"],
        env={"PATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_newer_python_beside_an_old_one_is_found(tmp_path: Path) -> None:
    make_python(tmp_path, "python3", "3.9")
    make_python(tmp_path, "python3.12", "3.12")
    assert start_with(tmp_path).stdout == "ran 3.12: -m something\n"


def test_an_old_python_alone_is_refused_by_its_version(tmp_path: Path) -> None:
    make_python(tmp_path, "python3", "3.9")
    done = start_with(tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("Dure needs Python 3.11 or newer and found 3.9")


def test_no_python_at_all_is_said(tmp_path: Path) -> None:
    done = start_with(tmp_path)
    assert done.returncode == 1
    assert "found none" in done.stderr
