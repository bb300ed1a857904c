"""Counting statements: a list must not ask once per petition, nor a page once per signer."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event
from sqlalchemy.engine import Engine

from .campaigns import made_app, open_petition

FEW, MANY = 3, 30


@dataclass(frozen=True)
class Count:
    """How many statements an address costs with little and with much to show."""

    path: str
    few: int
    many: int

    @property
    def constant(self) -> bool:
        return self.few == self.many


def count_statements(app: Flask, path: str) -> int:
    """The statements that one GET sends, transaction control left aside."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.upper().startswith(("BEGIN", "PRAGMA", "COMMIT", "ROLLBACK")):
            seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        answer = app.test_client().get(path)
    finally:
        event.remove(Engine, "before_cursor_execute", note)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    return len(seen)


def count_both(folder: Path) -> list[Count]:
    """Statements of the lists with 3 and with 30 petitions, of a page with 3 and with 30 signers."""
    lists = ("/petitions", "/", "/api/v1/petitions")
    with made_app(f"sqlite:///{folder / 'queries.db'}") as app:
        small, large = open_petition("Few signers", FEW), open_petition("Many signers", MANY)
        open_petition("A third", FEW)
        few = [count_statements(app, path) for path in lists]
        for number in range(MANY - 3):
            open_petition(f"Petition {number}", 1)
        many = [count_statements(app, path) for path in lists]
        counts = [Count(*each) for each in zip(lists, few, many, strict=True)]
        for path in ("/petitions/{}", "/embed/v1/{}", "/api/v1/petitions/{}"):
            one, other = (count_statements(app, path.format(slug)) for slug in (small, large))
            counts.append(Count(path.format("<slug>"), one, other))
    return counts
