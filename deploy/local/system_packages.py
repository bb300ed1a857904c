"""What the tests need beside Python packages: a browser, servers, a font, certificates; and the benches."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from deploy.local.debian import fetch


def has_postgres() -> bool:
    debian = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    return shutil.which("initdb") is not None or any(debian)


def has_korean_font() -> bool:
    folders = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".local/share/fonts")
    return any(any(folder.rglob("*CJK*")) for folder in folders if folder.is_dir())


def has_nginx() -> bool:
    """Debian keeps it where only root looks."""
    return shutil.which("nginx") is not None or Path("/usr/sbin/nginx").exists()


NEEDED: dict[str, Callable[[], bool]] = {
    "chromium": lambda: shutil.which("chromium") is not None,
    "postgresql": has_postgres,
    "redis-server": lambda: shutil.which("redis-server") is not None,
    "fonts-noto-cjk": has_korean_font,
    "openssl": lambda: shutil.which("openssl") is not None,
    "curl": lambda: shutil.which("curl") is not None,
    "nginx-light": has_nginx,
}
FOR_LOAD: dict[str, Callable[[], bool]] = {
    "nginx-light": has_nginx,
    "wrk": lambda: shutil.which("wrk") is not None,
}


def missing(needed: dict[str, Callable[[], bool]] = NEEDED) -> list[str]:
    """The Debian packages that are still needed."""
    return [package for package, is_there in needed.items() if not is_there()]


if __name__ == "__main__":
    for_load = sys.argv[1:] == ["bench"]
    if packages := missing(FOR_LOAD if for_load else NEEDED):
        fetch(packages, "Measuring Dure behind nginx" if for_load else "Testing Dure")
