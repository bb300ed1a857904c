"""The command ``dure``. stdout carries only the result; everything else goes to stderr."""

from __future__ import annotations

import sys

import click
from flask import Flask
from flask.cli import ScriptInfo
from pydantic import ValidationError
from sqlalchemy.exc import OperationalError, ProgrammingError

from . import keeping, loading, reckoning, running, trying


class Commands(click.Group):
    """Ours, and Flask-Migrate's group ``db``, loaded only when asked for: it is heavy."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted([*super().list_commands(context), "db"])

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        if name != "db":
            return super().get_command(context, name)
        from flask_migrate.cli import db

        group: click.Group = db
        return group


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
def dure() -> None:
    """Dure (두레): petitions that become funded collective actions."""


for command in (
    running.serve,
    running.work,
    loading.demo,
    loading.import_,
    loading.moderator,
    reckoning.books,
    reckoning.points,
    trying.simulate,
    keeping.backup,
    keeping.export,
):
    dure.add_command(command)


def make_app() -> Flask:
    """Imported late: ``dure points`` and ``--help`` need no application."""
    from app import create_app

    return create_app()


def main() -> None:
    """Run the command line; what an operator can mend is told in a sentence, not in a traceback."""
    try:
        dure.main(prog_name="dure", obj=ScriptInfo(create_app=make_app, load_dotenv_defaults=False))
    except ValidationError as error:
        sys.exit(refuse("\n".join(settings_sentences(error))))
    except (OperationalError, ProgrammingError) as error:
        reason = str(error.orig).strip().splitlines()[0]
        sys.exit(
            refuse(
                f"The database refused: {reason}\nIs DURE_DATABASE_URL right, and did 'dure db upgrade' run?"
            )
        )


def refuse(sentence: str) -> int:
    click.echo(sentence, err=True)
    return 2


def settings_sentences(error: ValidationError) -> list[str]:
    """One sentence for every setting that cannot be used."""
    sentences = []
    for problem in error.errors():
        said = problem["msg"].removeprefix("Value error, ")
        names = [f"DURE_{str(part).upper()}" for part in problem["loc"]]
        sentences.append(f"{names[0]} cannot be used: {said}." if names else said)
    return sentences
