"""What the demo shows: every kind of pledge in every state it can be in."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from itertools import product
from pathlib import Path

COLLECTED_AT_ONCE = ("gift", "loan", "order", "share")
PROMISED_FOR_LATER = ("recurring", "deed")
OF_ALL = ("sponsoring", "moderation", "open", "tipped", "closed", "underway", "delivered")
OF_MONEY = ("collecting", "released", "stopped")
"""Only what is collected at the firing is missed then, and only those who paid vote a step down."""
STATES = """
SELECT t.kind, coalesce(a.state, iif(p.state = 'open' AND p.tipped_at IS NOT NULL, 'tipped', p.state))
FROM petition p JOIN threshold t ON t.petition_id = p.id LEFT JOIN action a ON a.petition_id = p.id
"""


def test_every_kind_is_there_in_every_state(demo_database: Path) -> None:
    with closing(sqlite3.connect(demo_database)) as connection:
        there = set(connection.execute(STATES).fetchall())
    expected = {
        *product(COLLECTED_AT_ONCE, (*OF_ALL, *OF_MONEY)),
        *product(PROMISED_FOR_LATER, OF_ALL),
    }
    assert expected - there == set()
