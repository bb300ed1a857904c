"""Commands that put something in: demo people, archives, a moderator."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path

import click
from flask.cli import ScriptInfo, with_appcontext

from .progress import progress

ARCHIVE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.pass_context
def demo(context: click.Context) -> None:
    """Load the demo people and petitions, once; prints who they are. Switches DURE_DEMO on."""
    os.environ.setdefault("DURE_DEMO", "1")
    with context.ensure_object(ScriptInfo).load_app().app_context():
        from app.demo import load

        for who, address in load():
            click.echo(f"{address}\t{who}")


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=ARCHIVE, metavar="FILE…")
@with_appcontext
def import_(files: tuple[Path, ...]) -> None:
    """Import petitions of other platforms as archived ones; importing again adds nothing.

    A line that cannot be read is named on stderr and kept in a file of its own; the rest goes in.
    """
    from app.petitions.archives import BadLine, count_records
    from app.petitions.importing import RejectFile, import_archives

    with RejectFile() as rejects, progress("Importing", count_records(files)) as shown:

        def report(bad: BadLine) -> None:
            rejects.keep(bad)
            shown.say(f"{bad.file}:{bad.line}: {bad.reason}")

        tally = import_archives(files, advance=shown.advance, report=report, note=shown.say)
    if rejects.path is not None:
        click.echo(f"The records left out are kept in {rejects.path}", err=True)
    click.echo(json.dumps(asdict(tally)))


@click.command()
@click.argument("email")
@with_appcontext
def moderator(email: str) -> None:
    """Make the person with this address a moderator; they sign in by e-mail link as everybody does."""
    from app.addresses import NotAnAddress, check_address
    from app.people.moderators import appoint

    try:
        address = check_address(email)
    except NotAnAddress:
        raise click.BadParameter(f"{email!r} is not an e-mail address.", param_hint="EMAIL") from None
    appoint(address)
    click.echo(address)
