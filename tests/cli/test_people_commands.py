"""``dure demo`` and ``dure moderator``."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from flask import Flask

from app.db import db
from app.people.models import Person
from tests.cli.conftest import Run


def test_the_demo_names_its_people_one_a_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DURE_DEMO", "1")
    monkeypatch.setattr(
        "app.demo.load",
        lambda: [("한솔, organizer", "hansol@example.org"), ("Mira, moderator", "mira@example.org")],
    )
    done = run("demo")
    assert done.exit_code == 0
    assert done.stdout == "hansol@example.org\t한솔, organizer\nmira@example.org\tMira, moderator\n"


def test_an_address_becomes_a_moderators_in_any_spelling(app: Flask, run: Run) -> None:
    assert run("moderator", "Alice@Example.org").stdout == "Alice@Example.org\n"
    assert run("moderator", "alice@example.org").exit_code == 0
    with app.app_context():
        people = db.session.scalars(sa.select(Person)).all()
        assert [person.moderator_since is not None for person in people] == [True]


def test_what_is_no_address_makes_nobody_a_moderator(app: Flask, run: Run) -> None:
    done = run("moderator", "alice")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "is not an e-mail address" in done.stderr
    with app.app_context():
        assert db.session.scalars(sa.select(Person)).all() == []
