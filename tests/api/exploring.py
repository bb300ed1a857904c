"""A stranger who knows nothing but the description tries everything.

``python -m tests.api.exploring`` tries as much as schemathesis does by itself, other things every time, and
ends with 1 when the description is not true; what it prints says how to try the same again. It takes minutes.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.databases import migrate

from .serving import served

CONFIGURATION = Path(__file__).with_name("schemathesis.toml")


def explore(template: Path, folder: Path, *options: str, seconds: int) -> subprocess.CompletedProcess[str]:
    """Every check of schemathesis, with and without the token, on a server of its own."""
    with served(template, folder) as site:
        return subprocess.run(
            [
                str(Path(sys.executable).with_name("schemathesis")),
                f"--config-file={CONFIGURATION}",
                "--no-color",
                "run",
                f"{site.address}/api/v1/openapi.json",
                f"--header=Authorization: Bearer {site.token}",
                *options,
            ],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds,
        )


def main() -> None:
    with TemporaryDirectory(prefix="dure-exploring-") as name:
        folder = Path(name)
        template = folder / "template.db"
        migrate(f"sqlite:///{template}")
        done = explore(template, folder, *sys.argv[1:], seconds=3600)
        failed = done.returncode != 0
        print(done.stdout + done.stderr + ((folder / "log").read_text()[-10_000:] if failed else ""))
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
