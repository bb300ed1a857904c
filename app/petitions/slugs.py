"""Addresses of petitions: readable, in any script, unique."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

import sqlalchemy as sa

from app.db import db, new_id

from .models import Petition

LONGEST = 48
RESERVED = {"new", "payee"}


def free_slug(title: str) -> str:
    """A readable address from the title, made unique with a short tail where needed."""
    return next(free_slugs([title]))


def free_slugs(titles: Iterable[str]) -> Iterator[str]:
    """One free address for every title, none given twice. Asks the database once."""
    wanted = [plain_slug(title) for title in titles]
    taken = set(db.session.scalars(sa.select(Petition.slug).where(Petition.slug.in_(wanted)))) | RESERVED
    for slug in wanted:
        free = f"{slug}-{new_id()[-6:]}" if slug in taken else slug
        taken.add(free)
        yield free


def plain_slug(title: str) -> str:
    """The title's letters and digits with hyphens between, at most 48 characters."""
    words = re.sub(r"[^\w]+", "-", unicodedata.normalize("NFC", title).lower(), flags=re.UNICODE)
    return words.replace("_", "-").strip("-")[:LONGEST].rstrip("-") or "petition"
