"""``dure books`` asks every room that audits itself."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import app
from app.cli.auditing import ROOMS, checks_of_rooms


def test_no_room_is_left_out() -> None:
    """Those of ``actions`` are in every audit; the other rooms' are added to them."""
    root = Path(app.__file__).parent
    assert set(ROOMS) == {path.parent.name for path in root.glob("*/auditing.py")} - {"cli", "actions"}
    every = {check for room in ROOMS for check in import_module(f"app.{room}.auditing").CHECKS}
    assert set(checks_of_rooms()) == every
