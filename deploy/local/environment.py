"""The virtual environment in ``.venv``: made when missing, mended when half-made, else left alone.

A stamp inside it says what it was finished for; anything that changes the answer changes the stamp.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path

from deploy.local.debian import fetch, say

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "dure-ready.json"
TRANSLATIONS = ROOT / "app" / "translations"

EXTRAS = {"run": "postgres,redis", "dev": "dev"}
SOUND = "import app.cli, babel, flask_migrate, gunicorn, huey, psycopg, redis"


def make_ready(kind: str) -> None:
    """See to it that ``.venv`` holds what ``run`` or ``dev`` needs, and that the catalogues are compiled.

    Raises:
        SystemExit: with a sentence, when that cannot be done from here.
    """
    (ROOT / "var").mkdir(exist_ok=True)
    with (ROOT / "var" / "environment.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not is_finished(kind):
            mend_or_make("dev" if stamp().get("kind") == "dev" else kind)
        compile_catalogues()


def stamp() -> dict[str, str]:
    try:
        found = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def expected_stamp(kind: str) -> dict[str, str]:
    project = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    return {"kind": kind, "project": project, "root": str(ROOT)}


def is_finished(kind: str) -> bool:
    """Whether the stamp says so; what serves development also serves running."""
    return PYTHON.exists() and stamp() in (expected_stamp(kind), expected_stamp("dev"))


def mend_or_make(kind: str) -> None:
    if VENV.exists():
        moved = stamp().get("root", str(ROOT)) != str(ROOT)
        if not moved and works("import pip") and install(kind):
            return
        say("The environment in .venv is half-made: making it again.")
        shutil.rmtree(VENV)
    create()
    if not install(kind):
        raise SystemExit("pip could not install what Dure needs (see above): mend that, then run this again.")


def create() -> None:
    if importlib.util.find_spec("ensurepip") is None:
        version = f"{sys.version_info.major}.{sys.version_info.minor}"
        fetch([f"python{version}-venv"], "Making a virtual environment")
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False, stdout=sys.stderr)
    if made.returncode:
        raise SystemExit("Python could not make a virtual environment in .venv (see above).")


def install(kind: str) -> bool:
    """Install, look whether the result is sound, and stamp it; False when something went wrong."""
    say("Installing what Dure needs into .venv (the first time takes a minute or two) …")
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input"]
    wanted = [*pip, "install", "-qq", "--editable", f".[{EXTRAS[kind]}]"]
    if subprocess.run(wanted, cwd=ROOT, check=False, stdout=sys.stderr).returncode or not works(SOUND):
        return False
    STAMP.write_text(json.dumps(expected_stamp(kind)))
    return True


def works(statement: str = SOUND) -> bool:
    """Whether the environment's Python starts and can run ``statement``."""
    try:
        done = subprocess.run([str(PYTHON), "-c", statement], cwd=ROOT, check=False, capture_output=True)
    except OSError:
        return False
    return done.returncode == 0


def compile_catalogues() -> None:
    """Bring every catalogue's compiled form up to date."""
    for written in TRANSLATIONS.glob("*/LC_MESSAGES/*.po"):
        compiled = written.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime_ns >= written.stat().st_mtime_ns:
            continue
        command = [str(PYTHON), "-m", "babel.messages.frontend", "-q", "compile"]
        subprocess.run([*command, "-i", str(written), "-o", str(compiled)], cwd=ROOT, check=True)


def forget_stamp() -> None:
    """Have the next :func:`make_ready` look for itself."""
    STAMP.unlink(missing_ok=True)


if __name__ == "__main__":
    if sys.argv[1:] not in (["run"], ["dev"]):
        raise SystemExit("usage: python -m deploy.local.environment run|dev")
    make_ready(sys.argv[1])
