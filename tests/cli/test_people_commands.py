"""``dure demo`` and ``dure moderator``."""

from __future__ import annotations

import sqlalchemy as sa
from flask import Flask

from app.db import db
from app.people.models import Person, find_person
from tests.cli.conftest import Run


def test_the_demo_names_its_people_and_is_loaded_once(app: Flask, run: Run) -> None:
    first = run("demo")
    again = run("demo")
    assert first.exit_code == again.exit_code == 0
    assert first.stdout == again.stdout
    assert "hansol@example.org\t한솔, organizer" in first.stdout.splitlines()
    with app.app_context():
        roles = sorted(db.session.scalars(sa.select(Person.demo_role).where(Person.demo_role.is_not(None))))
        assert roles == ["citizen", "citizen", "citizen", "moderator", "organizer"]
        mira = find_person("mira@example.org")
        assert mira is not None
        assert mira.moderator_since is not None


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
