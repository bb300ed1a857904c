"""Finding petitions by a literal piece of their words, two syllables or more, in any script.

The index holds every pair of neighbouring characters (bigrams), because word indexes and trigrams miss
신호 in 신호등을. Candidates that hold all pairs of the query are then checked for the query itself.
``petition_gram`` has two bodies: an FTS5 table on SQLite, a GIN-indexed array on PostgreSQL.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from app.db import Id, Model, db, on_postgres

from .models import Petition

MOST_GRAMS = 24
"""More pairs than this narrow the candidates no further; a longer query is checked as text anyway."""


class SearchText(Model):
    """What of a petition can be found: its title and its text, folded."""

    __tablename__ = "petition_search"

    petition_id: Mapped[str] = mapped_column(Id, sa.ForeignKey("petition.id"), primary_key=True)
    title: Mapped[str] = mapped_column(sa.Text)
    folded: Mapped[str] = mapped_column(sa.Text)


def fold(text: str) -> str:
    """Case, composition and runs of white space make no difference."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def bigrams(folded: str) -> list[str]:
    """Pairs of neighbouring letters or digits, each once, in order."""
    pairs = (a + b for a, b in pairwise(folded) if a.isalnum() and b.isalnum())
    return list(dict.fromkeys(pairs))


def index(petition: Petition) -> None:
    """(Re)write what can be found of this petition, in the transaction that stores it."""
    if db.session.scalar(sa.select(sa.exists().where(SearchText.petition_id == petition.id))):
        forget(petition.id)
    index_new([petition])


def index_new(petitions: Sequence[Petition]) -> None:
    """Make petitions findable that are not yet, in the transaction that stores them."""
    texts = [searchable(petition) for petition in petitions]
    if not texts:
        return
    db.session.flush()
    db.session.execute(sa.insert(SearchText), texts)
    grams = [{"id": text["petition_id"], "grams": bigrams(text["folded"])} for text in texts]
    if on_postgres():
        db.session.execute(
            sa.text("INSERT INTO petition_gram (petition_id, grams) VALUES (CAST(:id AS uuid), :grams)"),
            grams,
        )
        return
    db.session.execute(
        sa.text("INSERT INTO petition_gram (petition_id, grams) VALUES (:id, :grams)").bindparams(by_id()),
        [row | {"grams": " ".join(row["grams"])} for row in grams],
    )


def searchable(petition: Petition) -> dict[str, str]:
    title = fold(petition.title)
    folded = f"{title}\n{fold(petition.summary)}\n{fold(petition.text)}"
    return {"petition_id": petition.id, "title": title, "folded": folded}


def forget(petition_id: str) -> None:
    """Make a petition impossible to find, until it is indexed again."""
    db.session.execute(sa.delete(SearchText).where(SearchText.petition_id == petition_id))
    statement = sa.text("DELETE FROM petition_gram WHERE petition_id = :id").bindparams(by_id())
    db.session.execute(statement, {"id": petition_id})


def by_id() -> sa.BindParameter[Any]:
    return sa.bindparam("id", type_=Id)


def containing(query: str) -> sa.ColumnElement[bool] | None:
    """The condition "this petition contains ``query`` literally"; None when the query is empty."""
    wanted = fold(query)
    if not wanted:
        return None
    literally = (
        sa.func.strpos(SearchText.folded, wanted) > 0
        if on_postgres()
        else sa.func.instr(SearchText.folded, wanted) > 0
    )
    found = sa.select(SearchText.petition_id).where(literally)
    if grams := bigrams(wanted)[:MOST_GRAMS]:
        found = found.where(SearchText.petition_id.in_(candidates(grams)))
    return Petition.id.in_(found)


def candidates(grams: list[str]) -> sa.Select[Any]:
    """Petitions that hold every one of these pairs."""
    column = sa.column("petition_id", Id)
    if on_postgres():
        condition = sa.text("grams @> :grams").bindparams(sa.bindparam("grams", grams, unique=True))
    else:
        all_of_them = " AND ".join(f'"{gram}"' for gram in grams)
        condition = sa.text("petition_gram MATCH :grams").bindparams(
            sa.bindparam("grams", all_of_them, unique=True)
        )
    return sa.select(column).select_from(sa.table("petition_gram")).where(condition)


def titled(query: str) -> sa.ColumnElement[Any]:
    """1 where the title itself contains ``query``, else 0: what readers expect to see first."""
    find = sa.func.strpos if on_postgres() else sa.func.instr
    title = sa.select(SearchText.title).where(SearchText.petition_id == Petition.id).scalar_subquery()
    return sa.case((find(title, fold(query)) > 0, 1), else_=0)
