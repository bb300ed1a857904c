"""Following: who gets letters about a petition, and the one press that ends them."""

from __future__ import annotations

import sqlalchemy as sa

from app import clock
from app.db import db
from app.web.links import absolute
from app.web.tokens import make_token, read_token

from .models import Follow


def unsubscribe_url(petition_id: str, person_id: str) -> str:
    """The address that ends one person's letters about one petition."""
    return absolute("petitions.follow", token=make_token("follow", [petition_id, person_id]))


def follow_of(token: str) -> Follow | None:
    """The row that an unsubscribe link speaks of, or None when the link is not ours."""
    content = read_token("follow", token)
    if not isinstance(content, list) or len(content) != 2:
        return None
    return db.session.get(Follow, tuple(content))


def end_following(petition_id: str, person_id: str) -> None:
    """No more letters about this petition; ending twice is ending once. Call inside a transaction."""
    db.session.execute(
        sa.update(Follow)
        .where(Follow.petition_id == petition_id, Follow.person_id == person_id, Follow.ended_at.is_(None))
        .values(ended_at=clock.now())
    )


def resume_following(petition_id: str, person_id: str) -> None:
    """Letters about this petition again. Call inside a transaction."""
    db.session.execute(
        sa.update(Follow)
        .where(Follow.petition_id == petition_id, Follow.person_id == person_id)
        .values(ended_at=None)
    )
