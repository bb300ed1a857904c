"""A running Dure with demo data, and browsers to walk through it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from .certificates import Certificate, make_certificate
from .site import Site, make_demo, running
from .watching import Watch

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
Visit = Callable[..., Page]


@pytest.fixture(scope="session")
def demo_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo, loaded once for all the processes that the tests are spread over."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "shared-demo"
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        done = folder / "demo.db"
        return done if (folder / "done").exists() else mark(make_demo(folder), folder / "done")


def mark(made: Path, sign: Path) -> Path:
    sign.touch()
    return made


@pytest.fixture(scope="package")
def site(demo_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(demo_database, tmp_path_factory.mktemp("site")) as started:
        yield started


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture(scope="package")
def chromium(certificate: Certificate) -> Iterator[Browser]:
    """A browser that finds every site of ours on this machine and takes our certificate for a good one."""
    flags = [*FLAGS, *certificate.flags_of_chromium]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield browser
        browser.close()


def new_context(
    chromium: Browser,
    site: Site,
    *,
    width: int = 1280,
    language: str = "ko",
    javascript: bool = True,
    dark: bool = False,
) -> BrowserContext:
    """A browser of somebody who has never been here."""
    context = chromium.new_context(
        base_url=site.base_url,
        viewport={"width": width, "height": 800},
        locale={"ko": "ko-KR", "en": "en-GB"}[language],
        timezone_id="Asia/Seoul",
        java_script_enabled=javascript,
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
    )
    context.set_default_timeout(20_000)
    return context


@pytest.fixture
def visit(chromium: Browser, site: Site) -> Iterator[Visit]:
    """``visit(width=360, javascript=False)`` is a browser window of somebody new.

    Whatever the browser complained about by the end fails the test.
    """
    watches: list[Watch] = []
    contexts: list[BrowserContext] = []

    def open_window(*, troubled: bool = False, **kwargs: Any) -> Page:
        """``troubled``: this one is meant to complain."""
        context = new_context(chromium, site, **kwargs)
        contexts.append(context)
        page = context.new_page()
        if not troubled:
            watches.append(Watch(page))
        return page

    yield open_window
    for context in contexts:
        context.close()
    assert [complaint for watch in watches for complaint in watch.complaints] == []
