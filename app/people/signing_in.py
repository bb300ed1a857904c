"""Signing in: a link sent to the address, good for one hour and one use."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from flask import current_app, session
from flask_login import login_user

from app import clock
from app.db import db, new_id
from app.outbox import announce
from app.web.tokens import make_token, read_token

from .models import Person, SignIn, welcome

LIFETIME = 60 * 60
"""Seconds that a sign-in link works."""

KEPT = timedelta(days=1)
"""How long it is known that an address asked to sign in."""

FRESH = 15 * 60
"""Seconds after which the gravest acts ask for another sign-in."""

SIGNED_IN_AT = "signed_in_at"
LONGEST_PATH = 500


def ask_to_sign_in(email: str, *, next_path: str, locale: str) -> None:
    """Put a sign-in letter on its way, whether the address is known or not. Call inside a transaction.

    Whoever asked yesterday has no use for it any more, so those addresses go.
    """
    at = clock.now()
    db.session.execute(sa.delete(SignIn).where(SignIn.created_at < at - KEPT))
    sign_in_id = new_id()
    values = {
        "id": sign_in_id,
        "email": email,
        "next_path": next_path if len(next_path) <= LONGEST_PATH else "/",
        "locale": locale,
        "created_at": at,
    }
    db.session.execute(sa.insert(SignIn).values(values))
    announce("sign_in_requested", sign_in_id=sign_in_id)


def sign_in_token(sign_in_id: str) -> str:
    return make_token("sign-in", sign_in_id)


def sign_in_of(token: str) -> SignIn | None:
    """The sign-in a link speaks of, or None when the link is not ours or the address was erased.

    Raises:
        ExpiredToken: the link is older than an hour.
    """
    sign_in_id = read_token("sign-in", token, max_age=LIFETIME)
    return db.session.get(SignIn, sign_in_id) if isinstance(sign_in_id, str) else None


def use(sign_in_id: str) -> Person | None:
    """Use a link up and return its person, made now if new; None when it was used before.

    Call inside a transaction.
    """
    used: Any = db.session.execute(
        sa.update(SignIn).where(SignIn.id == sign_in_id, SignIn.used_at.is_(None)).values(used_at=clock.now())
    )
    if used.rowcount == 0:
        return None
    sign_in = db.session.get_one(SignIn, sign_in_id)
    return welcome(sign_in.email, name=name_from(sign_in.email), locale=sign_in.locale)


def name_from(email: str) -> str:
    """What to call somebody until they say: the part of the address before the @ and any +."""
    local = email.strip().rpartition("@")[0]
    return (local.partition("+")[0] or local)[:80]


def start_session(person: Person) -> None:
    """Sign ``person`` in, in a session that shares nothing with the one before."""
    session.clear()
    session.permanent = True
    session[SIGNED_IN_AT] = int(clock.now().timestamp())
    login_user(person, remember=False)


def has_signed_in_lately() -> bool:
    """Whether this session began less than a quarter of an hour ago: what the gravest acts ask for.

    In a demo every session will do.
    """
    began = session.get(SIGNED_IN_AT)
    lately = isinstance(began, int) and 0 <= clock.now().timestamp() - began < FRESH
    return lately or bool(current_app.config["DURE"].demo)


def end_every_session(person_id: str) -> None:
    """Sign a person out everywhere. Call inside a transaction."""
    db.session.execute(sa.update(Person).where(Person.id == person_id).values(session_key=new_id()))
