"""Fetching Debian packages where we may, and asking for them where we may not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence


def say(sentence: str) -> None:
    """Tell the person at the terminal; stdout stays free for results."""
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201


def fetch(packages: Sequence[str], purpose: str) -> None:
    """Install ``packages``, as root on Debian; anybody else is told which to install.

    Raises:
        SystemExit: when they cannot be installed from here, with the sentence that says what to do.
    """
    command = f"apt-get install {' '.join(packages)}"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise SystemExit(f"{purpose} needs {', '.join(packages)}: run '{command}' as root, then this again.")
    say(f"Fetching {', '.join(packages)} …")
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    if quietly("apt-get", "update", "-qq") or quietly(*install):
        raise SystemExit(f"apt-get could not install them: run '{command}', then this again.")


def quietly(*words: str) -> int:
    """Run a command that asks nothing and keeps stdout free; returns its exit status."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(words, check=False, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr)
    return done.returncode
