"""Petitions that may ask for the same thing, found by the words of a title."""

from __future__ import annotations

import re

import sqlalchemy as sa

from app.db import db
from app.petitions.models import Petition
from app.petitions.searching import containing, titled

MOST_WORDS = 6
MOST_SHOWN = 5
SHOWN_STATES = ("open", "closed", "archived")
PARTICLES = "을를이가은는에의로도와과"
COMMON = {"the", "and", "for", "our", "with", "that", "this", "please", "위한", "대한", "해주세요", "주세요"}


def words_of(title: str) -> list[str]:
    """The words that carry the title, each once; Korean ones without their particle."""
    words = (without_particle(word) for word in re.findall(r"\w+", title.casefold()))
    return [word for word in dict.fromkeys(words) if len(word) >= 2 and word not in COMMON][:MOST_WORDS]


def without_particle(word: str) -> str:
    """신호등을 → 신호등; short words and other scripts stay as they are."""
    return word[:-1] if len(word) >= 3 and word[-1] in PARTICLES else word


def similar_petitions(title: str) -> list[Petition]:
    """Up to five public petitions that share words with ``title``, the most shared first.

    A word in the title counts twice.
    """
    words = words_of(title)
    conditions = [found for word in words if (found := containing(word)) is not None]
    if not conditions:
        return []
    scores = [sa.case((found, 1), else_=0) for found in conditions] + [titled(word) for word in words]
    shared = sum(scores, start=sa.literal(0))
    return list(
        db.session.scalars(
            sa.select(Petition)
            .where(Petition.state.in_(SHOWN_STATES), sa.or_(*conditions))
            .order_by(shared.desc(), Petition.opened_at.desc(), Petition.id)
            .limit(MOST_SHOWN)
        )
    )
