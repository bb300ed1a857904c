"""What the tests need beside Python packages: a browser, a database server, a Redis server, a font."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from deploy.local.debian import fetch


def has_postgres() -> bool:
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return shutil.which("initdb") is not None or any(debian)


def has_korean_font() -> bool:
    folders = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")
    return any(any(folder.rglob("*CJK*")) for folder in folders if folder.is_dir())


NEEDED: dict[str, Callable[[], bool]] = {
    "chromium": lambda: shutil.which("chromium") is not None,
    "postgresql": has_postgres,
    "redis-server": lambda: shutil.which("redis-server") is not None,
    "fonts-noto-cjk": has_korean_font,
}


def missing() -> list[str]:
    """The Debian packages the tests still need."""
    return [package for package, is_there in NEEDED.items() if not is_there()]


if __name__ == "__main__" and (packages := missing()):
    fetch(packages, "Testing Dure")
