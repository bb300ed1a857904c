"""What scripts do to the petitions of the site under test, beside its pages."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from tests.browser.site import Site


def write(site: Site, statement: str, *values: object) -> None:
    """One statement in one transaction, from a process that serves nothing."""
    path = site.settings["DURE_DATABASE_URL"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(path, timeout=30)) as connection, connection:
        connection.execute(statement, values)


def choose(
    site: Site, slug: str, *, origins: tuple[str, ...] = (), signing: bool = False, to_all: bool = False
) -> None:
    """What the organizer says of a petition's widgets."""
    signs, opened = ("CURRENT_TIMESTAMP" if said else "NULL" for said in (signing, to_all))
    write(
        site,
        "INSERT OR REPLACE INTO widget_choice "
        "(petition_id, origins, signs_in_frame_since, open_to_all_since, changed_at) "
        f"SELECT id, ?, {signs}, {opened}, CURRENT_TIMESTAMP FROM petition WHERE slug = ?",
        json.dumps(origins),
        slug,
    )


@contextmanager
def hidden(site: Site, slug: str) -> Iterator[None]:
    """Inside the block a moderator has hidden the petition."""
    change = "UPDATE petition SET state = ? WHERE slug = ?"
    write(site, change, "hidden", slug)
    try:
        yield
    finally:
        write(site, change, "open", slug)
