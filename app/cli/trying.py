"""The command that tries a campaign out before anybody pledges."""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def simulate(file: Path) -> None:
    """Try out the made-up campaign in FILE, one JSON object with its "kind"; prints what becomes of it.

    Everything is decided by the rules that real pledges follow; the database is not needed. What cannot be
    is said in a sentence, with exit status 2.
    """
    from app.pledges.kinds.base import Impossible
    from app.pledges.kinds.trying import try_document

    try:
        result = try_document(file.read_bytes())
    except OSError as error:
        raise click.UsageError(f"{file} cannot be read: {error.strerror}.") from None
    except Impossible as impossible:
        raise click.UsageError(str(impossible)) from None
    click.echo(json.dumps(result, ensure_ascii=False))
