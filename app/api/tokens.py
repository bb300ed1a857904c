"""Access tokens: made once, shown once, known afterwards by their digest alone."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from app import clock
from app.clock import SEOUL
from app.db import db, insert_unless_there, lock, new_id
from app.errors import Refusal
from app.people.models import Person

from .models import AccessToken, KeptAnswer

SCOPES = ("sign", "pledge")
DAYS = (30, 90, 365)
"""How long a token may live."""

MOST_LIVE = 20
SHAPE = re.compile(r"dure_[A-Za-z0-9_-]{43}")


@dataclass(frozen=True)
class Bearer:
    """Whose token came with a request, and what it may do."""

    token_id: str
    person_id: str
    scopes: frozenset[str]


@dataclass(frozen=True)
class ListedToken:
    """A token as its owner sees it again: all but the token."""

    id: str
    name: str
    ending: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    last_used_on: date | None
    state: str


def make_token(person_id: str, *, name: str, scopes: tuple[str, ...], days: int, form_key: str) -> str | None:
    """The new token, which nobody can be shown again; None when this form has made its token before.

    Call inside a transaction.

    Raises:
        Refusal: the person has :data:`MOST_LIVE` tokens that work.
    """
    lock(Person, person_id)
    at = clock.now()
    own = sa.select(AccessToken.id).where(
        AccessToken.person_id == person_id, AccessToken.form_key == form_key
    )
    if db.session.scalar(own) is not None:
        return None
    live = sa.select(sa.func.count()).where(AccessToken.person_id == person_id, works(at))
    if (db.session.scalar(live) or 0) >= MOST_LIVE:
        raise Refusal(_("You have %(most)d tokens that work. Revoke one first.", most=MOST_LIVE))
    token = f"dure_{secrets.token_urlsafe(32)}"
    values: dict[str, Any] = {
        "id": new_id(),
        "person_id": person_id,
        "form_key": form_key,
        "name": name,
        "digest": digest_of(token),
        "ending": token[-4:],
        "scopes": " ".join(scopes),
        "created_at": at,
        "expires_at": at + timedelta(days=days),
    }
    return token if insert_unless_there(AccessToken, values) else None


def digest_of(token: str) -> str:
    """The SHA-256 of a token; with 256 random bits in it, nothing slower is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def works(at: datetime) -> sa.ColumnElement[bool]:
    return AccessToken.revoked_at.is_(None) & (AccessToken.expires_at > at)


def bearer_of(token: str) -> Bearer | None:
    """Whose token this is; None when it never was one, has expired, or was revoked."""
    if not SHAPE.fullmatch(token):
        return None
    found = db.session.execute(
        sa.select(AccessToken.id, AccessToken.person_id, AccessToken.scopes).where(
            AccessToken.digest == digest_of(token), works(clock.now())
        )
    ).first()
    return Bearer(found.id, found.person_id, frozenset(found.scopes.split())) if found else None


def note_use(token_id: str) -> None:
    """Remember the day in Seoul on which a token was last used. Call inside a transaction."""
    today = clock.now().astimezone(SEOUL).date()
    db.session.execute(
        sa.update(AccessToken)
        .where(
            AccessToken.id == token_id,
            sa.or_(AccessToken.last_used_on.is_(None), AccessToken.last_used_on < today),
        )
        .values(last_used_on=today)
    )


def revoke(person_id: str, token_id: str) -> bool:
    """End one of this person's tokens; False when it is not theirs or has ended. Call in a transaction."""
    changed: Any = db.session.execute(
        sa.update(AccessToken)
        .where(
            AccessToken.id == token_id, AccessToken.person_id == person_id, AccessToken.revoked_at.is_(None)
        )
        .values(revoked_at=clock.now())
    )
    return bool(changed.rowcount)


def tokens_of(person_id: str) -> list[ListedToken]:
    """A person's tokens, newest first, those that work before those that do not."""
    at = clock.now()
    rows = db.session.scalars(
        sa.select(AccessToken)
        .where(AccessToken.person_id == person_id)
        .order_by(sa.case((works(at), 0), else_=1), AccessToken.created_at.desc(), AccessToken.id.desc())
    )
    return [
        ListedToken(
            id=row.id,
            name=row.name,
            ending=row.ending,
            scopes=tuple(row.scopes.split()),
            created_at=row.created_at,
            expires_at=row.expires_at,
            revoked_at=row.revoked_at,
            last_used_on=row.last_used_on,
            state="revoked" if row.revoked_at else "live" if row.expires_at > at else "expired",
        )
        for row in rows
    ]


def forget_tokens(person_id: str) -> None:
    """An erased person's tokens go, and what was kept for them. Call inside a transaction."""
    own = sa.select(AccessToken.id).where(AccessToken.person_id == person_id)
    db.session.execute(sa.delete(KeptAnswer).where(KeptAnswer.token_id.in_(own)))
    db.session.execute(sa.delete(AccessToken).where(AccessToken.person_id == person_id))
