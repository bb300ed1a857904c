"""The table of what follows what: nothing is announced to nobody, and nothing waits for what never comes."""

from __future__ import annotations

import re
from pathlib import Path

from app.reactions import REACTIONS

APP = Path(__file__).parents[2] / "app"
ANNOUNCED = re.compile(r'announce\(\s*"(\w+)"')


def announced() -> set[str]:
    return {topic for path in APP.rglob("*.py") for topic in ANNOUNCED.findall(path.read_text())}


def test_every_announcement_has_a_reaction_and_every_reaction_its_announcement() -> None:
    assert announced() == set(REACTIONS)
    assert all(REACTIONS.values())
