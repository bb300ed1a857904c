"""Fixtures shared by all tests: an application on a fresh database of each kind, and named people."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache

from app.db import db
from tests import databases
from tests.applications import KeptApplications, disconnect
from tests.world import World

DATABASES = os.environ.get("DURE_TEST_DATABASES", "sqlite,postgres").split(",")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "template.db"
    databases.migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server with a migrated database called ``template``."""
    with (
        TemporaryDirectory(prefix="dure-postgres-") as folder,
        databases.postgres_server(Path(folder)) as server,
    ):
        databases.clone_postgres(server, "template1", "template")
        databases.migrate(f"{server}/template")
        yield server


@pytest.fixture(scope="session")
def kept_postgres(postgres: str) -> Iterator[databases.KeptDatabase]:
    """One PostgreSQL database for all the tests of this process, emptied after each of them."""
    kept = databases.KeptDatabase(postgres, f"test_{uuid4().hex}")
    yield kept
    kept.drop()


@pytest.fixture(scope="session")
def sqlite_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the SQLite database of each test lies in turn, so that its application can be kept."""
    return tmp_path_factory.mktemp("sqlite")


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A migrated, empty database; each test that asks runs once per kind of database."""
    if request.param == "sqlite":
        folder: Path = request.getfixturevalue("sqlite_folder")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(exist_ok=True)
        path = folder / "dure.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    kept: databases.KeptDatabase = request.getfixturevalue("kept_postgres")
    yield kept.url
    kept.empty()


@pytest.fixture
def settings_changes() -> dict[str, Any]:
    """Override in a module to run its tests under other settings."""
    return {}


@pytest.fixture(scope="session")
def kept_applications(tmp_path_factory: pytest.TempPathFactory) -> KeptApplications:
    """The applications of this process; templates are compiled once for all the processes."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "compiled-templates"
    folder.mkdir(exist_ok=True)
    return KeptApplications(FileSystemBytecodeCache(str(folder)))


@pytest.fixture
def app(
    database_url: str, settings_changes: dict[str, Any], kept_applications: KeptApplications
) -> Iterator[Flask]:
    application = kept_applications.take(databases.settings_for(database_url, **settings_changes))
    yield application
    disconnect(application)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def context(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    """Named people, petitions and a worker that runs when asked."""
    with app.app_context():
        yield World(app)
        db.session.remove()
