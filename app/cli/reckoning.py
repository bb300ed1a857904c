"""Commands that add up again what the pages show."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click
from flask.cli import with_appcontext


@click.command()
@with_appcontext
def books() -> None:
    """Recompute every balance and total from the postings; exits 1 if anything differs."""
    from .auditing import audit_everything

    found = audit_everything()
    result = {"balanced": not found.differences, **asdict(found)}
    click.echo(json.dumps(result, ensure_ascii=False, indent=2))
    if found.differences:
        click.get_current_context().exit(1)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--at", "day", type=int, required=True, help="The day, as the events count days.")
def points(file: Path, day: int) -> None:
    """Recompute everybody's reciprocity points on DAY from a file of events; prints {"person": mp}."""
    from app.points.replay import read_events, scores_at

    try:
        scores = scores_at(read_events(file), day)
    except OSError as error:
        raise click.UsageError(f"{file} cannot be read: {error.strerror}.") from None
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    click.echo(json.dumps(scores, ensure_ascii=False))
