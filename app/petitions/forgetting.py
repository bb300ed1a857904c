"""What becomes of an erased person's signatures: they keep counting, and say nothing of who signed."""

from __future__ import annotations

import sqlalchemy as sa

from app import clock
from app.db import db, lock, new_id

from .models import Follow, Petition, Signature
from .signing import uncount

STILL_COUNTING = ("sponsoring", "moderation", "open", "hidden")


def forget_signatures(person_id: str, email_key: str | None) -> None:
    """Blank what somebody wrote under every petition; signatures never confirmed are withdrawn.

    The keyed hash of the address stays while a petition takes signatures, so that nobody is counted
    twice, and goes when it is over. Call inside a transaction.
    """
    own = Signature.person_id == person_id
    pending = sa.select(Signature.id, Signature.petition_id).where(
        Signature.email_key == email_key, Signature.state == "pending"
    )
    for signature_id, petition_id in db.session.execute(pending).all():
        petition = lock(Petition, petition_id)
        uncount(petition, signature_id, state="withdrawn", stamp="withdrawn_at")
    if email_key is not None:
        own = sa.or_(own, Signature.email_key == email_key)
    db.session.execute(
        sa.update(Signature)
        .where(own)
        .values(name="", email=None, reason="", hide_name=True, network=None)
        .execution_options(synchronize_session=False)
    )
    drop_keys(own)
    db.session.execute(
        sa.update(Follow)
        .where(Follow.person_id == person_id, Follow.ended_at.is_(None))
        .values(ended_at=clock.now())
    )


def forget_keys(petition_id: str) -> None:
    """The petition is over: the keyed hashes of erased people's addresses go as well.

    Call inside a transaction.
    """
    drop_keys(sa.and_(Signature.petition_id == petition_id, Signature.email.is_(None)))


def drop_keys(which: sa.ColumnElement[bool]) -> None:
    """Put a random key in the place of each of these, where the petition counts no more."""
    ended = Petition.state.not_in(STILL_COUNTING) | Petition.closed_at.is_not(None)
    over = sa.select(Petition.id).where(ended)
    found = sa.select(Signature.id).where(
        which,
        Signature.email.is_(None),
        Signature.petition_id.in_(over),
        Signature.email_key.not_like("erased-%"),
    )
    for signature_id in db.session.scalars(found).all():
        db.session.execute(
            sa.update(Signature)
            .where(Signature.id == signature_id)
            .values(email_key=f"erased-{new_id()}")
            .execution_options(synchronize_session=False)
        )
