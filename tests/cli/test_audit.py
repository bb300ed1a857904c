"""``dure books`` asks every room that audits itself."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import app
from app.cli.auditing import ROOMS, checks_of_rooms


def test_no_room_is_left_out() -> None:
    root = Path(app.__file__).parent
    assert set(ROOMS) == {path.parent.name for path in root.glob("*/auditing.py")} - {"cli"}
    every = {check for room in ROOMS for check in import_module(f"app.{room}.auditing").CHECKS}
    assert set(checks_of_rooms()) == every
