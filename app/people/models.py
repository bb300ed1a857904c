"""Person and sign-in."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import current_app
from sqlalchemy.orm import Mapped, mapped_column

from app import clock
from app.addresses import address_key
from app.db import Id, Model, db, id_column, insert_unless_there, moment_column, new_id

HANDLE_LETTERS = "23456789abcdefghjkmnpqrstuvwxyz"
HANDLE_LENGTH = 10


class Person(Model):
    """Somebody with a confirmed e-mail address.

    ``cluster`` is the group of people who share a payment method or household; it defaults to the
    person alone and dampens points, nothing else. ``handle`` names the public page of somebody who has
    started a petition; it says nothing about them.
    """

    __tablename__ = "person"

    id: Mapped[str] = id_column()
    email: Mapped[str | None] = mapped_column(sa.String(254))
    email_key: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    name: Mapped[str] = mapped_column(sa.String(80))
    locale: Mapped[str] = mapped_column(sa.String(2))
    region: Mapped[str | None] = mapped_column(sa.String(6))
    cluster: Mapped[str] = mapped_column(Id)
    handle: Mapped[str | None] = mapped_column(sa.String(12), unique=True)
    level: Mapped[int] = mapped_column(default=0)
    level_below_since: Mapped[datetime | None] = moment_column()
    level_settled_at: Mapped[datetime | None] = moment_column()
    created_at: Mapped[datetime] = moment_column()
    moderator_since: Mapped[datetime | None] = moment_column()
    demo_role: Mapped[str | None] = mapped_column(sa.String(20))
    session_key: Mapped[str] = mapped_column(Id, default=new_id)
    erased_at: Mapped[datetime | None] = moment_column()

    is_authenticated = True
    is_anonymous = False

    @property
    def is_active(self) -> bool:
        return self.erased_at is None

    def get_id(self) -> str:
        """What the session carries; a new ``session_key`` ends every session at once."""
        return f"{self.id}:{self.session_key}"


class SignIn(Model):
    """One link sent to sign in: used once, within the hour."""

    __tablename__ = "sign_in"

    id: Mapped[str] = id_column()
    email: Mapped[str] = mapped_column(sa.String(254))
    next_path: Mapped[str] = mapped_column(sa.String(500))
    locale: Mapped[str] = mapped_column(sa.String(2))
    created_at: Mapped[datetime] = moment_column()
    used_at: Mapped[datetime | None] = moment_column()


def key_of(email: str) -> str:
    """The keyed hash of an address, with this installation's key for addresses."""
    return address_key(email, current_app.config["DURE"].address_key.get_secret_value())


def find_person(email: str) -> Person | None:
    """The person behind an address, in any spelling."""
    return db.session.scalar(sa.select(Person).where(Person.email_key == key_of(email)))


def welcome(email: str, *, name: str, locale: str, region: str | None = None) -> Person:
    """The person whose address has just been confirmed; made now if they are new.

    Call inside a transaction, after proof that the address is theirs.
    """
    key = key_of(email)
    made = new_id()
    values: dict[str, Any] = {
        "id": made,
        "email": email,
        "email_key": key,
        "name": name,
        "locale": locale,
        "region": region,
        "cluster": made,
        "session_key": new_id(),
        "level": 0,
        "created_at": clock.now(),
    }
    insert_unless_there(Person, values)
    return db.session.scalars(sa.select(Person).where(Person.email_key == key)).one()


def give_handle(person_id: str) -> None:
    """Name a person's public page, once and for good. Call inside a transaction."""
    db.session.execute(
        sa.update(Person)
        .where(Person.id == person_id, Person.handle.is_(None))
        .values(handle="".join(secrets.choice(HANDLE_LETTERS) for _ in range(HANDLE_LENGTH)))
    )
