"""Dure under its own name over TLS, and other people's sites beside it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.certificates import DURE, Certificate
from tests.browser.site import Site, running

from .hosts import Hosts, serving


@pytest.fixture(scope="package")
def site(
    demo_database: Path, certificate: Certificate, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    with running(demo_database, tmp_path_factory.mktemp("embeds"), (DURE, certificate)) as started:
        yield started


@pytest.fixture(scope="package")
def hosts(site: Site, certificate: Certificate) -> Iterator[Hosts]:
    with serving(site, certificate) as started:
        yield started
