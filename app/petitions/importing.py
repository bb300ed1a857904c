"""Importing petitions of other platforms as archived ones.

An imported petition has no thresholds: its historic tally stands in ``archive`` and is never mixed with
signatures validated here. ``UNIQUE(source, source_id)`` keeps a second import from adding anything.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from app import clock
from app.config import VAR
from app.db import db, new_id, run_tx

from .archives import ArchivedPetition, BadLine, read_archives
from .models import Petition
from .searching import index_new
from .slugs import free_slugs
from .topics import topic_of

BATCH = 100
"""Petitions in one transaction."""
LONGEST_SUMMARY = 200
ATTEMPTS = 5


@dataclass
class Tally:
    """How many records were imported, were there already, and could not be read."""

    imported: int = 0
    already: int = 0
    bad: int = 0


def import_archives(
    paths: Sequence[Path],
    *,
    advance: Callable[[int], None] = lambda _count: None,
    report: Callable[[BadLine], None] = lambda _bad: None,
    note: Callable[[str], None] = lambda _sentence: None,
) -> Tally:
    """Import every petition of the files; each is in whole or not at all. Commits batch by batch.

    ``report`` is told every record that was left out, ``note`` every page that was not given, ``advance``
    how many records were dealt with since the last time.
    """
    tally = Tally()
    results = read_archives(paths, note)
    while batch := list(islice(results, BATCH)):
        for bad in batch:
            if isinstance(bad, BadLine):
                report(bad)
                tally.bad += 1
        petitions = [result for result in batch if isinstance(result, ArchivedPetition)]
        imported = import_batch(petitions)
        tally.imported += imported
        tally.already += len(petitions) - imported
        advance(len(batch))
    return tally


def import_batch(archived: Sequence[ArchivedPetition]) -> int:
    """Store those that are not there yet; returns how many. Tries again when another import got between."""
    for _attempt in range(ATTEMPTS - 1):
        try:
            return run_tx(lambda: insert_new(archived))
        except IntegrityError:
            continue
    return run_tx(lambda: insert_new(archived))


def insert_new(archived: Iterable[ArchivedPetition]) -> int:
    wanted: dict[tuple[str | None, str | None], ArchivedPetition] = {
        (petition.source, petition.source_id): petition for petition in archived
    }
    key = sa.tuple_(Petition.source, Petition.source_id)
    for source, source_id in db.session.execute(
        sa.select(Petition.source, Petition.source_id).where(key.in_(list(wanted)))
    ):
        del wanted[source, source_id]
    at = clock.now()
    slugs = free_slugs([petition.title for petition in wanted.values()])
    petitions = [archived_petition(new, slug, at) for new, slug in zip(wanted.values(), slugs, strict=True)]
    db.session.add_all(petitions)
    index_new(petitions)
    db.session.flush()
    db.session.expunge_all()
    return len(petitions)


def archived_petition(petition: ArchivedPetition, slug: str, at: datetime) -> Petition:
    return Petition(
        id=new_id(),
        slug=slug,
        title=petition.title,
        addressee=petition.addressee,
        summary=summarise(petition.text),
        text=petition.text,
        locale=petition.language,
        topic=topic_of(petition.category),
        state="archived",
        created_at=at,
        opened_at=petition.opened_at,
        closed_at=petition.closed_at,
        source=petition.source,
        source_id=petition.source_id,
        archive=what_its_archive_tells(petition),
    )


def what_its_archive_tells(petition: ArchivedPetition) -> dict[str, Any]:
    """What has no column: the historic tally, its threshold, the answer, and where signers lived."""
    answered = petition.answered_at
    return {
        "signatures": petition.signatures,
        "threshold": petition.threshold,
        "source_state": petition.source_state,
        "category": petition.category,
        "answer": petition.answer,
        "answered_at": answered.isoformat() if answered else None,
        "rejection": petition.rejection,
        "source_url": petition.source_url,
        "places": [place._asdict() for place in petition.places],
    }


def summarise(text: str) -> str:
    """The beginning of a text as one plain line, at most 200 characters, cut at a word."""
    plain = " ".join(html.unescape(re.sub(r"</?[a-zA-Z!][^<>]*>", " ", text[: 10 * LONGEST_SUMMARY])).split())
    if len(plain) <= LONGEST_SUMMARY:
        return plain
    whole_words = plain[:LONGEST_SUMMARY].rpartition(" ")[0]
    return f"{whole_words or plain[: LONGEST_SUMMARY - 1]}…"


class RejectFile:
    """Where left-out records are kept, one JSON object a line; made at the first of them."""

    def __init__(self, folder: Path = VAR) -> None:
        self.folder = folder
        self.path: Path | None = None
        self.file: IO[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.file is not None:
            self.file.close()

    def keep(self, bad: BadLine) -> None:
        if self.file is None:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.path = self.folder / f"import-rejects-{clock.now():%Y%m%dT%H%M%S%f}Z.jsonl"
            self.file = self.path.open("x", encoding="utf-8")
        self.file.write(json.dumps(asdict(bad), ensure_ascii=True) + "\n")
        self.file.flush()
