"""The releases of the loader: each keeps its bytes and its address for ever; the newest also moves.

A release is a file ``static/embed/releases/N.M.js``. Changing the loader means adding ``N.M+1.js`` and its
digest here, never touching a file that is out: pages elsewhere name it with its digest.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from app.config import ROOT

FOLDER = ROOT / "static/embed/releases"
RELEASES = {
    "0.0": "sha384-6GNsV580pZz8+SqIMPQ9idEkEpxzzphmV7q2ARPrtLd8pcIIUmcxz2BQ+cWQHWVn",
    "0.1": "sha384-hXI9T6RfPD/OsqRHLqFtiJYjy4FC1g7jGKcU6MTKd2Jgwm/POIw0LHktmxzZP+DD",
}
"""The Subresource Integrity value of every release, oldest first."""


@dataclass(frozen=True)
class Release:
    """``version`` is N.M of ``/embed/v1.N.M/``; ``integrity`` is for the attribute of that name."""

    version: str
    integrity: str

    @property
    def path(self) -> str:
        """The address that never changes its bytes."""
        return f"/embed/v1.{self.version}/loader.js"

    @property
    def file(self) -> Path:
        return FOLDER / f"{self.version}.js"


def loader_release() -> Release:
    """The newest release."""
    return Release(*next(reversed(RELEASES.items())))


def release_named(version: str) -> Release | None:
    """The release of this version, or None where there is no such version."""
    return Release(version, RELEASES[version]) if version in RELEASES else None


@cache
def bytes_of(release: Release) -> bytes:
    return release.file.read_bytes()
